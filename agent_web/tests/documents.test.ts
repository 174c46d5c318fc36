import { describe, expect, it } from "vitest";
import type { DocumentTold } from "../src/contract.gen";
import { decodeMessage } from "../src/desk/decode";
import { documentWords, FILE_SIZE_MAX, namedPapers, sheetsWords, wrongFile } from "../src/desk/documents";
import { EMPTY_DESK, next } from "../src/desk/state";
import { activeCall, snapshot } from "./builders";

const TOLD: DocumentTold = {
  type: "DocumentTold",
  call_id: "call-1",
  document_id: "d1",
  state: "shown",
  page: 1,
  sheets: "none",
  printer: "ready",
};
const TALK = next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall() }), 0);

describe("a document shown to the customer", () => {
  it("stands as the terminal has told it, of this call only", () => {
    expect(next(TALK, decodeMessage(JSON.stringify(TOLD)), 0).document).toEqual(TOLD);
    expect(next(TALK, { ...TOLD, call_id: "another" }, 0)).toBe(TALK);
  });

  it("says which page stands there and how it is with paper", () => {
    expect(documentWords(TOLD)).toBe("Перед клиентом страница 2");
    expect(sheetsWords(TOLD)).toBe("Клиент может напечатать документ");
    expect(sheetsWords({ ...TOLD, printer: "" })).toBe("Принтера А4 у терминала нет");
    expect(sheetsWords({ ...TOLD, printer: "paper_out" })).toBe("Принтер А4 не печатает: кончилась бумага");
    expect(sheetsWords({ ...TOLD, sheets: "done" })).toBe("Напечатано на терминале");
    expect(sheetsWords({ ...TOLD, state: "closed" })).toBe("");
  });

  it("names photos of cases by their case and place, the first to come first", () => {
    const paper = (number: string, attachment_id: string, arrived_at_ms: number) => ({
      number,
      attachment_id,
      arrived_at_ms,
    });
    const named = namedPapers([paper("26-1", "b", 20), paper("26-2", "c", 15), paper("26-1", "a", 10)]);
    expect(named.map(([{ attachment_id }, words]) => [attachment_id, words])).toEqual([
      ["a", "№ 26-1, документ 1 из 2"],
      ["c", "№ 26-2, документ 1 из 1"],
      ["b", "№ 26-1, документ 2 из 2"],
    ]);
  });

  it("refuses what is empty or too large before it is sent", () => {
    expect(wrongFile(0)).not.toBeNull();
    expect(wrongFile(FILE_SIZE_MAX)).toBeNull();
    expect(wrongFile(FILE_SIZE_MAX + 1)).toContain("10 МБ");
  });
});
