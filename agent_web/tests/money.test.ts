import { describe, expect, it } from "vitest";
import type { CollectionRow, MoneyItemRow, PaymentRow } from "../src/contract.gen";
import {
  decidedProposal,
  isClaimable,
  isMovable,
  isSlipNumber,
  isUnderWay,
  itemNumber,
  itemSign,
  meansWords,
  orderWords,
  ownerWords,
  pastWords,
  paymentAdvice,
  paymentSign,
  proposalWords,
  receiptWords,
  recountDifferences,
  recountOf,
  recountSign,
  recountValues,
  searchQuery,
  slipNumber,
  sumMinor,
  txnMoment,
  waitingProposal,
} from "../src/money/money";

const NOTHING = { what: "", day: "", from: "", until: "" };
const plain = (text: string): string => text.replace(/\u00a0/g, " ");

function payment(change: Partial<PaymentRow> = {}): PaymentRow {
  return {
    terminal_id: "T-1",
    terminal_title: "Невский-1",
    txn_id: "26112314120000010001",
    account: "001234567",
    service: "electricity",
    means: "cash",
    amount_minor: 50_000,
    fee_minor: 0,
    txn_date: "20261123141205",
    outcome: "credited",
    provider_txn: "77",
    receipt: "printed",
    fiscal: "",
    taken_ms: 1,
    answered_ms: 2,
    ...change,
  };
}

function item(change: Partial<MoneyItemRow> = {}): MoneyItemRow {
  return {
    item_id: "i1",
    kind: "unallocated",
    terminal_id: "T-1",
    terminal_title: "Невский-1",
    reference: "1",
    account: "007",
    amount_minor: 50_000,
    owner: "accounting",
    detail: "",
    opened_ms: 1,
    closed_ms: 0,
    resolution: "",
    proposals: [],
    mine: false,
    ...change,
  };
}

function collection(change: Partial<CollectionRow> = {}): CollectionRow {
  return {
    terminal_id: "T-1",
    terminal_title: "Невский-1",
    collection_id: "c1",
    number: 1,
    authorised: true,
    collector: "Петров",
    seal: "17",
    opened_ms: 1,
    closed_ms: 2,
    total_minor: 100_000,
    in_doubt_minor: 0,
    counts: [{ value_minor: 50_000, count: 2 }],
    counted: [{ value_minor: 50_000, count: 2 }],
    counted_minor: 100_000,
    counted_by: "orlova",
    counted_ms: 3,
    ...change,
  };
}

describe("a search", () => {
  it.each([
    ["an account, spaces and all", { what: " 001 234 567 " }, "account=001234567"],
    ["a slip's number in fives", { what: "26112 31412 00000 10001" }, "number=26112314120000010001"],
    ["a whole day", { day: "2026-11-23" }, "since=20261123000000&until=20261123235960"],
    [
      "a time within it",
      { day: "2026-11-23", from: "14:05", until: "15:30" },
      "since=20261123140500&until=20261123153000",
    ],
    ["both", { what: "Л-1", day: "2026-11-23" }, "account=%D0%9B-1&since=20261123000000&until=20261123235960"],
  ])("asks by %s", (_, form, query) => expect(searchQuery({ ...NOTHING, ...form })).toEqual({ query }));

  it("says what is missing", () => {
    expect(searchQuery(NOTHING)).toEqual({ trouble: "Введите лицевой счёт, номер с чека или дату" });
    expect(searchQuery({ ...NOTHING, what: "1", from: "10:00" })).toEqual({ trouble: "К времени нужна дата" });
  });

  it("knows a slip's number from an account by its length", () => {
    expect(isSlipNumber("26112314120000010001")).toBe(true);
    expect(isSlipNumber("001234567")).toBe(false);
    expect(isSlipNumber("Л26112314120000010001")).toBe(false);
  });
});

describe("a payment in words", () => {
  it("has a number in fives and the terminal's own time", () => {
    expect(slipNumber("26112314120000010001")).toBe("26112 31412 00000 10001");
    expect(slipNumber("261123141200000100")).toBe("26112 31412 00000 100");
    expect(txnMoment("20261123141205")).toBe("23.11.2026 14:12:05");
  });

  it.each([
    ["credited", "good", "Номер зачисления 77."],
    ["refused", "bad", "Лицевой счёт не принял деньги"],
    ["unknown", "caution", "Платить ещё раз не нужно"],
  ] as const)("%s is told with its sign and advice", (outcome, tone, advice) => {
    const row = payment({ outcome });
    expect(paymentSign(row).tone).toBe(tone);
    expect(paymentAdvice(row)).toContain(advice);
  });

  it("tells of the slip, the means, and a word it does not know", () => {
    expect(receiptWords(payment({ fiscal: "ФД 12" }))).toBe("напечатан, ФД 12");
    expect(receiptWords(payment({ receipt: "" }))).toBe("нет данных");
    expect([meansWords("qr"), meansWords("shells")]).toEqual(["СБП", "shells"]);
    expect(paymentAdvice(payment({ provider_txn: "" }))).toBe("Зачислен на лицевой счёт.");
  });
});

describe("what needs a person", () => {
  it("has a sign and an owner", () => {
    expect(itemSign(item({ kind: "removal" })).tone).toBe("bad");
    expect(ownerWords(item({ owner: "operations" }))).toBe("эксплуатация");
    expect(ownerWords(item({ owner: "orlova" }))).toBe("orlova");
    expect(ownerWords(item({ owner: "orlova", mine: true }))).toBe("orlova (вы)");
  });

  it.each([
    ["unallocated", "26112314120000010001", "Номер с чека", "26112 31412 00000 10001"],
    ["wrong_account", "claim-26112314120000010001", "Номер с чека", "26112 31412 00000 10001"],
    ["conflict", "payment-26112314120000010001", "Номер с чека", "26112 31412 00000 10001"],
    ["difference", "billing-missing_here-26112314120000010001", "Номер с чека", "26112 31412 00000 10001"],
    ["difference", "bank-duplicated-000123456789", "Номер операции", "000123456789"],
    ["difference", "fiscal-missing_there-4411", "Номер документа", "4411"],
    ["in_doubt", "17-abcdef01", "Запись журнала №", "17"],
  ] as const)("of %s is looked for by its number: %s", (kind, reference, name, value) =>
    expect(itemNumber(item({ kind, reference }))).toEqual({ name, value }),
  );

  it.each([
    ["recount", "26112318000000010009-50000"],
    ["difference", "device-50000-20261123"],
    ["fiscal", "warning-memory-2-20261123"],
    ["card_review", "26112314120000010001-c1"],
    ["settlement", "26112314120000010001"],
    ["chain", "journal-0123456789abcdef"],
    ["unallocated", "AD10001246OADML7"],
  ] as const)("of %s shows no key of the office: %s", (kind, reference) =>
    expect(itemNumber(item({ kind, reference }))).toBeNull(),
  );

  it("is moved only where there is money", () => {
    expect(isMovable(item())).toBe(true);
    expect(isMovable(item({ amount_minor: 0 }))).toBe(false);
    expect(isMovable(item({ kind: "recount" }))).toBe(false);
  });

  it("shows the proposal that waits, and none that is decided", () => {
    const proposal = {
      proposal_id: "p1",
      act: "readdress" as const,
      account: "008",
      reason: "ошибка",
      proposed_by: "orlova",
      proposed_ms: 1,
      state: "proposed" as const,
      decided_by: "",
      decided_ms: 0,
      mine: false,
      by_hand: false,
      progress: "",
      order: null,
    };
    expect(waitingProposal(item({ proposals: [proposal] }))).toBe(proposal);
    expect(waitingProposal(item({ proposals: [{ ...proposal, state: "declined" }] }))).toBeUndefined();
    const approved = { ...proposal, state: "approved" as const };
    expect(decidedProposal(item({ proposals: [approved] }))).toBe(approved);
    expect(decidedProposal(item({ proposals: [approved], closed_ms: 5 }))).toBeUndefined();
    expect(plain(proposalWords(item(), proposal))).toBe("Зачислить 500,00 ₽ на счёт 008");
    expect(plain(proposalWords(item(), { ...proposal, act: "refund" }))).toBe("Вернуть клиенту 500,00 ₽");
    expect(isUnderWay(item({ proposals: [approved] }))).toBe(true);
    expect(isUnderWay(item({ proposals: [{ ...approved, by_hand: true }] }))).toBe(false);
    expect(isUnderWay(item({ proposals: [proposal] }))).toBe(false);
    expect(pastWords(item(), proposal)).toBeNull();
    const failed = { ...approved, state: "failed" as const, decided_by: "petrov", progress: "Биллинг отказал, код 5" };
    expect(plain(pastWords(item(), failed) ?? "")).toBe(
      "Зачислить 500,00 ₽ на счёт 008: предложил orlova, подтвердил petrov. Не удалось: биллинг отказал, код 5.",
    );
    const order = {
      ordered_ms: 0,
      told_ms: 0,
      terminal_seen_ms: 100_000,
      may_withdraw: false,
      withdrawn_by: "orlova",
      withdrawn_reason: "Клиент передумал",
      withdrawn_ms: 1,
    };
    const withdrawn = { ...approved, state: "withdrawn" as const, decided_by: "petrov", order };
    expect(plain(pastWords(item(), withdrawn) ?? "")).toBe(
      "Зачислить 500,00 ₽ на счёт 008: предложил orlova, подтвердил petrov. Отозвал orlova: клиент передумал.",
    );
    expect(plain(orderWords(order, 130_000))).toBe("Решено 2 мин назад.");
    expect(plain(orderWords(order, 7_300_000))).toBe("Решено 2 ч назад. Терминал был на связи 2 ч назад.");
    expect(plain(orderWords({ ...order, terminal_seen_ms: 0 }, 1_000))).toContain("ещё не выходил на связь");
  });

  it("takes a claim for credited payments only", () => {
    expect(isClaimable(payment())).toBe(true);
    for (const outcome of ["refused", "unknown", "cancelled"] as const) {
      expect(isClaimable(payment({ outcome }))).toBe(false);
    }
  });
});

describe("a recount", () => {
  it("asks for every value in use and for those of the journal, largest first", () => {
    const values = recountValues(collection({ counts: [{ value_minor: 7, count: 1 }] }));
    expect(values[0]).toBe(500_000);
    expect(values.at(-1)).toBe(7);
  });

  it("reads whole numbers and refuses others by the value", () => {
    const typed = new Map([
      [50_000, " 2 "],
      [10_000, ""],
      [5_000, "0"],
    ]);
    const counted = [
      { value_minor: 50_000, count: 2 },
      { value_minor: 5_000, count: 0 },
    ];
    expect(recountOf(typed)).toEqual({ counted });
    expect(recountOf(new Map([[50_000, " "]]))).toHaveProperty("trouble");
    for (const bad of ["1.5", "-1", "две", "123456"]) {
      expect(recountOf(new Map([[50_000, bad]]))).toHaveProperty("trouble");
    }
    expect(sumMinor([{ value_minor: 50_000, count: 2 }])).toBe(100_000);
  });

  it("tells before it is written what differs, by the value", () => {
    const counted = [
      { value_minor: 50_000, count: 1 },
      { value_minor: 1_000, count: 2 },
      { value_minor: 500, count: 0 },
    ];
    const told = recountDifferences(collection(), counted).map(plain);
    expect(told).toEqual(["500 ₽: не хватает 1 шт.", "10 ₽: лишних 2 шт."]);
    expect(recountDifferences(collection(), [{ value_minor: 50_000, count: 2 }])).toEqual([]);
  });

  it("is told as it came out", () => {
    expect(recountSign(collection({ counted_ms: 0 }))).toBeNull();
    expect(recountSign(collection())?.words).toBe("сошлось");
    expect(plain(recountSign(collection({ counted_minor: 90_000 }))?.words ?? "")).toBe("недостача 100,00 ₽");
    expect(plain(recountSign(collection({ counted_minor: 110_000 }))?.words ?? "")).toBe("излишек 100,00 ₽");
    const others = collection({ counted: [{ value_minor: 100_000, count: 1 }] });
    expect(recountSign(others)?.tone).toBe("caution");
  });
});
