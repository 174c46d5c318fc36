import { expect, it } from "vitest";
import {
  clearDrafts,
  type DraftStore,
  EMPTY_DRAFT,
  loadDraft,
  nextDraft,
  SUMMARY_LENGTH_MAX,
  saveDraft,
} from "../src/desk/draft";

function store(): DraftStore & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

const TYPED = {
  kind: "complaint",
  topicId: "charges.explain",
  summary: "Счёт за март",
  stage: "closing",
  result: "in_work",
  answerWay: "sms",
  dueDate: "2026-12-07",
  contact: "+79210000011",
  ticked: ["Уточнить вопрос и выбрать тему"],
} as const;

it("a draft comes back after a reload, for its own call only", () => {
  const drafts = store();
  saveDraft(drafts, "call-1", TYPED);
  expect(loadDraft(drafts, "call-1")).toEqual(TYPED);
  expect(loadDraft(drafts, "call-2")).toEqual(EMPTY_DRAFT);
});

it("nothing of a customer stays when no call is open, and other entries are left alone", () => {
  const drafts = store();
  saveDraft(drafts, "call-1", TYPED);
  saveDraft(drafts, "call-2", TYPED);
  drafts.setItem("other", "kept");
  clearDrafts(drafts, "call-2");
  expect([...drafts.entries.keys()]).toEqual(["case-draft:call-2", "other"]);
  clearDrafts(drafts, null);
  expect([...drafts.entries.keys()]).toEqual(["other"]);
});

it.each([
  "{",
  "null",
  "[]",
  '{"kind":"theft","topicId":7,"summary":null,"stage":"fifth","result":"won","answerWay":"none","dueDate":1,"contact":2}',
])("a damaged draft %s is an empty one", (text) => {
  const drafts = store();
  drafts.setItem("case-draft:call-1", text);
  expect(loadDraft(drafts, "call-1")).toEqual(EMPTY_DRAFT);
});

it("a summary is never longer than the server takes", () => {
  const drafts = store();
  saveDraft(drafts, "call-1", { ...TYPED, summary: "я".repeat(SUMMARY_LENGTH_MAX + 1) });
  expect(loadDraft(drafts, "call-1").summary).toHaveLength(SUMMARY_LENGTH_MAX);
});

it("a store that is full costs the safety net, not the form", () => {
  const full: DraftStore = {
    ...store(),
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  expect(saveDraft(full, "call-1", TYPED)).toBe(false);
});

it("the next question of a call begins with an empty form; the greeting is not asked for twice", () => {
  const every = { topic_id: "", say: [], steps: ["Поздороваться", "Попрощаться"] };
  const before = { ...TYPED, ticked: ["Попрощаться", "Поздороваться"] };
  expect(nextDraft(before, [every])).toEqual({ ...EMPTY_DRAFT, stage: "registration", ticked: ["Поздороваться"] });
});
