/** What the operations page says of self-service. Pure. */
import type { SelfServiceAnswer, SelfServicePath } from "../contract.gen";

/** Visits of all three kinds. */
export function visitsOf(answer: SelfServiceAnswer): number {
  return answer.alone + answer.with_consultant + answer.left;
}

/** A part of a whole in whole per cent: «62 %»; of nothing there is no share. */
export function share(part: number, whole: number): string {
  return whole === 0 ? "нет данных" : `${Math.round((100 * part) / whole)}\u00a0%`;
}

const PATH_WORDS: Record<SelfServicePath, string> = {
  service: "услуга терминала",
  article: "ответ в Справочнике",
  none: "нет: нужен ответ или услуга",
};

/** How a customer settles a topic at the terminal without a consultant. */
export function pathWords(path: SelfServicePath): string {
  return PATH_WORDS[path];
}
