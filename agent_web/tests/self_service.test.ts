import { describe, expect, it } from "vitest";
import { pathWords, share, visitsOf } from "../src/operations/self_service";

describe("the share of self-service", () => {
  it("is of all visits, those that came to nothing among them", () => {
    const answer = { days: 30, alone: 62, with_consultant: 30, left: 8, topics: [] };
    expect(visitsOf(answer)).toBe(100);
    expect(share(answer.alone, visitsOf(answer))).toBe("62\u00a0%");
  });

  it("of nothing is none, and no zero", () => {
    expect(share(0, 0)).toBe("нет данных");
    expect(share(0, 5)).toBe("0\u00a0%");
  });

  it("says what a topic lacks", () => {
    expect(pathWords("none")).toContain("нужен ответ");
    expect(pathWords("article")).toContain("Справочник");
  });
});
