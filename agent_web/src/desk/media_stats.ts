/** What a peer connection's statistics say, in the contract's units. Pure. */

export const SILENCE_DB = -120;

/** The counters of what we receive that matter to us, as the browser sums them up. */
export interface Counters {
  framesDecoded: number;
  audioPackets: number;
  audioEnergy: number; // sum of squared amplitude x seconds, full scale is 1
  audioSeconds: number;
  bytes: number;
  atMs: number;
  hasVideo: boolean;
}

export interface Quality {
  framesDecoded: number;
  audioLevelDb: number;
  bitrateKbps: number;
}

/** Reads the inbound streams out of a report. */
export function countersOf(report: Iterable<unknown>, atMs: number): Counters {
  const counters: Counters = {
    framesDecoded: 0,
    audioPackets: 0,
    audioEnergy: 0,
    audioSeconds: 0,
    bytes: 0,
    atMs,
    hasVideo: false,
  };
  for (const stream of report) {
    const stats = stream as Record<string, unknown>;
    if (stats["type"] !== "inbound-rtp") continue;
    counters.bytes += figure(stats["bytesReceived"]);
    if (stats["kind"] === "video") {
      counters.hasVideo = true;
      counters.framesDecoded += figure(stats["framesDecoded"]);
    } else {
      counters.audioPackets += figure(stats["packetsReceived"]);
      counters.audioEnergy += figure(stats["totalAudioEnergy"]);
      counters.audioSeconds += figure(stats["totalSamplesDuration"]);
    }
  }
  return counters;
}

/** What happened between two readings. */
export function qualityBetween(before: Counters | null, after: Counters): Quality {
  const seconds = (after.atMs - (before?.atMs ?? 0)) / 1_000;
  const bytes = after.bytes - (before?.bytes ?? 0);
  return {
    framesDecoded: after.framesDecoded,
    audioLevelDb: levelDb(
      after.audioEnergy - (before?.audioEnergy ?? 0),
      after.audioSeconds - (before?.audioSeconds ?? 0),
    ),
    bitrateKbps: before === null || seconds <= 0 ? 0 : Math.max(0, Math.round((bytes * 8) / 1_000 / seconds)),
  };
}

/** Loudness of what was heard, in dBFS: the root mean square of the samples. */
export function levelDb(energy: number, seconds: number): number {
  if (seconds <= 0 || energy <= 0) return SILENCE_DB;
  return Math.max(SILENCE_DB, Math.round(100 * 10 * Math.log10(energy / seconds)) / 100);
}

function figure(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
