/** The end of a call on the page: what a form lacks, what is composed for the customer, what he answered. */
import { describe, expect, it } from "vitest";
import type { CallNote } from "../src/contract.gen";
import { hasNewCase } from "../src/desk/call_changes";
import { plainCard, TEXT_LENGTH_MAX } from "../src/desk/cards";
import {
  closingErrors,
  closingOf,
  isSummarised,
  lastAnswer,
  NO_ERRORS,
  paymentCard,
  settled,
  summaryOf,
} from "../src/desk/closing";
import { type CaseDraft, EMPTY_DRAFT } from "../src/desk/draft";
import { EMPTY_DESK as EMPTY, type Note, next } from "../src/desk/state";
import { activeCall, callCase, snapshot } from "./builders";

const LATEST = "2026-12-24";
const IN_WORK: CaseDraft = {
  ...EMPTY_DRAFT,
  kind: "question",
  result: "in_work",
  answerWay: "sms",
  dueDate: "2026-12-07",
  contact: " +79210000011 ",
};

function note(change: Partial<CallNote>, shown = true): Note {
  const whole = { type: "CallNote", call_id: "call-1", note_id: "n", author: "agent", text: "" } as const;
  const none = { drawing: null, card: null, answer_to: "", answer: null };
  return { note: { ...whole, ...none, ...change }, shown, late: false, following: [] };
}

describe("the form of a case", () => {
  it("in work lacks nothing only with term, way and where the answer goes", () => {
    expect(closingErrors(IN_WORK, LATEST, false)).toEqual(NO_ERRORS);
    expect(closingErrors({ ...IN_WORK, answerWay: null }, LATEST, false).way).not.toBeNull();
    expect(closingErrors({ ...IN_WORK, dueDate: "" }, LATEST, false).due).not.toBeNull();
    expect(closingErrors({ ...IN_WORK, dueDate: "2026-12-25" }, LATEST, false).due).toContain("24.12.2026");
    expect(closingErrors({ ...IN_WORK, contact: " " }, LATEST, false).contact).not.toBeNull();
    expect(closingErrors({ ...IN_WORK, answerWay: "office", contact: "" }, LATEST, false)).toEqual(NO_ERRORS);
  });

  it("решено asks for the summary, a complaint never ends by the talk", () => {
    const solved: CaseDraft = { ...EMPTY_DRAFT, kind: "question", result: "solved" };
    expect(closingErrors(solved, LATEST, false).result).toContain("итог");
    expect(closingErrors(solved, LATEST, true)).toEqual(NO_ERRORS);
    expect(closingErrors({ ...solved, kind: "complaint" }, LATEST, true).result).toContain("Претензия");
  });

  it("says by itself what follows from the talk, and never over the agent's word", () => {
    expect(settled(EMPTY_DRAFT, LATEST, true).result).toBe("solved");
    expect(settled(EMPTY_DRAFT, LATEST, false)).toMatchObject({ result: "unfinished", dueDate: LATEST });
    expect(settled({ ...EMPTY_DRAFT, kind: "complaint" }, LATEST, true).result).toBe("in_work");
    expect(settled({ ...IN_WORK, result: "unfinished" }, LATEST, true)).toMatchObject({
      result: "unfinished",
      dueDate: "2026-12-07",
    });
  });

  it("sends term and way with work that goes on, and with nothing else", () => {
    const terms = { answer_way: "sms", due_date: "2026-12-07", contact: "+79210000011" };
    expect(closingOf(IN_WORK)).toEqual({ result: "in_work", ...terms });
    expect(closingOf({ ...IN_WORK, answerWay: "office" }).contact).toBe("");
    expect(closingOf({ ...IN_WORK, result: "solved" })).toEqual({
      result: "solved",
      answer_way: "none",
      due_date: "",
      contact: "",
    });
  });
});

describe("the summary", () => {
  const before = callCase({
    closed_at_ms: 1_060_000,
    topic_title: "Перерасчёт",
    result: "in_work",
    due_date: "07.12.2026",
    answer_way: "email",
  });
  const call = activeCall({ cases: [before, callCase({ number: "26-000018" })] });

  it("names what was done, every number, and by when and how the answer comes", () => {
    const draft = { ...EMPTY_DRAFT, summary: "Рассказали, когда поверка" };
    expect(summaryOf(call, draft, "Поверка счётчика").split("\n")).toEqual([
      "Сделано: Рассказали, когда поверка",
      "Обращение 26-000017 от 24.11.2026: Перерасчёт. В работе, ответим до 07.12.2026 по электронной почте.",
      "Обращение 26-000018 от 24.11.2026: Поверка счётчика. Решено.",
    ]);
    expect(summaryOf(call, IN_WORK, "").split("\n").at(-1)).toBe(
      "Обращение 26-000018 от 24.11.2026. В работе, ответим до 07.12.2026 по СМС.",
    );
  });

  it("fits a card whatever was typed, with every number", () => {
    const text = summaryOf(call, { ...EMPTY_DRAFT, summary: "я".repeat(4_000) }, "Поверка");
    expect(text.length).toBeLessThanOrEqual(TEXT_LENGTH_MAX);
    expect(text).toContain("26-000018");
  });

  it("counts when the terminal has told that it stands", () => {
    const sent = note({ card: plainCard("summary") }, false);
    expect(isSummarised([sent])).toBe(false);
    expect(isSummarised([{ ...sent, shown: true }])).toBe(true);
    expect(isSummarised([note({ card: plainCard("plan") })])).toBe(false);
  });

  it("of the case before does not count for the next one", () => {
    const onCall = next(next({ ...EMPTY }, snapshot({ state: "on_call", active: activeCall() }), 0), shown(), 0);
    expect(isSummarised(onCall.notes.slice(onCall.presentFrom))).toBe(true);
    const cases = [callCase({ closed_at_ms: 2 }), callCase({ number: "26-000018" })];
    const after = next(onCall, { type: "CallCasesChanged", call_id: "call-1", cases, portal: "uses" }, 0);
    expect(isSummarised(after.notes.slice(after.presentFrom))).toBe(false);
    expect(after.work).toMatchObject({ call: { cases, portal: "uses" } });
    const told = next(after, { type: "CallCasesChanged", call_id: "call-1", cases, portal: "refused" }, 0);
    expect(told.presentFrom).toBe(after.presentFrom);
  });

  it("does not count either when the next case is told by the snapshot after a lost link", () => {
    const onCall = next(next({ ...EMPTY }, snapshot({ state: "on_call", active: activeCall() }), 0), shown(), 0);
    const cases = [callCase({ closed_at_ms: 2 }), callCase({ number: "26-000018" })];
    const after = next(onCall, snapshot({ state: "on_call", active: activeCall({ cases }) }), 0);
    expect(hasNewCase(onCall.work, after.work)).toBe(true);
    expect(isSummarised(after.notes.slice(after.presentFrom))).toBe(false);
    const again = next(after, snapshot({ state: "on_call", active: activeCall({ cases }) }), 0);
    expect(hasNewCase(after.work, again.work)).toBe(false);
    expect(again.presentFrom).toBe(after.presentFrom);
    expect(hasNewCase(EMPTY.work, after.work)).toBe(false); // a page loaded anew keeps its draft
  });
});

function shown(): CallNote {
  return note({ card: plainCard("summary") }).note;
}

it("the answer to the last card of a kind is the one that counts", () => {
  const asked = note({ note_id: "k1", card: plainCard("more") });
  const yes = note({ note_id: "w1", author: "customer", answer_to: "k1", answer: "yes" });
  expect(lastAnswer([asked, yes], "more")).toBe("yes");
  expect(lastAnswer([asked, yes, note({ note_id: "k2", card: plainCard("more") })], "more")).toBeNull();
  expect(lastAnswer([yes], "more")).toBeNull();
});

it("a payment is whole rubles for something, within what a terminal takes", () => {
  expect(paymentCard("1 500", " за электроэнергию ")).toMatchObject({
    text: "за электроэнергию",
    card: { kind: "payment", amount_minor: 150_000 },
  });
  for (const sum of ["", "0", "-5", "1,5", "15001", "много"])
    expect(paymentCard(sum, "за всё")).toHaveProperty("error");
  expect(paymentCard("100", " ")).toHaveProperty("error");
  expect(paymentCard("100", "за свет", "0401 2345 6789")).toMatchObject({ card: { account: "040123456789" } });
  for (const account of ["0401-2345", "сосед", "1".repeat(21)])
    expect(paymentCard("100", "за свет", account)).toHaveProperty("error");
});
