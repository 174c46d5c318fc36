import { describe, expect, it } from "vitest";
import type { CallNote, CardAnswer } from "../src/contract.gen";
import {
  asksSimpler,
  type CardDraft,
  cardOf,
  isPaused,
  type NewCard,
  nextStep,
  pauseCard,
  plainOf,
  returnCard,
  stateWords,
  TEMPLATES,
  TEXT_LENGTH_MAX,
} from "../src/desk/cards";
import type { Note } from "../src/desk/state";

const DRAFT: CardDraft = { kind: "confirm", title: "", text: " Срок три дня ", options: "" };
const FIXED = { type: "CallNote", call_id: "call-1", drawing: null } as const;

function made(draft: Partial<CardDraft>): NewCard {
  const card = cardOf({ ...DRAFT, ...draft });
  if ("error" in card) throw new Error(card.error);
  return card;
}

function sent({ text, card, following }: NewCard, note_id = "k", shown = true): Note {
  const note: CallNote = { ...FIXED, note_id, author: "agent", text, card, answer_to: "", answer: null };
  return { note, shown, late: false, following };
}

function answer(answer: CardAnswer, text = "", to = "k"): Note {
  const note: CallNote = {
    ...FIXED,
    note_id: `${to}-${answer}`,
    author: "customer",
    text,
    card: null,
    answer_to: to,
    answer,
  };
  return { note, shown: true, late: false, following: [] };
}

describe("a card of the form", () => {
  it("says what was typed, without the spaces around", () => {
    expect(made({})).toEqual({
      text: "Срок три дня",
      card: { kind: "confirm", title: "", options: [], step: 0, steps: 0, amount_minor: 0, account: "" },
      following: [],
    });
  });

  it.each([
    ["nothing typed", { text: "  " }, "Напишите текст карточки"],
    ["too long", { text: "я".repeat(TEXT_LENGTH_MAX + 1) }, "Текст длиннее 500 знаков"],
    ["a long title", { title: "я".repeat(61) }, "Заголовок длиннее 60 знаков"],
    ["one option", { kind: "question", options: "Да" }, "Своих ответов может быть от 2 до 4"],
    ["five options", { kind: "question", options: "1\n2\n3\n4\n5" }, "Своих ответов может быть от 2 до 4"],
    ["options alike", { kind: "question", options: "Да\n Да " }, "Ответы повторяются"],
    ["a long option", { kind: "question", options: `Да\n${"я".repeat(31)}` }, "Ответ длиннее 30 знаков"],
    ["too many steps", { kind: "step", text: "шаг\n".repeat(21) }, "Шагов больше 20"],
    ["a long step", { kind: "step", text: `шаг\n${"я".repeat(501)}` }, "Текст длиннее 500 знаков"],
  ] as const)("is refused in one sentence: %s", (_, draft, error) => {
    expect(cardOf({ ...DRAFT, ...draft })).toEqual({ error });
  });

  it("of a question has options only where the agent wrote some", () => {
    expect(made({ kind: "question" }).card.options).toEqual([]);
    expect(made({ kind: "question", options: " Дома\n\nВ подъезде" }).card.options).toEqual(["Дома", "В подъезде"]);
    expect(made({ options: "Дома\nВ подъезде" }).card.options).toEqual([]);
  });

  it("of steps is one step, and each «Дальше» brings one more until there is none", () => {
    const first = made({ kind: "step", text: "Раз\n\nДва\nТри" });
    expect([first.text, first.card.step, first.card.steps]).toEqual(["Раз", 1, 3]);
    const second = nextStep(sent(first));
    expect(second).toMatchObject({ text: "Два", card: { step: 2, steps: 3 } });
    const third = second && nextStep(sent(second));
    expect(third).toMatchObject({ text: "Три", card: { step: 3, steps: 3 }, following: [] });
    expect(third && nextStep(sent(third))).toBeNull();
  });

  it("can be made of every template as it stands, but those that want a word of the agent", () => {
    for (const [kind, templates] of Object.entries(TEMPLATES)) {
      for (const { title, text } of templates) {
        const card = cardOf({ kind: kind as CardDraft["kind"], title, text, options: "" });
        if (text === "") expect(card).toEqual({ error: "Напишите текст карточки" });
        else expect(card).not.toHaveProperty("error");
      }
    }
  });
});

describe("the state of a card", () => {
  const card = sent(made({}));

  it("goes from being sent to being shown to its answer", () => {
    expect(stateWords({ ...card, shown: false }, [])).toBe("Отправляется…");
    expect(stateWords({ ...card, shown: false, late: true }, [])).toBe("Не доставлена: терминал не отвечает");
    expect(stateWords(card, [card])).toBe("На экране, ждём ответа");
    expect(stateWords(card, [card, sent(made({}), "k2")])).toBe("Показана, сменилась следующей");
    expect(stateWords(card, [card, answer("understood")])).toBe("Ответ: Понятно");
    expect(stateWords(card, [card, answer("yes", "", "another")])).toBe("На экране, ждём ответа");
    expect(stateWords(card, [card, answer("option", "В подъезде")])).toBe("Ответ: «В подъезде»");
    expect(stateWords(card, [card, answer("printed"), answer("understood")])).toBe("Ответ: Напечатано, Понятно");
  });

  it("that asks for simpler words has them where the template does", () => {
    const [template] = TEMPLATES.confirm;
    const hard = sent(made({ text: template?.text ?? "" }));
    expect(asksSimpler(hard, [hard])).toBe(false);
    expect(asksSimpler(hard, [hard, answer("simpler")])).toBe(true);
    expect(asksSimpler(hard, [hard, answer("explain")])).toBe(true);
    expect(plainOf(hard.note)).toMatchObject({ text: template?.plain, card: { kind: "confirm" } });
    expect(plainOf(card.note)).toBeNull();
    expect(plainOf(sent(pauseCard("Пауза")).note)).toBeNull();
  });
});

it("a pause lasts until the return that was told", () => {
  const pause = sent(pauseCard("Проверяю"));
  expect(isPaused([])).toBe(false);
  expect(isPaused([pause, sent(made({}), "k2")])).toBe(true);
  expect(isPaused([pause, sent(returnCard(), "k3")])).toBe(false);
});
