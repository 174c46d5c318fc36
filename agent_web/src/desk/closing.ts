/** The end of a call: what is still missing in a form, the summary for the customer, what was asked. Pure. */
import type {
  ActiveCall,
  AnswerWay,
  CallCase,
  CardAnswer,
  CardKind,
  CaseResult,
  Closing,
  PortalAnswer,
} from "../contract.gen";
import { rubles } from "../format";
import { type NewCard, plainCard, TEXT_LENGTH_MAX } from "./cards";
import type { CaseDraft } from "./draft";
import type { Desk, Note } from "./state";

export const PAYMENT_RUBLES_MAX = 15_000;

export const RESULT_WORDS = {
  solved: "решено",
  in_work: "в работе",
  unfinished: "разговор прервался",
} as const;

export const WAY_OF_ANSWER_WORDS: Record<Exclude<AnswerWay, "none">, string> = {
  sms: "СМС",
  email: "e-mail",
  post: "почта",
  account: "ЛКК",
  office: "ЦОК",
};

/** In the words of the customer. */
const ANSWER_REACHES: Record<AnswerWay, string> = {
  sms: "по СМС",
  email: "по электронной почте",
  post: "письмом по почте",
  account: "в личном кабинете",
  office: "в офисе",
  none: "",
};

/** What has to be known of the customer for a way; the others need nothing. */
export const CONTACT_WORDS: Partial<Record<AnswerWay, string>> = {
  sms: "Телефон для СМС",
  email: "Адрес электронной почты",
  post: "Почтовый адрес с индексом",
};

export const PORTAL_WORDS: Record<PortalAnswer, string> = {
  not_asked: "не спросили",
  uses: "пользуется",
  registers: "помочь зарегистрироваться",
  registered: "зарегистрирован",
  refused: "отказ",
};

export interface ClosingErrors {
  result: string | null;
  way: string | null;
  due: string | null;
  contact: string | null;
}

export type SettledDraft = CaseDraft & { result: CaseResult };

export const NO_ERRORS: ClosingErrors = { result: null, way: null, due: null, contact: null };

/** The form with what follows from the talk where the agent has said nothing else. */
export function settled(draft: CaseDraft, dueLatest: string, summarised: boolean): SettledDraft {
  const usual = summarised ? "solved" : "unfinished";
  const result = draft.result ?? (draft.kind === "complaint" ? "in_work" : usual);
  return { ...draft, result, dueDate: draft.dueDate || dueLatest };
}

/** What a settled form still lacks (clause 5.1.3): in work only with term and way; решено only summed up. */
export function closingErrors(draft: CaseDraft, dueLatest: string, summarised: boolean): ClosingErrors {
  if (draft.result !== "in_work") return { ...NO_ERRORS, result: wrongResult(draft, summarised) };
  const needsContact = draft.answerWay !== null && draft.answerWay in CONTACT_WORDS;
  return {
    result: null,
    way: draft.answerWay === null ? "Выберите форму ответа" : null,
    due: wrongDue(draft.dueDate, dueLatest),
    contact: needsContact && draft.contact.trim() === "" ? "Укажите, куда прислать ответ" : null,
  };
}

function wrongResult(draft: CaseDraft, summarised: boolean): string | null {
  if (draft.kind === "complaint") return "Претензия остаётся в работе: назовите срок и форму ответа";
  return draft.result === "solved" && !summarised ? "Решено, только если клиент видел итог на экране" : null;
}

function wrongDue(due: string, latest: string): string | null {
  if (due === "") return "Укажите срок ответа";
  return due > latest ? `Срок ответа — не позже ${shownDay(latest)}` : null;
}

/** The closing of the form as the office takes it; nothing of another result goes with it. */
export function closingOf(draft: CaseDraft): Closing {
  const { answerWay } = draft;
  if (draft.result !== "in_work" || answerWay === null) {
    return { result: draft.result ?? "unfinished", answer_way: "none", due_date: "", contact: "" };
  }
  const contact = answerWay in CONTACT_WORDS ? draft.contact.trim() : "";
  return { result: "in_work", answer_way: answerWay, due_date: draft.dueDate, contact };
}

/** The case that is worked on now. */
export function presentCase(call: ActiveCall): CallCase | null {
  return call.cases.at(-1) ?? null;
}

/** The same, whatever the agent is at; null: no talk and no wrap-up. */
export function caseOf(work: Desk["work"]): CallCase | null {
  return work.at === "on_call" || work.at === "wrap_up" ? presentCase(work.call) : null;
}

/** The summary of the whole call, for the agent to edit: what was done, numbers, terms (clause 6.3.7). */
export function summaryOf(call: ActiveCall, draft: CaseDraft, topicTitle: string): string {
  const present = presentCase(call);
  const before = call.cases.slice(0, -1).map((each) => lineOf(each, each.topic_title, endOf(each.result, each)));
  const now = present === null ? [] : [lineOf(present, topicTitle, presentEnd(draft))];
  const lines = [...before, ...now].join("\n");
  const room = TEXT_LENGTH_MAX - lines.length - "Сделано: \n".length;
  const done = draft.summary.trim().slice(0, Math.max(0, room));
  return (done === "" ? lines : `Сделано: ${done}\n${lines}`).slice(0, TEXT_LENGTH_MAX);
}

function lineOf(each: CallCase, title: string, end: string): string {
  return `Обращение ${each.number} от ${each.received_date}${title === "" ? "" : `: ${title}`}. ${end}`;
}

function presentEnd(draft: CaseDraft): string {
  const due = draft.dueDate === "" ? "" : shownDay(draft.dueDate);
  return endOf(draft.result ?? "solved", { due_date: due, answer_way: draft.answerWay ?? "none" });
}

function endOf(result: CaseDraft["result"], terms: Pick<CallCase, "due_date" | "answer_way">): string {
  if (result !== "in_work") return "Решено.";
  const due = terms.due_date === "" ? "" : `, ответим до ${terms.due_date}`;
  const way = terms.answer_way === "none" ? "" : ` ${ANSWER_REACHES[terms.answer_way]}`;
  return `В работе${due}${way}.`;
}

/** `2026-12-07` -> «07.12.2026». */
export function shownDay(day: string): string {
  return day.split("-").reverse().join(".");
}

/** Whether a summary stands or stood before the customer, of these notes. */
export function isSummarised(notes: readonly Note[]): boolean {
  return notes.some(({ note, shown }) => shown && note.card?.kind === "summary");
}

/** What the customer answered to the last card of a kind; null: nothing yet. */
export function lastAnswer(notes: readonly Note[], kind: CardKind): CardAnswer | null {
  const asked = notes.findLast(({ note }) => note.card?.kind === kind);
  if (asked === undefined) return null;
  return notes.findLast(({ note }) => note.answer_to === asked.note.note_id)?.note.answer ?? null;
}

export const MORE: NewCard = {
  text: "Если вопросов нет, спасибо, что обратились к нам",
  card: plainCard("more"),
  following: [],
};

/** Advantages first, then the question; the terminal adds the code (clause 6.3.7). */
export const PORTAL: NewCard = {
  text: "Квитанции, показания и оплата без очереди, в любое время. Пользуетесь личным кабинетом?",
  card: plainCard("portal"),
  following: [],
};

const REGISTRATION = [
  "Наведите камеру телефона на код на экране или откройте личный кабинет на телефоне",
  "Нажмите «Регистрация» и введите номер лицевого счёта с квитанции",
  "Введите телефон и код из СМС",
  "Придумайте пароль. Его не нужно никому говорить, консультанту тоже",
];

/** Step by step, each waits for «Дальше». */
export const REGISTRATION_STEPS: NewCard = {
  text: REGISTRATION[0] as string,
  card: { ...plainCard("step"), title: "Личный кабинет", step: 1, steps: REGISTRATION.length },
  following: REGISTRATION.slice(1),
};

/** «Оплатить 1 500 ₽ за …», or one sentence about what is wrong. */
export function paymentCard(sum: string, whatFor: string, account = ""): NewCard | { error: string } {
  const rublesTyped = Number(sum.replaceAll(/\s/g, ""));
  if (!Number.isInteger(rublesTyped) || rublesTyped < 1) return { error: "Сумма — целые рубли" };
  if (rublesTyped > PAYMENT_RUBLES_MAX) return { error: `Сумма больше ${rubles(PAYMENT_RUBLES_MAX * 100)}` };
  const text = whatFor.trim();
  if (text === "") return { error: "Напишите, за что платёж" };
  if (text.length > TEXT_LENGTH_MAX) return { error: `Текст длиннее ${TEXT_LENGTH_MAX} знаков` };
  const digits = account.replaceAll(/\s/g, "");
  if (!/^\d{0,20}$/.test(digits)) return { error: "Лицевой счёт — только цифры" };
  const card = { ...plainCard("payment"), amount_minor: rublesTyped * 100, account: digits };
  return { text, card, following: [] };
}
