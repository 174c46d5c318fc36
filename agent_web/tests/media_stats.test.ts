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
  expect(quality).toEqual({ framesDecoded: 90, audioLevelDb: -20, bitrateKbps: 1_000 });
});

it("the first reading claims no bitrate", () => {
  expect(qualityBetween(null, countersOf([VIDEO], 5_000)).bitrateKbps).toBe(0);
});

it("loudness is the mean square in dBFS, and silence has a floor", () => {
  expect(levelDb(0.5, 1)).toBe(-3.01); // a full-scale sine
  expect(levelDb(0, 1)).toBe(SILENCE_DB);
  expect(levelDb(1, 0)).toBe(SILENCE_DB);
});
