import { describe, expect, it } from "vitest";
import type { HelpTold } from "../src/contract.gen";
import { decodeMessage } from "../src/desk/decode";
import { helpWords, proposalWords, wrongProposal } from "../src/desk/help";
import { EMPTY_DESK, next } from "../src/desk/state";
import { activeCall, snapshot } from "./builders";

const TOLD: HelpTold = {
  type: "HelpTold",
  call_id: "call-1",
  state: "on",
  form_stands: true,
  form: "written.phone",
  field: "phone",
  length_max: 16,
  proposal_id: "",
  answer: null,
};
const TALK = next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall() }), 0);

describe("help with the form at the terminal", () => {
  it("stands as the terminal has told it, of this call only, and is told anew after a reload", () => {
    const desk = next(TALK, decodeMessage(JSON.stringify(TOLD)), 0);
    expect(desk.help).toEqual(TOLD);
    expect(next(TALK, { ...TOLD, call_id: "another" }, 0)).toBe(TALK);
    expect(next(desk, snapshot({ state: "on_call", active: activeCall() }), 0).help).toBeNull();
  });

  it("says what the agent waits for and what became of his proposal", () => {
    expect(helpWords(null)).toBe("У клиента нет открытой формы");
    expect(helpWords({ ...TOLD, state: "offered" })).toContain("Разрешаю");
    expect(helpWords({ ...TOLD, field: null })).toBe("Здесь клиент выбирает сам");
    expect(proposalWords(TOLD)).toBe("");
    expect(proposalWords({ ...TOLD, proposal_id: "p1" })).toContain("ждём касания");
    expect(proposalWords({ ...TOLD, proposal_id: "p1", answer: "taken" })).toBe("Клиент вписал");
  });

  it("does not send what has no room in the field", () => {
    expect(wrongProposal(TOLD, " ")).not.toBeNull();
    expect(wrongProposal(TOLD, "1".repeat(17))).toBe("Здесь не больше 16 знаков");
    expect(wrongProposal(TOLD, "+7 921 000-00-67")).toBeNull();
  });
});
