import { describe, expect, it } from "vitest";
import type { Preflight } from "../src/contract.gen";
import { decodeMessage } from "../src/desk/decode";
import { type Desk, EMPTY_DESK, next } from "../src/desk/state";
import { foundWords, troubleWords } from "../src/preflight";
import { activeCall, NOTHING_FOUND, offeredCall, snapshot } from "./builders";

const SILENT: Preflight = { ...NOTHING_FOUND, microphone: { state: "bad", fault: "silent" } };

function told(preflight: Preflight, way = "type", callId = "call-1") {
  return decodeMessage(JSON.stringify({ type: "CallChecked", call_id: callId, way, preflight }));
}

function shown(desk: Desk): unknown {
  return desk.work.at === "ringing" || desk.work.at === "on_call"
    ? { at: desk.work.at, way: desk.work.call.way, found: desk.work.call.context.preflight }
    : null;
}

const RINGING = next(EMPTY_DESK, { type: "CallOffered", call: offeredCall() }, 0);
const TALKING = next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall() }), 0);

describe("what the terminal found before the talk", () => {
  it("stands on the ringing card with the way that the customer has changed to, and the ring goes on", () => {
    const desk = next(RINGING, told(SILENT), 3_000);
    expect(shown(desk)).toEqual({ at: "ringing", way: "type", found: SILENT });
    expect(desk.work).toMatchObject({ rangAtMs: 0, untilMs: 12_000 });
  });

  it("reaches a talk that has just begun", () => {
    expect(shown(next(TALKING, told(SILENT), 0))).toEqual({ at: "on_call", way: "type", found: SILENT });
  });

  it("of another call changes nothing", () => {
    expect(next(RINGING, told(SILENT, "type", "call-2"), 0)).toBe(RINGING);
    expect(next(TALKING, told(SILENT, "type", "call-2"), 0)).toBe(TALKING);
  });

  it("is said in words, by how the customer talks", () => {
    expect(troubleWords(NOTHING_FOUND, "speak")).toEqual([]);
    expect(troubleWords(SILENT, "type")).toEqual(["Клиент печатает: микрофон не работает"]);
    expect(troubleWords(SILENT, "write")).toEqual(["Клиент пишет от руки: микрофон не работает"]);
    expect(troubleWords(SILENT, "speak")).toEqual(["Микрофон не работает: вы не услышите клиента"]);
  });

  it("names loudspeaker, camera and a thin or lossy line too, and no line that was not measured", () => {
    const bad: Preflight = {
      camera: { state: "bad", fault: "frozen" },
      microphone: { state: "good", fault: "" },
      loudspeaker: { state: "bad", fault: "no_device" },
      path: { up_kbps: 320, down_kbps: 900, round_trip_ms: 80, lost_percent: 7.5 },
    };
    expect(troubleWords(bad, "speak")).toEqual([
      "Динамик не работает: клиент вас не услышит, пишите ему",
      "Камера клиента: картинка застыла",
      "Связь терминала медленная: картинка будет небольшой",
      "Связь терминала с потерями: возможны перерывы",
    ]);
    const well = { ...bad, path: { up_kbps: 500, down_kbps: 900, round_trip_ms: 80, lost_percent: 4.9 } };
    expect(troubleWords(well, "speak")).toHaveLength(2);
  });

  it("is told to operations with its figures", () => {
    expect(foundWords(SILENT)).toEqual(["микрофон не работает"]);
    const path = { up_kbps: 1_850, down_kbps: 12_000, round_trip_ms: 41, lost_percent: 0 };
    const good = { state: "good", fault: "" } as const;
    expect(foundWords({ camera: good, microphone: good, loudspeaker: good, path })).toEqual([
      "камера и звук работают",
      "связь: отдача 1,9, приём 12 Мбит/с",
      "отклик 41 мс",
      "потери 0 %",
    ]);
  });
});
