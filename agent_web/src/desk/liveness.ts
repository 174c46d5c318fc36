/** Whether the customer still reaches us, judged by what is decoded and not by what ICE believes. Pure. */

export const WEAK_MS = 1_000; // no new frame for so long: the link is weak
export const RECONNECTING_MS = 3_000; // for so long: the terminal is rebuilding the path

export type Liveness = "waiting" | "live" | "weak" | "reconnecting";

/** Progress of what is decoded: frames of the picture and packets of the sound together. */
export interface Progress {
  decoded: number;
  grewAtMs: number;
}

export const NO_PROGRESS: Progress = { decoded: 0, grewAtMs: 0 };

/** The progress after `decoded` was read at `nowMs`. A new peer counts from zero again. */
export function progressed(before: Progress, decoded: number, nowMs: number): Progress {
  return decoded === before.decoded ? before : { decoded, grewAtMs: nowMs };
}

/** What reaches us of the customer's picture: a thin path carries stills, or the voice alone. */
export type PictureFlow = "moving" | "stills" | "none";

export const STILLS_FPS_MAX = 2;

/** By the frames of the last seconds; whether a picture is promised at all is not asked here. */
export function pictureFlow(framesPerSecond: number): PictureFlow {
  if (framesPerSecond <= 0) return "none";
  return framesPerSecond < STILLS_FPS_MAX ? "stills" : "moving";
}

/** Whether the customer's voice and lips go together. */
export type LipSync = "together" | "sound_late" | "sound_early";

export const AV_OFFSET_MS_MAX = 150; // more is plainly seen

/** By the offset of the last seconds, above zero the sound is late; null: not known. */
export function lipSync(offsetMs: number | null): LipSync {
  if (offsetMs === null || Math.abs(offsetMs) <= AV_OFFSET_MS_MAX) return "together";
  return offsetMs > 0 ? "sound_late" : "sound_early";
}

/** How the link looks `nowMs`. */
export function livenessOf(progress: Progress, nowMs: number): Liveness {
  if (progress.decoded === 0) return "waiting";
  const silentMs = nowMs - progress.grewAtMs;
  if (silentMs >= RECONNECTING_MS) return "reconnecting";
  return silentMs >= WEAK_MS ? "weak" : "live";
}
