/** Time limits of the desk as pure functions of the time passed. */

export const SERVICE_AMBER_MS = 10 * 60_000; // desk convention: a warning before the norm
export const SERVICE_RED_MS = 15 * 60_000; // clause 5.3.2: service of one customer takes at most 15 min
export const WRAP_UP_MS = 60_000; // desk convention: time for the form after the call

export type Urgency = "calm" | "soon" | "over";

/** How far a service has come towards its norm. */
export function serviceUrgency(passedMs: number): Urgency {
  if (passedMs >= SERVICE_RED_MS) return "over";
  return passedMs >= SERVICE_AMBER_MS ? "soon" : "calm";
}

/** How much of the form's minute is left; negative when it is over. */
export function wrapUpLeftMs(endedAtMs: number, nowMs: number): number {
  return Math.min(WRAP_UP_MS, endedAtMs + WRAP_UP_MS - nowMs); // a screen's tick may lag behind the event
}

/** The form's minute in words of urgency: the last 15 s are `soon`. */
export function wrapUpUrgency(leftMs: number): Urgency {
  if (leftMs <= 0) return "over";
  return leftMs <= 15_000 ? "soon" : "calm";
}

/** Whole seconds left to answer, as people count down: the last one is 1, then 0. */
export function ringSecondsLeft(rangAtMs: number, untilMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((untilMs - Math.max(nowMs, rangAtMs)) / 1_000));
}

/** The part of a ring that is left, 1 at its start and 0 at its end. */
export function ringShare(rangAtMs: number, untilMs: number, nowMs: number): number {
  const whole = untilMs - rangAtMs;
  if (whole <= 0) return 0;
  return Math.min(1, Math.max(0, (untilMs - nowMs) / whole));
}
