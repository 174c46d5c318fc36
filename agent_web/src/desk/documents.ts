/** A document that the agent shows: what may be chosen, and what becomes of it at the terminal, in words. Pure. */
import type { CallPaper, DocumentTold, SendingTold, SheetsState, StillTold } from "../contract.gen";
import { isOnCall } from "./call_changes";
import { afterSending } from "./card_sending";
import type { Desk } from "./state";
import { afterStill } from "./stills";

export const FILE_SIZE_MAX = 10_000_000;
export const FILE_TYPES = "application/pdf,image/jpeg,image/png";

/** Of a talk that begins. */
export const NO_PAPERS: Pick<Desk, "stills" | "document" | "sendings"> = { stills: [], document: null, sendings: [] };

/** Where a document for the customer comes from. */
export type Source = "file" | "article" | "paper";
export const SOURCE_WORDS: Record<Source, string> = { file: "Файл", article: "Справочник", paper: "Обращения" };

/** Photos of cases in words that tell them apart: by their case, in the order in which they came. */
export function namedPapers(papers: readonly CallPaper[]): readonly [CallPaper, string][] {
  const sorted = papers.toSorted((one, other) => one.arrived_at_ms - other.arrived_at_ms);
  return sorted.map((paper) => {
    const ofCase = sorted.filter(({ number }) => number === paper.number);
    return [paper, `№ ${paper.number}, документ ${ofCase.indexOf(paper) + 1} из ${ofCase.length}`];
  });
}

/** What ails the printer of sheets; another word is told as it is. */
const PRINTER_WORDS: Record<string, string> = {
  paper_out: "кончилась бумага",
  jammed: "замялась бумага",
  cover_open: "открыта крышка",
  failed: "кончился тонер или неисправность",
  paused: "очередь остановлена",
  no_answer: "не отвечает",
  starting: "включается",
  offline: "не отвечает",
};

const SHEETS_WORDS: Record<SheetsState, string> = {
  none: "",
  busy: "Печатается на терминале",
  done: "Напечатано на терминале",
  failed: "На терминале не напечаталось",
};

/** One sentence about what is wrong with a file; null: it may go. The office looks inside. */
export function wrongFile(size: number): string | null {
  if (size === 0) return "Файл пуст";
  return size > FILE_SIZE_MAX ? "Файл больше 10 МБ. Покажите его по частям" : null;
}

/** Where the document is now. */
export function documentWords(told: DocumentTold): string {
  switch (told.state) {
    case "loading":
      return "Терминал загружает документ";
    case "shown":
      return `Перед клиентом страница ${told.page + 1}`;
    case "closed":
      return "Документ закрыт";
    case "failed":
      return "До терминала документ не дошёл. Покажите ещё раз";
    default:
      return told.state satisfies never;
  }
}

/** How it is with paper: what was printed, or why it cannot be. */
export function sheetsWords(told: DocumentTold): string {
  if (told.sheets !== "none") return SHEETS_WORDS[told.sheets];
  if (told.state !== "shown") return "";
  if (told.printer === "") return "Принтера А4 у терминала нет";
  if (told.printer === "ready") return "Клиент может напечатать документ";
  return `Принтер А4 не печатает: ${PRINTER_WORDS[told.printer] ?? told.printer}`;
}

/** A paper of either side; of the present call only. */
export function afterPaper(desk: Desk, told: StillTold | DocumentTold | SendingTold): Desk {
  if (told.type === "StillTold") return afterStill(desk, told);
  if (told.type === "SendingTold") return afterSending(desk, told);
  return isOnCall(desk, told.call_id) ? { ...desk, document: told } : desk;
}
