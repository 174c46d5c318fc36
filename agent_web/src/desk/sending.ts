/** How our picture is sent over a thin path: moving, as stills, not at all; speech comes first. Pure. */

export type Sending = "moving" | "stills" | "sound";

export const STILLS_KBPS = 120; // less for the picture: it would crawl, and hold the voice up
export const SOUND_KBPS = 40;
export const STILLS_FPS = 1; // a browser's least whole rate
export const LOST_PART_MAX = 0.15;
const DOWN_AFTER_MS = 4_000; // so long it has to be bad
const HOLD_MS = 8_000;
const HOLD_MS_MAX = 60_000;
const FAILED_WITHIN_MS = 15_000; // a rise that the path refuses so soon has failed

const ORDER: readonly Sending[] = ["sound", "stills", "moving"];

export interface SendingState {
  readonly rung: Sending;
  readonly badSinceMs: number | null;
  readonly changedAtMs: number;
  readonly rose: boolean;
  readonly holdMs: number;
}

/** What the statistics say of the path of our picture (`media_stats.ts`). */
export interface PathReport {
  readonly availableKbps: number | null; // null: not known yet
  readonly lostPart: number;
}

export function beginSending(nowMs: number): SendingState {
  return { rung: "moving", badSinceMs: null, changedAtMs: nowMs, rose: false, holdMs: HOLD_MS };
}

/** The state after a report. A rung up is tried after a quiet while, each failed try later. */
export function reported(state: SendingState, report: PathReport, nowMs: number): SendingState {
  if (isBad(state.rung, report)) {
    const badSinceMs = state.badSinceMs ?? nowMs;
    const lasts = nowMs - badSinceMs >= DOWN_AFTER_MS;
    return lasts ? lowered(state, nowMs) : { ...state, badSinceMs };
  }
  const quiet = { ...state, badSinceMs: null };
  if (state.rung === "moving" || nowMs - state.changedAtMs < state.holdMs) return quiet;
  return { ...quiet, rung: neighbour(state.rung, 1), changedAtMs: nowMs, rose: true };
}

function lowered(state: SendingState, nowMs: number): SendingState {
  const failed = state.rose && nowMs - state.changedAtMs < FAILED_WITHIN_MS;
  const holdMs = failed ? Math.min(HOLD_MS_MAX, 2 * state.holdMs) : HOLD_MS;
  return { rung: neighbour(state.rung, -1), badSinceMs: null, changedAtMs: nowMs, rose: false, holdMs };
}

function isBad(rung: Sending, report: PathReport): boolean {
  if (rung === "sound") return false;
  if (report.lostPart > LOST_PART_MAX) return true;
  const least = rung === "moving" ? STILLS_KBPS : SOUND_KBPS;
  return report.availableKbps !== null && report.availableKbps < least;
}

function neighbour(rung: Sending, by: number): Sending {
  const at = Math.min(ORDER.length - 1, Math.max(0, ORDER.indexOf(rung) + by));
  return ORDER[at] ?? rung;
}
