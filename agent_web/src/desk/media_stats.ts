/** What a peer connection's statistics say, in the contract's units. Pure. */

import type { Flow } from "../contract.gen";

export const SILENCE_DB = -120;

/** What matters to us of what we receive, as the browser sums it up, and of the path of what we send. */
export interface Counters {
  framesDecoded: number;
  audioPackets: number;
  audioEnergy: number; // sum of squared amplitude x seconds, full scale is 1
  audioSeconds: number;
  bytes: number;
  picturePackets: number;
  lostPackets: number; // of the picture
  freezes: number;
  frozenSeconds: number;
  samples: number;
  hiddenSamples: number;
  jitterMs: number; // newest, no counter
  pictureTakenMs: number; // newest: of the picture and of the sound that are played out now; 0: not known yet
  soundTakenMs: number;
  roundTripMs: number; // newest
  availableKbps: number | null; // newest: what the path is believed to carry of ours; null: not known yet
  lostPart: number; // newest: of our picture's packets, by the far end's report
  atMs: number;
  hasVideo: boolean;
}

export interface Quality {
  framesDecoded: number;
  audioLevelDb: number;
  bitrateKbps: number;
  flow: Flow;
}

/** Reads them out of a report. */
export function countersOf(report: Iterable<unknown>, atMs: number): Counters {
  const counters: Counters = {
    framesDecoded: 0,
    audioPackets: 0,
    audioEnergy: 0,
    audioSeconds: 0,
    bytes: 0,
    picturePackets: 0,
    lostPackets: 0,
    freezes: 0,
    frozenSeconds: 0,
    samples: 0,
    hiddenSamples: 0,
    jitterMs: 0,
    pictureTakenMs: 0,
    soundTakenMs: 0,
    roundTripMs: 0,
    availableKbps: null,
    lostPart: 0,
    atMs,
    hasVideo: false,
  };
  for (const stream of report) {
    const stats = stream as Record<string, unknown>;
    if (stats["type"] === "candidate-pair" && stats["nominated"] === true) {
      counters.roundTripMs = Math.round(1_000 * figure(stats["currentRoundTripTime"]));
      if (typeof stats["availableOutgoingBitrate"] === "number")
        counters.availableKbps = stats["availableOutgoingBitrate"] / 1_000;
    }
    if (stats["type"] === "remote-inbound-rtp" && stats["kind"] === "video")
      counters.lostPart = figure(stats["fractionLost"]);
    if (stats["type"] !== "inbound-rtp") continue;
    counters.bytes += figure(stats["bytesReceived"]);
    if (stats["kind"] === "video") {
      counters.hasVideo = true;
      counters.framesDecoded += figure(stats["framesDecoded"]);
      counters.picturePackets += figure(stats["packetsReceived"]);
      counters.lostPackets += Math.max(0, figure(stats["packetsLost"]));
      counters.freezes += figure(stats["freezeCount"]);
      counters.frozenSeconds += figure(stats["totalFreezesDuration"]);
      counters.pictureTakenMs = figure(stats["estimatedPlayoutTimestamp"]);
      counters.jitterMs = Math.round(1_000 * figure(stats["jitter"]));
    } else {
      counters.soundTakenMs = figure(stats["estimatedPlayoutTimestamp"]);
      counters.audioPackets += figure(stats["packetsReceived"]);
      counters.audioEnergy += figure(stats["totalAudioEnergy"]);
      counters.audioSeconds += figure(stats["totalSamplesDuration"]);
      counters.samples += figure(stats["totalSamplesReceived"]);
      counters.hiddenSamples += figure(stats["concealedSamples"]);
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
    flow: flowBetween(before, after),
  };
}

function flowBetween(before: Counters | null, after: Counters): Flow {
  const grown = (name: keyof Counters): number => Math.max(0, Number(after[name]) - Number(before?.[name] ?? 0));
  const seconds = before === null ? 0 : grown("atMs") / 1_000;
  return {
    set_up_ms: 0, // the terminal measures it
    frames_per_second: seconds <= 0 ? 0 : Math.round((10 * grown("framesDecoded")) / seconds) / 10,
    freezes: after.freezes,
    frozen_ms: Math.round(1_000 * after.frozenSeconds),
    lost_percent: percent(grown("lostPackets"), grown("lostPackets") + grown("picturePackets")),
    round_trip_ms: after.roundTripMs,
    jitter_ms: after.jitterMs,
    hidden_percent: percent(grown("hiddenSamples"), grown("samples")),
    av_offset_ms:
      after.pictureTakenMs && after.soundTakenMs ? Math.round(after.pictureTakenMs - after.soundTakenMs) : null,
  };
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.round((1_000 * part) / whole) / 10;
}

/** Loudness of what was heard, in dBFS: the root mean square of the samples. */
export function levelDb(energy: number, seconds: number): number {
  if (seconds <= 0 || energy <= 0) return SILENCE_DB;
  return Math.max(SILENCE_DB, Math.round(100 * 10 * Math.log10(energy / seconds)) / 100);
}

function figure(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
