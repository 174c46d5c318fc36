/** Cards of a call: what the agent may send, what stands on the terminal, what was answered. Pure. */
import type { CallNote, Card, CardAnswer, CardKind } from "../contract.gen";
import type { Note } from "./state";

export const TEXT_LENGTH_MAX = 500;
export const TITLE_LENGTH_MAX = 60;
const OPTION_LENGTH_MAX = 30;
const OPTIONS_MAX = 4;
const STEPS_MAX = 20;

/** Kinds that the agent fills in; the others are sent by one press. */
export type FormKind = Exclude<CardKind, "warning" | "attention" | "pause" | "return" | "more" | "portal" | "payment">;

export interface CardDraft {
  kind: FormKind;
  title: string;
  text: string;
  options: string; // of a question, one a line
}

export interface NewCard {
  text: string;
  card: Card;
  following: readonly string[]; // texts of the steps after this one
}

interface Template {
  title: string;
  text: string;
  plain?: string; // the same in simpler words (clause 9.6.11)
}

export const KIND_WORDS: Record<CardKind, string> = {
  confirm: "Подтвердите",
  restate: "Я понял вас так",
  question: "Вопрос",
  step: "По шагам",
  written: "Письменно",
  summary: "Итог",
  plan: "План",
  attention: "Обратить внимание",
  warning: "Предупреждение",
  pause: "Пауза",
  return: "Возвращение",
  more: "Есть ещё вопрос?",
  portal: "Личный кабинет",
  payment: "Оплата",
};

export const ANSWER_WORDS: Record<CardAnswer, string> = {
  understood: "Понятно",
  explain: "Просит пояснить",
  yes: "Да",
  no: "Нет",
  unknown: "Не знаю",
  option: "",
  next: "Дальше",
  simpler: "Просит пояснить проще",
  printed: "Напечатано",
  sms: "Отправлено в СМС",
  email: "Отправлено на почту",
  closed: "Закрыл без ответа",
  minute: "Терминал попросил ещё минуту",
  ways: "Терминал предложил другие способы",
  wait: "Подождёт ещё",
  call_back: "Просит перезвонить",
  book: "Записывается на приём",
  message: "Оставляет обращение",
  uses: "Уже пользуется",
  registers: "Просит помочь зарегистрироваться",
  refused: "Отказ",
  pay: "Платит, разговор продолжается",
  not_now: "Не сейчас",
  paid: "Оплатил, чек у терминала",
  not_paid: "Вернулся без оплаты",
};

export const TEXT_HINTS: Record<FormKind, string> = {
  confirm: "Что клиенту важно понять",
  restate: "Что вы поняли, словами клиента",
  question: "Короткий вопрос",
  step: "Каждая строка — один шаг",
  written: "Документы, телефон, адрес, номер или срок",
  summary: "Что сделано, номера, сроки, куда обращаться",
  plan: "Что и в каком порядке сделаем",
};

export const TEMPLATES: Record<FormKind, readonly Template[]> = {
  confirm: [
    {
      title: "",
      text: "Оплата зачисляется на лицевой счёт в течение трёх рабочих дней",
      plain: "Деньги придут на ваш счёт через три дня. Делать ничего не нужно",
    },
    {
      title: "",
      text: "Показания за текущий месяц принимаются с 15 по 25 число",
      plain: "Передайте цифры со счётчика до 25 числа",
    },
  ],
  restate: [{ title: "", text: "Вы не согласны с суммой в квитанции и просите её проверить" }],
  question: [
    { title: "", text: "Счётчик стоит у вас в квартире?" },
    { title: "", text: "Квитанция у вас с собой?" },
  ],
  step: [
    {
      title: "Передать показания",
      text: "Найдите на счётчике экран с цифрами\nПерепишите цифры до запятой\nВведите их на терминале\nНажмите «Передать показания»",
    },
  ],
  written: [
    {
      title: "Документы для договора",
      text: "1. Паспорт\n2. Документ о праве собственности\n3. Акт ввода счётчика\n4. Заявление (бланк даст консультант)",
    },
    { title: "Телефон контактного центра", text: "" },
    { title: "Адрес офиса", text: "" },
    { title: "Номер обращения", text: "" },
    { title: "Ответ придёт до", text: "" },
  ],
  summary: [{ title: "", text: "Сделано: " }],
  plan: [{ title: "", text: "1. Проверим начисления\n2. Сделаем перерасчёт, если нашлась ошибка\n3. Пришлём ответ" }],
};

export const ATTENTION: NewCard = {
  text: "Посмотрите, пожалуйста, на экран",
  card: plainCard("attention"),
  following: [],
};
export const CHECKING = "Консультант проверяет информацию и скоро вернётся. Разговор не прерван";
export const SWITCHED_OFF = "Консультант ненадолго отошёл. Пожалуйста, подождите, разговор не прерван";
const BACK = "Спасибо, что подождали";

/** The pause, and the return from it (clauses 9.6.9, 9.7.2). */
export function pauseCard(text: string): NewCard {
  return { text, card: plainCard("pause"), following: [] };
}

export function returnCard(): NewCard {
  return { text: BACK, card: plainCard("return"), following: [] };
}

/** The card of a form, or one sentence about what is wrong with it. */
export function cardOf(draft: CardDraft): NewCard | { error: string } {
  const title = draft.title.trim();
  const text = draft.text.trim();
  if (text === "") return { error: "Напишите текст карточки" };
  if (title.length > TITLE_LENGTH_MAX) return { error: `Заголовок длиннее ${TITLE_LENGTH_MAX} знаков` };
  const texts = draft.kind === "step" ? linesOf(text) : [text];
  if (texts.some((each) => each.length > TEXT_LENGTH_MAX)) return { error: `Текст длиннее ${TEXT_LENGTH_MAX} знаков` };
  if (texts.length > STEPS_MAX) return { error: `Шагов больше ${STEPS_MAX}` };
  const options = draft.kind === "question" ? linesOf(draft.options) : [];
  const wrong = wrongOptions(options);
  if (wrong !== null) return { error: wrong };
  const [first = "", ...following] = texts;
  const step = draft.kind === "step" ? { step: 1, steps: texts.length } : { step: 0, steps: 0 };
  return { text: first, card: { kind: draft.kind, title, options, ...step, amount_minor: 0, account: "" }, following };
}

/** What comes after the customer's «Дальше»; null: nothing. */
export function nextStep(note: Note): NewCard | null {
  const [text, ...following] = note.following;
  const { card } = note.note;
  if (text === undefined || card === null) return null;
  return { text, card: { ...card, step: card.step + 1 }, following };
}

/** The same card in simpler words, where its template has them. */
export function plainOf(note: CallNote): NewCard | null {
  const { card } = note;
  if (card === null || !(card.kind in TEMPLATES)) return null;
  const plain = TEMPLATES[card.kind as FormKind].find((template) => template.text === note.text)?.plain;
  return plain === undefined ? null : { text: plain, card, following: [] };
}

/** Whether the customer was told that the agent is away, and not yet that he is back. */
export function isPaused(notes: readonly Note[]): boolean {
  const kind = notes.findLast(({ note }) => note.card?.kind === "pause" || note.card?.kind === "return")?.note.card
    ?.kind;
  return kind === "pause";
}

/** Where a card stands, in words. */
export function stateWords(each: Note, notes: readonly Note[]): string {
  const answers = notes.filter(({ note }) => note.answer_to === each.note.note_id && note.answer !== null);
  if (answers.length > 0) return `Ответ: ${answers.map(({ note }) => answerWords(note)).join(", ")}`;
  if (!each.shown) return each.late ? "Не доставлена: терминал не отвечает" : "Отправляется…";
  const newer = notes.slice(notes.indexOf(each) + 1).some(({ note }) => note.card !== null);
  return newer ? "Показана, сменилась следующей" : "На экране, ждём ответа";
}

/** Whether the customer asks for other words. */
export function asksSimpler(each: Note, notes: readonly Note[]): boolean {
  const asking = ({ note }: Note) => note.answer === "simpler" || note.answer === "explain";
  return notes.some((other) => other.note.answer_to === each.note.note_id && asking(other));
}

function answerWords(note: CallNote): string {
  return note.answer === null || note.answer === "option" ? `«${note.text}»` : ANSWER_WORDS[note.answer];
}

export function plainCard(kind: CardKind): Card {
  return { kind, title: "", options: [], step: 0, steps: 0, amount_minor: 0, account: "" };
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function wrongOptions(options: readonly string[]): string | null {
  if (options.length === 1 || options.length > OPTIONS_MAX) return `Своих ответов может быть от 2 до ${OPTIONS_MAX}`;
  if (new Set(options).size < options.length) return "Ответы повторяются";
  if (options.some((option) => option.length > OPTION_LENGTH_MAX)) return `Ответ длиннее ${OPTION_LENGTH_MAX} знаков`;
  return null;
}
