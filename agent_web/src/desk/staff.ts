/** Notes of colleagues: silent, and answered only where no customer hears it (clause 9.2.3). Pure. */
import type { StaffNote } from "../contract.gen";
import { isPaused } from "./cards";
import type { Desk } from "./state";

export const APOLOGY =
  "Извините, пожалуйста: мне нужно срочно уточнить вопрос у коллег. Я скоро вернусь, разговор не прерван";

/** One note once, the newest last. */
export function withStaffNote(notes: readonly StaffNote[], note: StaffNote): readonly StaffNote[] {
  return notes.some((known) => known.note_id === note.note_id) ? notes : [...notes, note];
}

/** Whether the agent has to apologise to his customer before he turns to a colleague. */
export function asksApology(desk: Desk): boolean {
  const urgent = desk.staffNotes.some((note) => note.urgent);
  return urgent && desk.work.at === "on_call" && !isPaused(desk.notes);
}

/** A consult never begins before a customer who hears or sees it. */
export function mayConsult(desk: Desk, microphoneOn: boolean): boolean {
  return desk.work.at !== "on_call" || (isPaused(desk.notes) && !microphoneOn);
}
