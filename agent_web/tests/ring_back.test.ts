import { describe, expect, it } from "vitest";
import { mayRing, ringAfter, ringLeftS } from "../src/desk/ring_back";

const TOLD = { type: "RingTold", call_id: "call-1", state: "ringing", least_ms: 20_000 } as const;

describe("a ring back", () => {
  it("cannot be stopped for twenty seconds", () => {
    const ring = ringAfter(TOLD, 1_000);
    expect([1_000, 20_999, 21_000].map((nowMs) => ringLeftS(ring, nowMs))).toEqual([20, 1, 0]);
  });

  it("is for a talk that nobody ended on purpose against it", () => {
    const reasons = ["customer_left", "misconduct", "agent_lost", "media_failed", null] as const;
    expect(reasons.map(mayRing)).toEqual([false, false, true, true, true]);
  });

  it("that has ended has nothing to stop", () => {
    expect(ringLeftS(ringAfter({ ...TOLD, state: "gone", least_ms: 0 }, 1_000), 1_000)).toBe(0);
  });
});
