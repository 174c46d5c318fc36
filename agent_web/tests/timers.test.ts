import { describe, expect, it } from "vitest";
import { BACKOFF_FIRST_MS, BACKOFF_MS_MAX, backoffMs } from "../src/desk/backoff";
import { livenessOf, NO_PROGRESS, progressed } from "../src/desk/liveness";
import { ringSecondsLeft, ringShare, serviceUrgency, wrapUpLeftMs, wrapUpUrgency } from "../src/desk/timers";

const MINUTE = 60_000;

describe("the service clock", () => {
  it.each([
    [10 * MINUTE - 1, "calm"],
    [10 * MINUTE, "soon"],
    [15 * MINUTE - 1, "soon"],
    [15 * MINUTE, "over"],
  ])("at %i ms is %s", (passedMs, urgency) => {
    expect(serviceUrgency(passedMs)).toBe(urgency);
  });
});

it("the form has its minute and then runs over", () => {
  expect(wrapUpLeftMs(1_000, 900)).toBe(MINUTE);
  expect(wrapUpLeftMs(1_000, 2_000)).toBe(MINUTE - 1_000);
  expect(wrapUpUrgency(15_001)).toBe("calm");
  expect(wrapUpUrgency(15_000)).toBe("soon");
  expect(wrapUpUrgency(0)).toBe("over");
});

it("the ring shrinks from one to nothing and never turns over", () => {
  expect(ringShare(0, 12_000, 0)).toBe(1);
  expect(ringShare(0, 12_000, 9_000)).toBe(0.25);
  expect(ringShare(0, 12_000, 13_000)).toBe(0);
  expect(ringShare(0, 0, 0)).toBe(0);
  expect(ringSecondsLeft(1_000, 13_000, 800)).toBe(12);
  expect(ringSecondsLeft(1_000, 13_000, 12_999)).toBe(1);
  expect(ringSecondsLeft(1_000, 13_000, 99_000)).toBe(0);
});

it("waits for a reconnect grow, have a ceiling, and are spread over the whole of it", () => {
  expect(backoffMs(0, 0.5)).toBe(BACKOFF_FIRST_MS / 2);
  expect(backoffMs(2, 0.999_999)).toBe(BACKOFF_FIRST_MS * 4);
  expect(backoffMs(1_000, 0.999_999)).toBe(BACKOFF_MS_MAX);
  expect(backoffMs(1_000, 0)).toBe(0);
});

describe("the picture", () => {
  it("is waited for until its first frame", () => {
    expect(livenessOf(NO_PROGRESS, 60_000)).toBe("waiting");
  });

  it.each([
    [999, "live"],
    [1_000, "weak"],
    [2_999, "weak"],
    [3_000, "reconnecting"],
  ])("still for %i ms is %s", (silentMs, liveness) => {
    const seen = progressed(progressed(NO_PROGRESS, 10, 500), 10, 900);
    expect(livenessOf(seen, 500 + silentMs)).toBe(liveness);
  });

  it("that moves again is live at once", () => {
    const still = progressed(NO_PROGRESS, 10, 500);
    expect(livenessOf(progressed(still, 11, 9_000), 9_000)).toBe("live");
  });
});
