/** Two videos on one clock: what the second does to stay beside the first. Pure; times in seconds. */

const HEARD_S = 0.04; // less is neither seen nor heard
const FAR_S = 0.3; // more is put right at once
const PULL = 0.05; // of the speed

export interface Correction {
  rate: number;
  jumpTo: number | null;
}

export function correction(leaderS: number, followerS: number): Correction {
  const behindS = leaderS - followerS;
  if (Math.abs(behindS) > FAR_S) return { rate: 1, jumpTo: leaderS };
  if (Math.abs(behindS) <= HEARD_S) return { rate: 1, jumpTo: null };
  return { rate: behindS > 0 ? 1 + PULL : 1 - PULL, jumpTo: null };
}
