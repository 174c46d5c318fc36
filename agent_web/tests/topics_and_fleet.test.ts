import { describe, expect, it } from "vitest";
import type { DeviceReport } from "../src/contract.gen";
import { searchTopics, topicByTitle } from "../src/desk/topic_search";
import { deviceKind, deviceSign, fleetSums, mostUrgentFirst, notesCount, terminalSign } from "../src/operations/fleet";
import { alarmSign, cashStopWords, detailWords, storageView } from "../src/operations/trouble_words";
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
  const named = { device_class: "receipt_printer", detail: "", model: "", serial: "" };
  return { ...named, state, fault, fitted: true, storage: [] };
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
    expect(deviceKind({ ...device("online"), device_class: "coin_acceptor" }).name).toBe("Монетоприёмник");
    expect(deviceKind({ ...device("online"), device_class: "teleporter" }).name).toBe("teleporter");
  });

  it("takes a device that the project has not for no fault", () => {
    const none = { ...device("no_device"), fitted: false };
    expect(deviceSign(none)).toMatchObject({ tone: "absent", words: "нет по проекту" });
    expect(terminalSign(terminalRow({ devices: [device("online"), none] })).words).toBe("работает");
  });

  it("puts an alarm before everything else", () => {
    const battery = { kind: "on_battery", since_ms: 1 };
    const sos = { kind: "sos", since_ms: 2 };
    expect(terminalSign(terminalRow({ alarms: [battery] }))).toMatchObject({ tone: "caution" });
    expect(terminalSign(terminalRow({ alarms: [battery, sos] })).words).toBe("нажата кнопка SOS");
    const rows = [terminalRow({ title: "А" }), terminalRow({ title: "Я", alarms: [sos] })];
    expect(mostUrgentFirst(rows).map((row) => row.title)).toEqual(["Я", "А"]);
    expect(alarmSign({ kind: "flood", since_ms: 0 }).words).toBe("flood");
  });

  it("says in Russian why cash is stopped and what a driver adds, and keeps codes for the technician", () => {
    expect(cashStopWords("")).toBe("");
    expect(cashStopWords("cassette_full")).toBe("кассета полна");
    expect(detailWords("another device: serial 222, before 111; /dev/ttyUSB0: another program holds the port")).toEqual(
      {
        words: ["Другое устройство: номер 222, раньше был 111", "Порт занят другой программой"],
        codes: [],
      },
    );
    expect(detailWords("1b initialise does not end")).toEqual({ words: [], codes: ["1b initialise does not end"] });
    expect(detailWords("")).toEqual({ words: [], codes: [] });
  });

  it("tells how full a cassette is", () => {
    const unit = { unit_id: "cassette", status: "high", count: 900, count_max: 1000, counts: [], unknown_count: 0 };
    expect(storageView(unit)).toMatchObject({ name: "Кассета", share: 0.9, filled: "900 из 1000" });
    expect(storageView({ ...unit, count_max: 0 }).share).toBe(0);
  });

  it("sums what stands above the table", () => {
    const cassette = { total_minor: 150_000, notes: [{ value_minor: 50_000, count: 3 }], in_doubt_minor: 0 };
    const rows = [terminalRow({ cassette }), terminalRow({ online: false, undelivered_payments: 2, cassette })];
    expect(fleetSums(rows)).toEqual({ terminals: 2, working: 1, troubled: 1, cashMinor: 300_000, undelivered: 2 });
    expect(notesCount(cassette).replace("\u00a0", " ")).toBe("3 купюры");
  });
});
