import { expect, it } from "vitest";
import { countersOf, levelDb, qualityBetween, SILENCE_DB } from "../src/desk/media_stats";

const VIDEO = { type: "inbound-rtp", kind: "video", framesDecoded: 90, bytesReceived: 375_000 };
const AUDIO = {
  type: "inbound-rtp",
  kind: "audio",
  packetsReceived: 150,
  bytesReceived: 0,
  totalAudioEnergy: 0.03,
  totalSamplesDuration: 3,
};

it("only what is received counts", () => {
  const counters = countersOf([VIDEO, AUDIO, { type: "outbound-rtp", kind: "video", bytesSent: 9 }, {}], 3_000);
  expect(counters).toMatchObject({ framesDecoded: 90, audioPackets: 150, bytes: 375_000, hasVideo: true });
});

it("a browser that leaves a figure out gives zero, not NaN", () => {
  const counters = countersOf([{ type: "inbound-rtp", kind: "video" }], 0);
  expect(counters).toMatchObject({ framesDecoded: 0, bytes: 0 });
});

it("quality is what happened between two readings", () => {
  const before = countersOf([], 0);
  const quality = qualityBetween(before, countersOf([VIDEO, AUDIO], 3_000));
  expect(quality).toMatchObject({ framesDecoded: 90, audioLevelDb: -20, bitrateKbps: 1_000 });
});

it("the flow is told in the words of the contract: rates between the readings, freezes of the whole call", () => {
  const video = {
    ...VIDEO,
    packetsReceived: 95,
    packetsLost: 5,
    freezeCount: 2,
    totalFreezesDuration: 0.6,
    jitter: 0.004,
    estimatedPlayoutTimestamp: 3_999_000_120,
  };
  const audio = {
    ...AUDIO,
    totalSamplesReceived: 48_000,
    concealedSamples: 480,
    estimatedPlayoutTimestamp: 3_999_000_000,
  };
  const pair = { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.041 };
  expect(qualityBetween(countersOf([], 0), countersOf([video, audio, pair], 3_000)).flow).toEqual({
    set_up_ms: 0,
    frames_per_second: 30,
    freezes: 2,
    frozen_ms: 600,
    lost_percent: 5,
    round_trip_ms: 41,
    jitter_ms: 4,
    hidden_percent: 1,
    av_offset_ms: 120, // the picture that is shown was taken later than what is heard: the sound is late
  });
});

it("a side that has not told its clock yet gives no offset, not a wrong one", () => {
  const counters = countersOf([{ ...VIDEO, estimatedPlayoutTimestamp: 3_999_000_120 }, AUDIO], 3_000);
  expect(qualityBetween(null, counters).flow.av_offset_ms).toBeNull();
});

it("the first reading claims no bitrate", () => {
  expect(qualityBetween(null, countersOf([VIDEO], 5_000)).bitrateKbps).toBe(0);
});

it("loudness is the mean square in dBFS, and silence has a floor", () => {
  expect(levelDb(0.5, 1)).toBe(-3.01); // a full-scale sine
  expect(levelDb(0, 1)).toBe(SILENCE_DB);
  expect(levelDb(1, 0)).toBe(SILENCE_DB);
});
