import { describe, expect, it } from "vitest";
import type { CallNote } from "../src/contract.gen";
import { type Desk, type DeskEvent, EMPTY_DESK, next, STAGES, stageAfter } from "../src/desk/state";
import { activeCall, offeredCall, snapshot, TOPICS } from "./builders";

const T0 = 5_000_000; // the page's clock is far from the server's on purpose

function deskAfter(...events: DeskEvent[]): Desk {
  return events.reduce((desk, event) => next(desk, event, T0), EMPTY_DESK);
}

const READY = deskAfter(snapshot());
const RINGING = deskAfter(snapshot(), { type: "CallOffered", call: offeredCall() });
const ON_CALL = next(RINGING, { type: "CallStarted", call: activeCall() }, T0);
const ENDED: DeskEvent = { type: "CallEnded", call_id: "call-1", reason: "customer_left" };
const WRAP_UP = next(ON_CALL, ENDED, T0);
const ACCEPTING: DeskEvent = { type: "CommandSent", pending: { commandId: "c-1", purpose: "accept" } };

describe("a snapshot", () => {
  it("gives everything the page shows", () => {
    const desk = deskAfter(snapshot({ waiting: 3, longest_wait_ms: 61_000, agents_on_duty: 2, state: "not_ready" }));
    expect(desk.work).toEqual({ at: "not_ready" });
    expect(desk.queue).toEqual({ waiting: 3, longestWaitMs: 61_000, agentsOnDuty: 2, asOfMs: T0 });
    expect(desk.topics).toEqual(TOPICS);
    expect(desk.link).toBe("open");
  });

  it("puts the ring's end into the page's own time", () => {
    const desk = deskAfter(snapshot({ state: "ringing", offered: offeredCall({ ring_timeout_ms: 7_500 }) }));
    expect(desk.work).toMatchObject({ at: "ringing", rangAtMs: T0, untilMs: T0 + 7_500 });
  });

  it("counts the service from the server's start, whatever the page's clock says", () => {
    const active = activeCall({ started_at_ms: 1_000_000 - 90_000 });
    const desk = deskAfter(snapshot({ state: "on_call", active }));
    expect(desk.work).toMatchObject({ at: "on_call", startedAtMs: T0 - 90_000 });
  });

  it("keeps the stage of the same call over a reconnect, and starts another call anew", () => {
    const staged = next(ON_CALL, { type: "StageChosen", stage: "consultation" }, T0);
    const same = next(staged, snapshot({ state: "on_call", active: activeCall() }), T0);
    expect(same.work).toMatchObject({ stage: "consultation" });
    const other = next(staged, snapshot({ state: "on_call", active: activeCall({ call_id: "call-2" }) }), T0);
    expect(other.work).toMatchObject({ stage: "identification" });
  });

  it("keeps the wrap-up of the same call and its minute", () => {
    const later = next(WRAP_UP, snapshot({ state: "wrap_up", active: activeCall() }), T0 + 20_000);
    expect(later.work).toEqual(WRAP_UP.work);
  });

  it("that is busy without a call leaves the agent not ready instead of in a call with nobody", () => {
    expect(deskAfter(snapshot({ state: "on_call" })).work).toEqual({ at: "not_ready" });
    expect(deskAfter(snapshot({ state: "wrap_up" })).work).toEqual({ at: "not_ready" });
  });

  it("tells the end of a call as the server knows it, when the page comes back to its wrap-up", () => {
    const ended = activeCall({ ended_at_ms: T0 - 40_000, end_reason: "agent_lost" });
    const back = deskAfter(snapshot({ state: "wrap_up", active: ended, server_time_ms: T0 }));
    expect(back.work).toMatchObject({ at: "wrap_up", endedAtMs: T0 - 40_000, reason: "agent_lost" });
  });
});

describe("a ring", () => {
  it("ends with the link: nobody can be answered without one", () => {
    expect(next(RINGING, { type: "LinkLost" }, T0)).toMatchObject({ link: "lost", work: { at: "ready" } });
    expect(next(ON_CALL, { type: "LinkLost" }, T0).work).toEqual(ON_CALL.work);
  });

  it("starts with the offer and drops the last notice", () => {
    const noticed = next(RINGING, { type: "OfferWithdrawn", call_id: "call-1", reason: "timeout" }, T0);
    const again = next(noticed, { type: "CallOffered", call: offeredCall({ call_id: "call-2" }) }, T0);
    expect(again.work).toMatchObject({ at: "ringing", call: { call_id: "call-2" } });
    expect(again.notice).toBeNull();
  });

  it("does not tear a conversation away", () => {
    expect(next(ON_CALL, { type: "CallOffered", call: offeredCall({ call_id: "call-2" }) }, T0)).toBe(ON_CALL);
    expect(next(WRAP_UP, { type: "CallOffered", call: offeredCall({ call_id: "call-2" }) }, T0)).toBe(WRAP_UP);
  });

  it.each([
    ["timeout", { code: "ring_timeout" }],
    ["customer_left", { code: "customer_left" }],
    ["taken", { code: "taken" }],
    ["declined", null],
  ])("withdrawn by %s ends and says so", (reason, notice) => {
    const desk = next(RINGING, { type: "OfferWithdrawn", call_id: "call-1", reason }, T0);
    expect(desk.work).toEqual({ at: "ready" });
    expect(desk.notice).toEqual(notice);
  });

  it("of another call is not ended by a stale withdrawal", () => {
    expect(next(RINGING, { type: "OfferWithdrawn", call_id: "call-0", reason: "taken" }, T0)).toBe(RINGING);
  });

  it("accepted too late says «Уже передано» once, by refusal or by withdrawal", () => {
    const accepting = next(RINGING, ACCEPTING, T0);
    const refused = next(accepting, { type: "CommandRefused", command_id: "c-1", reason: "too_late" }, T0);
    expect(refused).toMatchObject({ work: { at: "ready" }, notice: { code: "too_late" }, pending: null });
    const withdrawn = next(accepting, { type: "OfferWithdrawn", call_id: "call-1", reason: "timeout" }, T0);
    expect(withdrawn).toMatchObject({ work: { at: "ready" }, notice: { code: "too_late" }, pending: null });
    expect(next(withdrawn, { type: "CommandRefused", command_id: "c-1", reason: "too_late" }, T0)).toBe(withdrawn);
  });
});

describe("a conversation", () => {
  it("starts at identification and walks the four stages", () => {
    expect(ON_CALL.work).toMatchObject({ at: "on_call", stage: "identification" });
    expect(STAGES.map(stageAfter)).toEqual(["registration", "consultation", "closing", null]);
  });

  it("ends in the wrap-up with its reason, whatever told of the end first", () => {
    expect(WRAP_UP.work).toMatchObject({ at: "wrap_up", reason: "customer_left", endedAtMs: T0 });
    const byState = next(ON_CALL, { type: "AgentStateChanged", state: "wrap_up" }, T0);
    expect(byState.work).toMatchObject({ at: "wrap_up", reason: null });
    expect(next(byState, ENDED, T0 + 50).work).toMatchObject({ reason: "customer_left", endedAtMs: T0 });
  });

  it("is not ended by the end of another call", () => {
    expect(next(ON_CALL, { type: "CallEnded", call_id: "call-9", reason: "agent_ended" }, T0)).toBe(ON_CALL);
  });

  it("goes on while the link is lost, and forgets the unanswered command", () => {
    const ending = next(ON_CALL, { type: "CommandSent", pending: { commandId: "c-2", purpose: "end" } }, T0);
    const lost = next(ending, { type: "LinkLost" }, T0);
    expect(lost).toMatchObject({ link: "lost", pending: null, work: { at: "on_call" } });
  });

  it("registered: the case stays on the screen until the next call starts", () => {
    const registered: DeskEvent = {
      type: "CaseRegistered",
      call_id: "call-1",
      case_number: "2026-000017",
      received_date: "23.11.2026",
      topic_title: "Перерасчёт",
      due_date: "",
      answer_way: "none",
    };
    const told = next(WRAP_UP, registered, T0);
    expect(told.work.at).toBe("wrap_up"); // the server alone frees the agent
    const closed = next(told, { type: "AgentStateChanged", state: "ready" }, T0);
    expect(closed).toMatchObject({ work: { at: "ready" }, lastCase: { case_number: "2026-000017" } });
    const ringing = next(closed, { type: "CallOffered", call: offeredCall({ call_id: "call-2" }) }, T0);
    expect(ringing.lastCase).not.toBeNull();
    const started = next(ringing, { type: "CallStarted", call: activeCall({ call_id: "call-2" }) }, T0);
    expect(started.lastCase).toBeNull();
  });
});

describe("a command", () => {
  it("refused or unanswered is told with its purpose; an old answer changes nothing", () => {
    const sent = next(WRAP_UP, { type: "CommandSent", pending: { commandId: "c-3", purpose: "wrap_up" } }, T0);
    const refused = next(sent, { type: "CommandRefused", command_id: "c-3", reason: "unknown_topic" }, T0);
    expect(refused.notice).toEqual({ code: "command_failed", purpose: "wrap_up", reason: "unknown_topic" });
    const silent = next(sent, { type: "CommandUnanswered", commandId: "c-3" }, T0);
    expect(silent.notice).toEqual({ code: "command_failed", purpose: "wrap_up", reason: "no_answer" });
    expect(next(sent, { type: "CommandRefused", command_id: "c-2", reason: "wrong_state" }, T0)).toBe(sent);
    expect(next(sent, { type: "CommandUnanswered", commandId: "c-2" }, T0)).toBe(sent);
    expect(next(sent, { type: "CommandDone", command_id: "c-3" }, T0).pending).toBeNull();
  });

  it("does not decide the state: the server's word does", () => {
    const asked = next(READY, { type: "CommandSent", pending: { commandId: "c-4", purpose: "ready" } }, T0);
    expect(asked.work).toEqual({ at: "ready" });
    expect(next(asked, { type: "AgentStateChanged", state: "not_ready" }, T0).work).toEqual({ at: "not_ready" });
  });
});

describe("a note of the call", () => {
  const mine: CallNote = {
    type: "CallNote",
    call_id: "call-1",
    note_id: "n-1",
    author: "agent",
    text: "До 25-го числа",
    drawing: null,
    card: null,
    answer_to: "",
    answer: null,
  };
  const sending: DeskEvent = { type: "NoteSent", note: mine, following: ["Дальше"] };

  it("is on the customer's screen only when the terminal has told it back", () => {
    const sent = next(ON_CALL, sending, T0);
    const known = { note: mine, late: false, following: ["Дальше"] };
    expect(sent.notes).toEqual([{ ...known, shown: false }]);
    expect(next(sent, mine, T0).notes).toEqual([{ ...known, shown: true }]);
    expect(next(next(sent, mine, T0), mine, T0).notes).toHaveLength(1);
  });

  it("is late until the terminal tells it, sent again or not; one that is shown never is", () => {
    const late: DeskEvent = { type: "NoteLate", noteId: "n-1" };
    const lost = next(next(ON_CALL, sending, T0), late, T0);
    expect(lost.notes).toMatchObject([{ shown: false, late: true }]);
    expect(next(lost, sending, T0).notes).toMatchObject([{ shown: false, late: false }]);
    expect(next(lost, mine, T0).notes).toMatchObject([{ shown: true, late: false }]);
    expect(next(next(ON_CALL, mine, T0), late, T0).notes).toMatchObject([{ shown: true, late: false }]);
  });

  it("of another call, or of none, is not ours; it stays for the wrap-up and goes with the next call", () => {
    expect(next(ON_CALL, { ...mine, call_id: "call-9" }, T0).notes).toEqual([]);
    expect(next(READY, mine, T0).notes).toEqual([]);
    const ended = next(next(ON_CALL, mine, T0), ENDED, T0);
    expect(ended.notes).toHaveLength(1);
    expect(next(ended, { type: "CallStarted", call: activeCall({ call_id: "call-2" }) }, T0).notes).toEqual([]);
  });

  it("outlives a lost link of the same call", () => {
    const noted = next(ON_CALL, mine, T0);
    expect(next(noted, snapshot({ state: "on_call", active: activeCall() }), T0).notes).toHaveLength(1);
    expect(next(noted, snapshot({ state: "ready" }), T0).notes).toEqual([]);
  });
});
