import { describe, expect, it } from "vitest";
import { ago, clock, counted, durationWords, hourMinute, moment, noteValue, plural, rubles } from "../src/format";
import { fullName, KIND_WORDS, noticeWords, STAGE_WORDS, stagePrompt, strokesWords, WAY_WORDS } from "../src/words";
import { PLATE } from "./builders";

function plain(text: string): string {
  return text.replaceAll("\u00a0", " ");
}

describe("money", () => {
  it.each([
    [0, "0,00 ₽"],
    [5, "0,05 ₽"],
    [123_456, "1 234,56 ₽"],
    [-123_456, "−1 234,56 ₽"],
    [1_234_567_890, "12 345 678,90 ₽"],
  ])("%i kopecks are %s", (minor, words) => {
    expect(plain(rubles(minor))).toBe(words);
    expect(rubles(minor)).not.toContain(" ");
  });

  it("a note has no kopecks", () => {
    expect(plain(noteValue(500_000))).toBe("5 000 ₽");
  });
});

describe("time", () => {
  it.each([
    [-5, "0:00"],
    [59_999, "0:59"],
    [600_000, "10:00"],
    [3_729_000, "1:02:09"],
  ])("%i ms on a clock are %s", (ms, words) => expect(clock(ms)).toBe(words));

  it.each([
    [59_000, "меньше минуты"],
    [7 * 60_000, "7 мин"],
    [125 * 60_000, "2 ч 05 мин"],
  ])("%i ms in words are %s", (ms, words) => expect(plain(durationWords(ms))).toBe(words));

  it.each([
    [-3_000, "только что"],
    [20_000, "20 с назад"],
    [180_000, "3 мин назад"],
    [5 * 3_600_000, "5 ч назад"],
    [21 * 86_400_000, "21 день назад"],
  ])("%i ms ago is %s", (ms, words) => expect(plain(ago(ms))).toBe(words));

  it("a moment is written day first", () => {
    expect(moment(Date.UTC(2026, 10, 23, 11, 5, 9))).toBe("23.11.2026, 14:05:09");
  });
});

it.each([
  [1, "купюра"],
  [2, "купюры"],
  [5, "купюр"],
  [11, "купюр"],
  [14, "купюр"],
  [21, "купюра"],
  [112, "купюр"],
])("%i goes with %s", (count, word) => {
  expect(plural(count, "купюра", "купюры", "купюр")).toBe(word);
  expect(plain(counted(count, "купюра", "купюры", "купюр"))).toBe(`${count} ${word}`);
});

describe("the words of the standard", () => {
  it("name the four stages exactly (6.3.2)", () => {
    expect(Object.values(STAGE_WORDS)).toEqual([
      "идентификация клиента",
      "регистрация обращения",
      "консультация/отработка обращения",
      "закрытие обращения",
    ]);
  });

  it("name the five kinds (3) and the three ways to talk (9.6.10)", () => {
    expect(Object.values(KIND_WORDS)).toEqual([
      "вопрос",
      "заявка",
      "претензия (жалоба)",
      "предложение",
      "благодарность",
    ]);
    expect(Object.values(WAY_WORDS)).toEqual(["говорить", "написать", "напечатать"]);
  });

  it("greet, name the company and the agent first (9.4.4)", () => {
    const greeting = stagePrompt("identification", PLATE);
    expect(greeting.indexOf("Добрый день")).toBeLessThan(greeting.indexOf(PLATE.company));
    expect(greeting.indexOf(PLATE.company)).toBeLessThan(greeting.indexOf(PLATE.first_name));
  });
});

it("a person without a patronymic has no gap in the name", () => {
  expect(fullName({ ...PLATE, patronymic: "" })).toBe("Орлова Мария");
});

it("a refusal of an unknown reason is still a sentence", () => {
  expect(noticeWords({ code: "command_failed", purpose: "end", reason: "brand_new" })).toBe(
    "Разговор не завершён. Сервер отказал.",
  );
  expect(noticeWords({ code: "too_late" })).toMatch(/^Уже передано/);
});

it("a time of the day is the office's, and strokes agree with their number", () => {
  expect(hourMinute(Date.UTC(2026, 10, 23, 11, 5))).toBe("14:05");
  expect([1, 2, 5].map(strokesWords).map(plain)).toEqual(["1 штрих", "2 штриха", "5 штрихов"]);
});
