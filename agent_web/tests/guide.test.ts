import { expect, it } from "vitest";
import type { TopicGuide } from "../src/contract.gen";
import { guideOf, stepsOf, toggled } from "../src/desk/guide";

const EVERY: TopicGuide = { topic_id: "", say: [], steps: ["Поздороваться", "Попрощаться"] };
const TARIFF: TopicGuide = {
  topic_id: "charges.tariff",
  say: ["У вас газовая плита?"],
  steps: ["Поздороваться", "Назвать тариф", "Попрощаться"],
};

it("the guide is that of the topic, and what holds for every talk while none is chosen", () => {
  expect(guideOf([EVERY, TARIFF], "charges.tariff")).toBe(TARIFF);
  expect(guideOf([EVERY, TARIFF], null)).toBe(EVERY);
  expect(guideOf([EVERY, TARIFF], "charges.explain")).toBe(EVERY);
  expect(guideOf([], "charges.tariff").steps).toEqual([]);
});

it("a step done before the topic was chosen stays done, and a second touch takes the tick away", () => {
  const ticked = toggled([], "Поздороваться");
  expect(stepsOf(guideOf([EVERY, TARIFF], "charges.tariff"), ticked).map(({ done }) => done)).toEqual([
    true,
    false,
    false,
  ]);
  expect(toggled(toggled(ticked, "Назвать тариф"), "Поздороваться")).toEqual(["Назвать тариф"]);
});
