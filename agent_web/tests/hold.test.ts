import { describe, expect, it } from "vitest";
import type { CallNote, CardAnswer, CardKind } from "../src/contract.gen";
import { holdPrompt, holdTold, holdUrgency, MINUTE_MS, WAYS_MS } from "../src/desk/hold";
import { type Desk, EMPTY_DESK, next } from "../src/desk/state";
import { activeCall, snapshot } from "./builders";

const CALL = next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall() }), 0);

function card(kind: CardKind, note_id: string): CallNote {
  const plain = { kind, title: "", options: [], step: 0, steps: 0, amount_minor: 0, account: "" };
  const { call_id } = activeCall();
  return {
    type: "CallNote",
    call_id,
    note_id,
    author: "agent",
    text: "…",
    drawing: null,
    card: plain,
    answer_to: "",
    answer: null,
  };
}

function told(answer: CardAnswer, note_id: string): CallNote {
  return { ...card("pause", note_id), author: "terminal", card: null, answer_to: "p1", answer };
}

function sent(desk: Desk, note: CallNote, nowMs: number): Desk {
  return next(desk, { type: "NoteSent", note, following: [] }, nowMs);
}

describe("the clock of a hold", () => {
  it("runs from the pause to the return, and a second pause does not begin it anew", () => {
    const held = sent(CALL, card("pause", "p1"), 1_000);
    expect(held.heldSinceMs).toBe(1_000);
    expect(sent(held, card("pause", "p2"), 50_000).heldSinceMs).toBe(1_000);
    expect(sent(held, card("return", "p3"), 60_000).heldSinceMs).toBeNull();
  });

  it("ends with the call", () => {
    const held = sent(CALL, card("pause", "p1"), 1_000);
    const { call_id } = activeCall();
    expect(next(held, { type: "CallEnded", call_id, reason: "customer_left" }, 2_000).heldSinceMs).toBeNull();
  });

  it("asks the agent to speak at 0:45 and at 2:00", () => {
    expect([0, MINUTE_MS - 1, MINUTE_MS, WAYS_MS - 1, WAYS_MS].map(holdUrgency)).toEqual([
      "calm",
      "calm",
      "soon",
      "soon",
      "over",
    ]);
    expect(holdPrompt(MINUTE_MS)).toContain("«Ещё минуту, пожалуйста»");
    expect(holdPrompt(WAYS_MS)).toContain("больше двух минут");
  });

  it("shows what the terminal has told of this hold, not of the one before", () => {
    let desk = sent(CALL, card("pause", "p1"), 0);
    for (const note of [told("minute", "t1"), told("ways", "t2")]) desk = next(desk, note, 1);
    expect(holdTold(desk.notes)).toContain("подождать, перезвонить");
    desk = sent(sent(desk, card("return", "p2"), 2), card("pause", "p3"), 3);
    expect(holdTold(desk.notes)).toBe("");
  });
});
