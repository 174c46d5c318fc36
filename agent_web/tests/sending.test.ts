import { describe, expect, it } from "vitest";
import { lipSync, livenessOf, pictureFlow, progressed } from "../src/desk/liveness";
import { countersOf } from "../src/desk/media_stats";
import { beginSending, reported, type Sending } from "../src/desk/sending";

const GOOD = { availableKbps: 1_500, lostPart: 0 };
const THIN = { availableKbps: 80, lostPart: 0 };
const NOTHING = { availableKbps: 20, lostPart: 0 };

/** The rungs over time, a report every two seconds. */
function rungs(reports: (nowMs: number) => typeof GOOD, untilMs: number): [number, Sending][] {
  let state = beginSending(0);
  const found: [number, Sending][] = [[0, state.rung]];
  for (let nowMs = 2_000; nowMs <= untilMs; nowMs += 2_000) {
    state = reported(state, reports(nowMs), nowMs);
    if (state.rung !== found.at(-1)?.[1]) found.push([nowMs, state.rung]);
  }
  return found;
}

describe("our picture over a thin path", () => {
  it("moves while the path carries it, and through a short trouble", () => {
    expect(rungs(() => GOOD, 60_000)).toEqual([[0, "moving"]]);
    expect(rungs((nowMs) => (nowMs === 10_000 ? THIN : GOOD), 60_000)).toEqual([[0, "moving"]]);
    expect(rungs(() => ({ availableKbps: 1_500, lostPart: 0.1 }), 60_000)).toEqual([[0, "moving"]]);
  });

  it("becomes stills, then the voice alone, and comes back one rung at a time", () => {
    const path = (nowMs: number): typeof GOOD => (nowMs < 30_000 ? NOTHING : GOOD);
    expect(rungs(path, 60_000).map(([, rung]) => rung)).toEqual([
      "moving",
      "stills",
      "sound",
      "stills",
      "sound",
      "stills",
      "moving",
    ]);
  });

  it.each([THIN, { availableKbps: 1_500, lostPart: 0.4 }])(
    "tries again later and later when the path refuses",
    (path) => {
      const told = rungs(() => path, 400_000);
      const best = told.at(1)?.[1] === "stills" && path.lostPart === 0 ? "moving" : "stills";
      const tried = told.slice(1).filter(([, rung]) => rung === best);
      const pauses = tried.slice(1).map(([atMs], at) => atMs - (tried[at]?.[0] ?? 0));
      expect(pauses.length).toBeGreaterThan(3);
      expect(pauses.at(-1)).toBeGreaterThanOrEqual(60_000);
      expect(pauses[1]).toBeLessThan(40_000);
    },
  );

  it("is judged by what the browser tells of the path", () => {
    const report = [
      { type: "candidate-pair", nominated: false, availableOutgoingBitrate: 9_000_000 },
      { type: "candidate-pair", nominated: true, availableOutgoingBitrate: 90_000 },
      { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.9 },
      { type: "remote-inbound-rtp", kind: "video", fractionLost: 0.2 },
    ];
    expect(countersOf(report, 0)).toMatchObject({ availableKbps: 90, lostPart: 0.2 });
    expect(countersOf([], 0)).toMatchObject({ availableKbps: null, lostPart: 0 });
  });
});

describe("the customer's picture", () => {
  it("is told apart by its frames", () => {
    expect([0, 0.5, 1, 15].map(pictureFlow)).toEqual(["none", "stills", "stills", "moving"]);
    expect([null, -150, 150].map(lipSync)).toEqual(["together", "together", "together"]);
    expect([-151, 151].map(lipSync)).toEqual(["sound_early", "sound_late"]);
  });

  it("may stand while the voice goes on", () => {
    const heard = progressed({ decoded: 100, grewAtMs: 0 }, 150, 5_000);
    expect(livenessOf(heard, 5_500)).toBe("live");
    expect(livenessOf(heard, 8_100)).toBe("reconnecting");
  });
});
