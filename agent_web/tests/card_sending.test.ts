import { describe, expect, it } from "vitest";
import type { CallNote, SendingState, SendingTold } from "../src/contract.gen";
import { cardToSend, openSending, sendingWords } from "../src/desk/card_sending";
import { plainCard } from "../src/desk/cards";
import { decodeMessage } from "../src/desk/decode";
import { EMPTY_DESK, type Note, next } from "../src/desk/state";
import { activeCall, snapshot } from "./builders";

const TALK = next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall() }), 0);

function told(sending_id: string, state: SendingState, to = ""): SendingTold {
  return { type: "SendingTold", call_id: "call-1", sending_id, way: "sms", state, to, account: "" };
}

function card(note_id: string, kind: "written" | "confirm", shown = true): Note {
  const fixed = { type: "CallNote", author: "agent", drawing: null, answer_to: "", answer: null } as const;
  const note: CallNote = { ...fixed, call_id: "call-1", note_id, text: "Невский, 1", card: plainCard(kind) };
  return { note, shown, late: false, following: [] };
}

describe("a written card that goes to the customer", () => {
  it("is the last one of those to be kept, once it stands before him", () => {
    expect(cardToSend([])).toBeNull();
    expect(cardToSend([card("k1", "confirm")])).toBeNull();
    expect(cardToSend([card("k1", "written", false)])).toBeNull();
    expect(cardToSend([card("k1", "written"), card("k2", "confirm")])).toBe("k1");
  });

  it("keeps its place and its address as it is told anew, in this call only", () => {
    const events = [
      told("a", "asked"),
      told("b", "declined"),
      told("a", "queued", "+7 921 ***-**-67"),
      told("a", "taken"),
    ];
    const after = events.reduce((desk, event) => next(desk, decodeMessage(JSON.stringify(event)), 0), TALK);
    expect(after.sendings.map(({ sending_id, state, to }) => [sending_id, state, to])).toEqual([
      ["a", "taken", "+7 921 ***-**-67"],
      ["b", "declined", ""],
    ]);
    expect(next(TALK, { ...told("a", "asked"), call_id: "another" }, 0)).toBe(TALK);
  });

  it("says what became of it", () => {
    expect(sendingWords(told("a", "queued", "+7 921 ***-**-67"))).toBe("СМС на +7 921 ***-**-67: отправлено");
    expect(sendingWords(told("a", "taken"))).toBe("СМС: доставлено в шлюз");
    expect(sendingWords({ ...told("a", "taken"), way: "email" })).toBe("Письмо: принято почтовым сервером");
    expect(sendingWords(told("a", "failed"))).toContain("не ушло");
  });

  it("is offered once at a time", () => {
    expect(openSending([told("a", "asked")])).toBe("a");
    expect(openSending([told("a", "checking"), told("b", "declined")])).toBeNull();
    expect(openSending([told("a", "queued")])).toBeNull();
  });
});
