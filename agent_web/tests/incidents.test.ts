import { describe, expect, it } from "vitest";
import type { Incident } from "../src/contract.gen";
import { alarmScript, incidentWords, WARNING, warned } from "../src/desk/incidents";
import { type Desk, EMPTY_DESK, next } from "../src/desk/state";
import { isTaken, OfficeError } from "../src/office_api";
import { activeCall, snapshot } from "./builders";

const CALL = next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall() }), 0);
const ALARM: Incident = {
  incident_id: "i1",
  kind: "alarm",
  reason: "medical",
  comment: "",
  call_id: "call-1",
  case_number: "Э-26-000123",
  terminal_id: "t1",
  address: "МФЦ, Невский пр., 1",
  guard_phone: "8 812 000-11-22",
  agent_name: "Орлова Мария",
  at_ms: 0,
  test: false,
  taken_by: "",
};

function warning(desk: Desk, shown: boolean): Desk {
  const fixed = {
    call_id: "call-1",
    note_id: "k1",
    author: "agent",
    drawing: null,
    answer_to: "",
    answer: null,
  } as const;
  const note = { type: "CallNote", ...fixed, text: WARNING.text, card: WARNING.card } as const;
  return next(desk, shown ? note : { type: "NoteSent", note, following: [] }, 0);
}

describe("the end for misbehaviour", () => {
  it("waits until the customer has the warning before him", () => {
    expect(warned(CALL.notes)).toBe("no");
    const sent = warning(CALL, false);
    expect(warned(sent.notes)).toBe("sent");
    expect(warned(warning(sent, true).notes)).toBe("shown");
  });
});

describe("an alarm", () => {
  it("of the agent's own call is his script, with the address and the guard", () => {
    const desk = next(CALL, { type: "IncidentRaised", incident: ALARM }, 0);
    expect(desk.alarm).toEqual(ALARM);
    expect(desk.incidents).toEqual([]);
    expect(alarmScript(ALARM).join()).toContain("8 812 000-11-22");
    expect(alarmScript(ALARM).join()).toContain("МФЦ, Невский пр., 1");
    expect(alarmScript({ ...ALARM, guard_phone: "" })[0]).toContain("112");
  });

  it("of another call stands in the supervisor's list until it is taken", () => {
    const desk = next(EMPTY_DESK, { type: "IncidentRaised", incident: { ...ALARM, test: true } }, 0);
    expect(desk.incidents.map(incidentWords)).toEqual(["Проверка. Тревога: человеку плохо. МФЦ, Невский пр., 1"]);
    expect(next(desk, { type: "IncidentTaken", incidentId: "i1" }, 0).incidents).toEqual([]);
  });

  it("stands there once, however often the office tells it", () => {
    const once = next(EMPTY_DESK, { type: "IncidentRaised", incident: ALARM }, 0);
    expect(next(once, { type: "IncidentRaised", incident: ALARM }, 0).incidents).toEqual([ALARM]);
  });

  it("that somebody else has taken leaves the list; any other refusal does not", () => {
    expect(isTaken(new OfficeError("", 409, "taken"))).toBe(true);
    expect(isTaken(new OfficeError("", 403, "not_yours"))).toBe(false);
    expect(isTaken(new TypeError("no line"))).toBe(false);
  });
});
