/** How long to wait before the next attempt: full jitter, so that a restarted server is not stormed. Pure. */

export const BACKOFF_FIRST_MS = 250;
export const BACKOFF_MS_MAX = 8_000;

/** `attempt` counts from 0; `chance` is a random number in [0, 1). */
export function backoffMs(attempt: number, chance: number): number {
  const ceiling = Math.min(BACKOFF_MS_MAX, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling * chance);
}
