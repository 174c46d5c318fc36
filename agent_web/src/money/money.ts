/** What the page «Деньги» says and asks. Pure. */
import type {
  CollectionCount,
  CollectionRow,
  MoneyItemKind,
  MoneyItemRow,
  OrderProgress,
  PaymentRow,
  ProposalRow,
  ProposalState,
} from "../contract.gen";
import { ago, noteValue, rubles } from "../format";
import type { Sign } from "../operations/fleet";

const SLIP_NUMBER_DIGITS_MIN = 15;

/** What a search asks the office for; nothing typed is nothing asked. */
export interface SearchForm {
  what: string; // an account, or the number from a slip
  day: string; // YYYY-MM-DD, as a date field gives it
  from: string; // HH:MM
  until: string; // HH:MM
}

/** The query of a search, or a sentence for who typed it. */
export function searchQuery(form: SearchForm): { query: string } | { trouble: string } {
  const typed = form.what.replace(/\s/g, "");
  const day = form.day.replace(/-/g, "");
  if (typed === "" && day === "") return { trouble: "Введите лицевой счёт, номер с чека или дату" };
  if (day === "" && (form.from !== "" || form.until !== "")) return { trouble: "К времени нужна дата" };
  const query = new URLSearchParams();
  if (typed !== "") query.set(isSlipNumber(typed) ? "number" : "account", typed);
  if (day !== "") {
    query.set("since", day + clockDigits(form.from, "000000"));
    query.set("until", day + clockDigits(form.until, "235960"));
  }
  return { query: query.toString() };
}

/** Numbers of slips are 18 to 20 digits; accounts are shorter. */
export function isSlipNumber(typed: string): boolean {
  return /^[0-9]+$/.test(typed) && typed.length >= SLIP_NUMBER_DIGITS_MIN;
}

function clockDigits(time: string, otherwise: string): string {
  return time === "" ? otherwise : `${time.replace(":", "")}00`;
}

/** The number as it stands on the slip: in fives. */
export function slipNumber(txnId: string): string {
  return txnId.replace(/(.{5})(?=.)/g, "$1 ");
}

/** `20261123141200` -> «23.11.2026 14:12:00», the terminal's own wall. */
export function txnMoment(txnDate: string): string {
  const part = (from: number, to: number): string => txnDate.slice(from, to);
  return `${part(6, 8)}.${part(4, 6)}.${part(0, 4)} ${part(8, 10)}:${part(10, 12)}:${part(12, 14)}`;
}

const MEANS_WORDS: Record<string, string> = { cash: "наличные", card: "карта", qr: "СБП" };

export function meansWords(means: string): string {
  return MEANS_WORDS[means] ?? means;
}

/** What became of a payment. */
export function paymentSign(row: PaymentRow): Sign {
  switch (row.outcome) {
    case "credited":
      return { tone: "good", icon: "check", words: "зачислен" };
    case "refused":
      return { tone: "bad", icon: "warning", words: "отказ, деньги у нас" };
    case "unknown":
      return { tone: "caution", icon: "busy", words: "зачисляется" };
    case "cancelled":
      return { tone: "caution", icon: "absent", words: "отменён по обращению" };
    default:
      return row.outcome satisfies never;
  }
}

/** What the consultant says to the customer about it. */
export function paymentAdvice(row: PaymentRow): string {
  switch (row.outcome) {
    case "credited":
      return row.provider_txn === "" ? "Зачислен на лицевой счёт." : `Номер зачисления ${row.provider_txn}.`;
    case "refused":
      return "Лицевой счёт не принял деньги. Бухгалтерия зачислит их на верный счёт или вернёт.";
    case "unknown":
      return "Терминал повторяет запрос сам. Платить ещё раз не нужно.";
    case "cancelled":
      return "Зачисление отменено по решению двух сотрудников, что стало с деньгами, видно в разделе «Закрыто».";
    default:
      return row.outcome satisfies never;
  }
}

const RECEIPT_WORDS: Record<string, string> = { printed: "напечатан", not_printed: "не напечатан" };

export function receiptWords(row: PaymentRow): string {
  const paper = RECEIPT_WORDS[row.receipt] ?? "нет данных";
  return row.fiscal === "" ? paper : `${paper}, ${row.fiscal}`;
}

const KIND_SIGNS: Record<MoneyItemKind, Sign> = {
  in_doubt: { tone: "caution", icon: "note", words: "купюра под вопросом" },
  unallocated: { tone: "bad", icon: "account", words: "не зачислено" },
  wrong_account: { tone: "caution", icon: "person", words: "платили не на тот счёт" },
  card_review: { tone: "bad", icon: "account", words: "карта: сумма не та" },
  coins_lost: { tone: "caution", icon: "warning", words: "потеряны монеты" },
  removal: { tone: "bad", icon: "warning", words: "кассету вынули без входа" },
  recount: { tone: "bad", icon: "note", words: "пересчёт не сошёлся" },
  settlement: { tone: "caution", icon: "account", words: "сверка с банком не сошлась" },
  fiscal: { tone: "caution", icon: "printer", words: "чек не пробит" },
  difference: { tone: "caution", icon: "search", words: "расхождение сверки" },
  conflict: { tone: "bad", icon: "fault", words: "спор записей" },
  chain: { tone: "bad", icon: "link_lost", words: "журнал повреждён" },
};

export function itemSign(item: MoneyItemRow): Sign {
  return KIND_SIGNS[item.kind];
}

const OWNER_WORDS: Record<string, string> = {
  accounting: "бухгалтерия",
  operations: "эксплуатация",
  billing: "поддержка биллинга",
  bank: "банк",
};

/** A department by its word; a person by login. */
export function ownerWords(item: MoneyItemRow): string {
  return OWNER_WORDS[item.owner] ?? (item.mine ? `${item.owner} (вы)` : item.owner);
}

const OF_PAYMENT: readonly MoneyItemKind[] = ["unallocated", "wrong_account", "conflict"];
const RECORD = /^([0-9]{1,18})-[0-9a-f]{8}$/;
const LINE_OF_REGISTER = /^(billing|bank|fiscal)-[a-z_]+-(.+)$/;

/** The number by which people look for an item on paper or in a journal; null where it has only the office's own key. */
export function itemNumber(item: MoneyItemRow): { name: string; value: string } | null {
  const record = RECORD.exec(item.reference);
  if (record !== null) return { name: "Запись журнала №", value: record[1] ?? "" };
  const line = item.kind === "difference" ? LINE_OF_REGISTER.exec(item.reference) : null;
  const number = line === null ? item.reference.replace(/^(claim|payment)-/, "") : (line[2] ?? "");
  if (line === null && !OF_PAYMENT.includes(item.kind)) return null;
  if (isSlipNumber(number)) return { name: "Номер с чека", value: slipNumber(number) };
  return line === null ? null : { name: line[1] === "fiscal" ? "Номер документа" : "Номер операции", value: number };
}

/** A credited payment may have been meant for another account. */
export function isClaimable(row: PaymentRow): boolean {
  return row.outcome === "credited";
}

/** Whether there is money that can be credited elsewhere or given back. */
export function isMovable(item: MoneyItemRow): boolean {
  const movable: readonly MoneyItemKind[] = ["in_doubt", "unallocated", "card_review", "wrong_account", "conflict"];
  return item.amount_minor > 0 && movable.includes(item.kind);
}

/** The proposal that waits for a second person. */
export function waitingProposal(item: MoneyItemRow): ProposalRow | undefined {
  return item.proposals.find((proposal) => proposal.state === "proposed");
}

/** What two people have decided and somebody has still to do. */
export function decidedProposal(item: MoneyItemRow): ProposalRow | undefined {
  return item.closed_ms > 0 ? undefined : item.proposals.find((proposal) => proposal.state === "approved");
}

/** The terminal is at it: the page looks again by itself. */
export function isUnderWay(item: MoneyItemRow): boolean {
  const decided = decidedProposal(item);
  return decided !== undefined && !decided.by_hand;
}

const STATE_WORDS: Partial<Record<ProposalState, string>> = {
  declined: "отклонил",
  done: "подтвердил",
  failed: "подтвердил",
  withdrawn: "подтвердил",
};

/** What was decided before and how it ended, a sentence; null while it is open. */
export function pastWords(item: MoneyItemRow, proposal: ProposalRow): string | null {
  const decided = STATE_WORDS[proposal.state];
  if (decided === undefined) return null;
  const words = `${proposalWords(item, proposal)}: предложил ${proposal.proposed_by}, ${decided} ${proposal.decided_by}.`;
  if (proposal.state === "withdrawn" && proposal.order !== null) {
    return `${words} Отозвал ${proposal.order.withdrawn_by}: ${lowered(proposal.order.withdrawn_reason)}.`;
  }
  return proposal.state === "failed" ? `${words} Не удалось: ${lowered(proposal.progress)}.` : words;
}

const SILENT_MS_MIN = 60_000;

/** How old an order is, and since when its terminal says nothing. */
export function orderWords(order: OrderProgress, nowMs: number): string {
  const age = `Решено ${ago(nowMs - order.ordered_ms)}.`;
  if (order.terminal_seen_ms === 0) return `${age} Терминал ещё не выходил на связь.`;
  const silentMs = nowMs - order.terminal_seen_ms;
  return silentMs < SILENT_MS_MIN ? age : `${age} Терминал был на связи ${ago(silentMs)}.`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

export function proposalWords(item: MoneyItemRow, proposal: ProposalRow): string {
  const amount = rubles(item.amount_minor);
  return proposal.act === "refund" ? `Вернуть клиенту ${amount}` : `Зачислить ${amount} на счёт ${proposal.account}`;
}

/** Values that the recount asks for: those of the journal, and every note and coin in use. */
export const VALUES_MINOR = [500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 1_000, 500, 200, 100] as const;

export function recountValues(collection: CollectionRow): number[] {
  const values = new Set([...VALUES_MINOR, ...collection.counts.map((each) => each.value_minor)]);
  return [...values].sort((one, other) => other - one);
}

/** Typed numbers by value to counts, or a sentence. An empty field is none, an empty form is forgotten. */
export function recountOf(typed: ReadonlyMap<number, string>): { counted: CollectionCount[] } | { trouble: string } {
  const counted: CollectionCount[] = [];
  for (const [valueMinor, text] of typed) {
    const number = text.trim();
    if (number === "") continue;
    if (!/^[0-9]{1,5}$/.test(number)) return { trouble: `${noteValue(valueMinor)}: введите целое число штук` };
    counted.push({ value_minor: valueMinor, count: Number(number) });
  }
  return counted.length > 0 ? { counted } : { trouble: "Введите, сколько насчитали: 0, если денег не было" };
}

export function sumMinor(counts: readonly CollectionCount[]): number {
  return counts.reduce((sum, each) => sum + each.value_minor * each.count, 0);
}

/** How a recount came out; null before it. */
export function recountSign(collection: CollectionRow): Sign | null {
  if (collection.counted_ms === 0) return null;
  const differs = collection.counted_minor - collection.total_minor;
  if (differs !== 0) {
    const words = `${differs > 0 ? "излишек" : "недостача"} ${rubles(Math.abs(differs))}`;
    return { tone: "bad", icon: "warning", words };
  }
  return sameCounts(collection)
    ? { tone: "good", icon: "check", words: "сошлось" }
    : { tone: "caution", icon: "warning", words: "сумма та, номиналы другие" };
}

/** What of a count differs from the journal, a line each, largest value first; empty: nothing does. */
export function recountDifferences(collection: CollectionRow, counted: readonly CollectionCount[]): string[] {
  const here = new Map(collection.counts.map((each) => [each.value_minor, each.count]));
  const there = new Map(counted.map((each) => [each.value_minor, each.count]));
  const values = [...new Set([...here.keys(), ...there.keys()])].sort((one, other) => other - one);
  return values
    .map((value) => ({ value, differs: (there.get(value) ?? 0) - (here.get(value) ?? 0) }))
    .filter(({ differs }) => differs !== 0)
    .map(
      ({ value, differs }) => `${noteValue(value)}: ${differs > 0 ? "лишних" : "не хватает"} ${Math.abs(differs)} шт.`,
    );
}

function sameCounts(collection: CollectionRow): boolean {
  const text = (counts: readonly CollectionCount[]): string =>
    counts
      .filter((each) => each.count > 0)
      .map((each) => `${each.value_minor}×${each.count}`)
      .sort()
      .join();
  return text(collection.counts) === text(collection.counted);
}
