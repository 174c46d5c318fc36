import { describe, expect, it } from "vitest";
import type { Turn } from "../src/contract.gen";
import { decodeMessage } from "../src/desk/decode";
import { type Desk, EMPTY_DESK, next } from "../src/desk/state";
import { activeCall, NO_TURN, snapshot } from "./builders";

const HERO: Turn = { ...NO_TURN, category_id: "hero", title: "Герой России" };

function talkingWith(turn: Turn): Desk {
  const context = { ...activeCall().context, turn };
  return next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall({ context }) }), 0);
}

describe("a customer who came out of turn", () => {
  it("stands with the verdict that the office tells of his document", () => {
    const told = decodeMessage('{"type":"CategoryChecked","call_id":"call-1","verdict":"confirmed"}');
    const desk = next(talkingWith(HERO), told, 0);
    expect(desk.work).toMatchObject({ call: { context: { turn: { ...HERO, verdict: "confirmed" } } } });
  });

  it("is not mixed up with the one of another call", () => {
    const before = talkingWith(HERO);
    expect(next(before, { type: "CategoryChecked", call_id: "call-2", verdict: "rejected" }, 0)).toBe(before);
  });

  it("leaves a free agent behind when he goes back to his place", () => {
    const desk = next(talkingWith(HERO), { type: "AgentStateChanged", state: "ready" }, 0);
    expect(desk.work).toEqual({ at: "ready" });
  });
});
