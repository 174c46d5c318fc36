import { describe, expect, it } from "vitest";
import type { CheckFault, CheckName, WorkplaceCheck } from "../src/contract.gen";
import { SILENCE_DB } from "../src/desk/media_stats";
import { CHECK_NAMES, checkWords, found, GRID, gridOf, levelDb } from "../src/desk/workplace";
import { lackWords, readinessSign, terminalSign } from "../src/operations/fleet";
import { terminalRow } from "./builders";

function painted(red: number, green: number, blue: number): Uint8ClampedArray {
  const cells = GRID.width * GRID.height;
  return Uint8ClampedArray.from({ length: 4 * cells }, (_, at) => [red, green, blue, 255][at % 4] ?? 0);
}

function check(name: CheckName, fault: CheckFault, allowed = false): WorkplaceCheck {
  return { name, fault, failed: fault !== "none", allowed };
}

describe("what is measured of a workplace", () => {
  it.each([
    ["white", painted(255, 255, 255), 255],
    ["black", painted(0, 0, 0), 0],
    ["green, the brightest of the three for an eye", painted(0, 255, 0), 150],
    ["blue, the darkest", painted(0, 0, 255), 29],
  ])("the brightness of %s", (_, rgba, level) => {
    const cells = atob(gridOf(rgba));
    expect(cells.length).toBe(GRID.width * GRID.height);
    expect(new Set([...cells].map((cell) => cell.charCodeAt(0)))).toEqual(new Set([level]));
  });

  it("the level of a full tone, of a tenth of it, and of a microphone that is switched off", () => {
    const tone = Float32Array.from({ length: 480 }, (_, at) => Math.sin((2 * Math.PI * at) / 48));
    expect(levelDb(tone)).toBeCloseTo(-3.01, 1);
    expect(levelDb(tone.map((sample) => sample / 10))).toBeCloseTo(-23.01, 1);
    expect(levelDb(new Float32Array(480))).toBe(SILENCE_DB);
    expect(levelDb(new Float32Array(0))).toBe(SILENCE_DB);
  });

  it("a device that opened, and one that did not, in the office's words", () => {
    expect(found("none")).toBe("opened");
    expect(found("denied")).toBe("denied");
  });
});

describe("the checks in words", () => {
  it("says what to do about what failed, and that it is allowed", () => {
    expect(checkWords(check("light", "too_dark"))).toBe("темно, включите свет перед собой");
    expect(checkWords(check("light", "too_dark", true))).toContain("(разрешено)");
    expect(checkWords(check("microphone", "none"))).toBe("слышит");
    expect(Object.keys(CHECK_NAMES)).toEqual(["camera", "microphone", "light", "background", "plate"]);
  });
});

describe("the readiness of a terminal", () => {
  const lacks = [
    { what: "cash", why: "door" },
    { what: "receipt_printer", why: "paper_out" },
    { what: "teleporter", why: "melted" },
  ];

  it("is told in three words, and each lack with its reason", () => {
    const partly = terminalRow({ readiness: { state: "partly", lacks } });
    expect(terminalSign(partly)).toMatchObject({ tone: "caution", words: "готов частично" });
    expect(lacks.map(lackWords)).toEqual([
      "Приём наличных: открыта дверца",
      "Принтер чеков: нет бумаги",
      "teleporter: melted",
    ]);
    const ready = terminalRow({ readiness: { state: "ready", lacks: [] } });
    expect(terminalSign(ready)).toMatchObject({ tone: "good", words: "готов" });
    const away = { state: "not_ready", lacks: [{ what: "billing", why: "no_answer" }] } as const;
    expect(readinessSign({ ...away, lacks: [...away.lacks] })).toMatchObject({ tone: "bad", words: "не готов" });
  });

  it("is not guessed of an older terminal, and not believed of a silent one", () => {
    expect(readinessSign(null)).toBeNull();
    expect(terminalSign(terminalRow()).words).toBe("работает");
    const silent = terminalRow({ online: false, readiness: { state: "ready", lacks: [] } });
    expect(terminalSign(silent).words).toBe("нет связи");
  });
});
