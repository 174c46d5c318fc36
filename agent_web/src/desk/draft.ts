/** The agent's unfinished form of one call: kept while the tab lives, removed when the case is registered. */
import type { AnswerWay, CaseKind, CaseResult, TopicGuide } from "../contract.gen";
import { guideOf } from "./guide";
import { STAGES, type Stage } from "./state";

export interface CaseDraft {
  kind: CaseKind | null;
  topicId: string | null;
  summary: string;
  stage: Stage;
  result: CaseResult | null; // null: nobody has said yet
  answerWay: AnswerWay | null;
  dueDate: string; // YYYY-MM-DD
  contact: string;
  ticked: readonly string[]; // steps of the algorithm that are done, by their words
}

export const EMPTY_DRAFT: CaseDraft = {
  kind: null,
  topicId: null,
  summary: "",
  stage: "identification",
  result: null,
  answerWay: null,
  dueDate: "",
  contact: "",
  ticked: [],
};
export const SUMMARY_LENGTH_MAX = 4_000; // LongText of the contract

const KINDS: readonly string[] = ["question", "request", "complaint", "suggestion", "gratitude"];
const WAYS: readonly string[] = ["sms", "email", "post", "account", "office"];
const RESULTS: readonly string[] = ["solved", "in_work", "unfinished"];
export const CONTACT_LENGTH_MAX = 200; // Line of the contract
const PREFIX = "case-draft:";

/** Where drafts lie; `sessionStorage` in the browser. */
export type DraftStore = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** The draft of a call, or an empty one. What an older page wrote and we cannot read is taken as absent. */
export function loadDraft(store: DraftStore, callId: string): CaseDraft {
  try {
    return { ...EMPTY_DRAFT, ...readable(JSON.parse(store.getItem(PREFIX + callId) ?? "{}")) };
  } catch {
    return EMPTY_DRAFT;
  }
}

/** Keeps the draft; a full or forbidden store costs only the safety net. */
export function saveDraft(store: DraftStore, callId: string, draft: CaseDraft): boolean {
  try {
    store.setItem(PREFIX + callId, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Removes every draft except that of `keptCallId`: nothing of a customer outlives the call. */
export function clearDrafts(store: DraftStore, keptCallId: string | null): void {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index));
  for (const key of keys) {
    if (key?.startsWith(PREFIX) && key !== PREFIX + keptCallId) store.removeItem(key);
  }
}

/** Of the next question of the same call. Who has greeted need not greet again: the first step of every talk stays. */
export function nextDraft(before: CaseDraft, guides: readonly TopicGuide[]): CaseDraft {
  const greeting = guideOf(guides, null).steps[0];
  const ticked = before.ticked.filter((each) => each === greeting);
  return { ...EMPTY_DRAFT, stage: "registration", ticked };
}

function readable(value: unknown): Partial<CaseDraft> {
  if (typeof value !== "object" || value === null) return {};
  const { kind, topicId, summary, stage, result, answerWay, dueDate, contact, ticked } = value as Record<
    string,
    unknown
  >;
  const found: Partial<CaseDraft> = {};
  if (typeof kind === "string" && KINDS.includes(kind)) found.kind = kind as CaseKind;
  if (typeof topicId === "string") found.topicId = topicId;
  if (typeof summary === "string") found.summary = summary.slice(0, SUMMARY_LENGTH_MAX);
  if (typeof stage === "string" && (STAGES as readonly string[]).includes(stage)) found.stage = stage as Stage;
  if (typeof result === "string" && RESULTS.includes(result)) found.result = result as CaseResult;
  if (typeof answerWay === "string" && WAYS.includes(answerWay)) found.answerWay = answerWay as AnswerWay;
  if (typeof dueDate === "string") found.dueDate = dueDate;
  if (typeof contact === "string") found.contact = contact.slice(0, CONTACT_LENGTH_MAX);
  if (Array.isArray(ticked)) found.ticked = ticked.filter((each) => typeof each === "string");
  return found;
}
