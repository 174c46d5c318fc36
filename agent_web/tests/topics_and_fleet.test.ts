import { describe, expect, it } from "vitest";
import type { DeviceReport } from "../src/contract.gen";
import { searchTopics, topicByTitle } from "../src/desk/topic_search";
import { deviceKind, deviceSign, fleetSums, notesCount, terminalSign } from "../src/operations/fleet";
import { TOPICS, terminalRow } from "./builders";

function found(typed: string): string[] {
  return searchTopics(TOPICS, typed).flatMap((group) => group.topics.map((topic) => topic.topic_id));
}

describe("the search of topics", () => {
  it("shows all under their groups when nothing is typed", () => {
    expect(searchTopics(TOPICS, " ").map((group) => group.title)).toEqual([
      "Счета и начисления",
      "Показания приборов учёта",
    ]);
  });

  it("finds by beginnings of words in any order, in any case, with е for ё", () => {
    expect(found("ПЕРЕРАСЧЕТ")).toEqual(["charges.recalculate"]);
    expect(found("показ перед")).toEqual(["readings.submit"]);
    expect(found("счет")).toEqual(["charges.explain", "charges.recalculate"]);
    expect(found("расчёт")).toEqual([]); // inside a word is no beginning
  });

  it("takes what the customer chose on the terminal when it is a leaf", () => {
    expect(topicByTitle(TOPICS, " перерасчет ")?.topic_id).toBe("charges.recalculate");
    expect(topicByTitle(TOPICS, "")).toBeUndefined();
  });
});

function device(state: string, fault = "none"): DeviceReport {
  return { device_class: "receipt_printer", state, fault, detail: "", model: "", serial: "" };
}

describe("a terminal in words", () => {
  it.each([
    ["works", terminalRow({ devices: [device("online")] }), "работает"],
    ["has never been here", terminalRow({ online: false, last_seen_ms: 0 }), "ещё не подключался"],
    ["is silent", terminalRow({ online: false, devices: [device("hardware_error")] }), "нет связи"],
    ["is broken", terminalRow({ devices: [device("online"), device("hardware_error", "jammed")] }), "неисправность"],
    ["needs paper", terminalRow({ devices: [device("user_error", "paper_out")] }), "нужен человек"],
    ["misses its camera", terminalRow({ devices: [device("no_device")] }), "нужен человек"],
  ])("%s", (_, row, words) => expect(terminalSign(row).words).toBe(words));

  it("tells a device's fault, its warning, and what it does not know by the word it came with", () => {
    expect(deviceSign(device("user_error", "paper_out"))).toMatchObject({ tone: "caution", words: "нет бумаги" });
    expect(deviceSign(device("online", "paper_low"))).toMatchObject({ tone: "caution", words: "мало бумаги" });
    expect(deviceSign(device("melted"))).toMatchObject({ tone: "caution", words: "melted" });
    expect(deviceKind({ ...device("online"), device_class: "coin_acceptor" }).name).toBe("coin_acceptor");
  });

  it("sums what stands above the table", () => {
    const cassette = { total_minor: 150_000, notes: [{ value_minor: 50_000, count: 3 }], in_doubt_minor: 0 };
    const rows = [terminalRow({ cassette }), terminalRow({ online: false, undelivered_payments: 2, cassette })];
    expect(fleetSums(rows)).toEqual({ terminals: 2, working: 1, troubled: 1, cashMinor: 300_000, undelivered: 2 });
    expect(notesCount(cassette).replace("\u00a0", " ")).toBe("3 купюры");
  });
});
