/** A hold: how long the customer waits for the agent, and what the agent is to say (clause 9.4.12). Pure. */
import type { CardAnswer } from "../contract.gen";
import { isPaused } from "./cards";
import type { Note } from "./state";
import type { Urgency } from "./timers";

export const MINUTE_MS = 45_000; // the terminal asks for one more minute
export const WAYS_MS = 120_000; // the terminal offers other ways

/** When the customer was left waiting, in the page's time; null: he is not. A page loaded anew counts from then. */
export function heldSince(before: number | null, notes: readonly Note[], nowMs: number): number | null {
  return isPaused(notes) ? (before ?? nowMs) : null;
}

export function holdUrgency(passedMs: number): Urgency {
  if (passedMs >= WAYS_MS) return "over";
  return passedMs >= MINUTE_MS ? "soon" : "calm";
}

const PROMPTS: Record<Urgency, string> = {
  calm: "Клиент ждёт. Вернитесь раньше 2:00",
  soon: "Скажите клиенту: «Ещё минуту, пожалуйста»",
  over: "Скажите клиенту, что ответ займёт больше двух минут, и предложите приём в офисе или обращение",
};

/** What the agent is asked to say. */
export function holdPrompt(passedMs: number): string {
  return PROMPTS[holdUrgency(passedMs)];
}

const TOLD: Partial<Record<CardAnswer, string>> = {
  minute: "На экране клиента: «Ещё минуту, пожалуйста»",
  ways: "На экране клиента: подождать, перезвонить, записаться на приём, оставить обращение",
  wait: "Клиент ответил: подожду ещё",
};

/** What the terminal has done by itself since the customer was left waiting, and what he answered; "": nothing yet. */
export function holdTold(notes: readonly Note[]): string {
  const since = notes.findLastIndex(({ note }) => note.card?.kind === "pause" || note.card?.kind === "return");
  const told = notes.slice(since + 1).findLast(({ note }) => note.answer !== null && note.answer in TOLD);
  return (told?.note.answer && TOLD[told.note.answer]) || "";
}
