import { describe, expect, it } from "vitest";
import type { StillState, StillTold } from "../src/contract.gen";
import { decodeMessage } from "../src/desk/decode";
import { EMPTY_DESK, next } from "../src/desk/state";
import { openStill, sentStills, stillPath, stillWords, ZOOMS, zoomed } from "../src/desk/stills";
import { activeCall, snapshot } from "./builders";

function told(still_id: string, state: StillState): StillTold {
  return { type: "StillTold", call_id: "call-1", still_id, state };
}

const TALK = next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall() }), 0);

describe("papers that the customer shows", () => {
  it("stand as the terminal has told them last, of this call only", () => {
    const asked = next(TALK, decodeMessage(JSON.stringify(told("s1", "asked"))), 0);
    const sent = next(next(asked, told("s1", "sent"), 0), told("s2", "holding"), 0);
    expect(sent.stills.map(({ still_id, state }) => [still_id, state])).toEqual([
      ["s1", "sent"],
      ["s2", "holding"],
    ]);
    expect(next(TALK, { ...told("s1", "sent"), call_id: "another" }, 0)).toBe(TALK);
    expect(sentStills(sent.stills).map(stillPath)).toEqual(["/api/calls/call-1/stills/s1"]);
  });

  it("says what the customer does with it, and whether he may be asked again", () => {
    expect(stillWords([])).toBe("");
    expect(openStill([])).toBeNull();
    expect(openStill([told("s1", "looking")])).toBe("s1");
    expect(openStill([told("s1", "declined")])).toBeNull();
    expect(stillWords([told("s1", "declined")])).toBe("Клиент не стал показывать документ");
  });

  it("grows and shrinks by steps that end", () => {
    expect(zoomed(1, -1)).toBe(1);
    expect(zoomed(1, 1)).toBe(1.5);
    expect(zoomed(ZOOMS.at(-1) ?? 0, 1)).toBe(ZOOMS.at(-1));
  });
});
