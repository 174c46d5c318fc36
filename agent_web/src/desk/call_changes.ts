/** What is told within a call: notes, and cases of it. Pure parts of `next`. */
import type {
  CallCasesChanged,
  CallChecked,
  CallContext,
  CategoryChecked,
  OfferWithdrawn,
  RecordingTold,
} from "../contract.gen";
import type { Desk, Note, Notice, Work } from "./state";

/** A note that is known already only gets to be shown; one of another call is none of ours. */
export function afterNote(desk: Desk, told: Note): Desk {
  const { note, shown } = told;
  if (!isOnCall(desk, note.call_id)) return desk;
  const known = desk.notes.find((each) => each.note.note_id === note.note_id);
  if (known === undefined) return { ...desk, notes: [...desk.notes, told] };
  const again = { ...known, note, shown: known.shown || shown, late: false };
  return { ...desk, notes: desk.notes.map((each) => (each === known ? again : each)) };
}

/** The terminal has not told in time that this note stands there. */
export function afterLate(desk: Desk, noteId: string): Desk {
  const isLate = (each: Note) => each.note.note_id === noteId && !each.shown;
  return { ...desk, notes: desk.notes.map((each) => (isLate(each) ? { ...each, late: true } : each)) };
}

/** What the agent said of the document stands beside the customer's name. */
export function afterCheck(desk: Desk, event: CategoryChecked): Desk {
  const { work } = desk;
  if (work.at !== "on_call" || work.call.call_id !== event.call_id) return desk;
  const turn = { ...work.call.context.turn, verdict: event.verdict };
  return { ...desk, work: { ...work, call: { ...work.call, context: { ...work.call.context, turn } } } };
}

export function afterCases(desk: Desk, event: CallCasesChanged): Desk {
  const { work } = desk;
  if (work.at !== "on_call" || work.call.call_id !== event.call_id) return desk;
  const after = { ...work, call: { ...work.call, cases: event.cases, portal: event.portal } };
  return { ...desk, presentFrom: hasNewCase(work, after) ? desk.notes.length : desk.presentFrom, work: after };
}

/** The terminal's own state and the way to talk may change while it rings, and just as the agent answers. */
export function afterPreflight(desk: Desk, event: CallChecked): Desk {
  const { work } = desk;
  if (work.at === "ringing" && work.call.call_id === event.call_id) {
    return { ...desk, work: { ...work, call: { ...work.call, ...checked(work.call, event) } } };
  }
  if (work.at === "on_call" && work.call.call_id === event.call_id) {
    return { ...desk, work: { ...work, call: { ...work.call, ...checked(work.call, event) } } };
  }
  return desk;
}

function checked({ context }: { context: CallContext }, { way, preflight }: CallChecked) {
  return { way, context: { ...context, preflight } };
}

/** Whether the call is recorded stands on the picture throughout (clause 9.4.3). */
export function afterRecording(desk: Desk, event: RecordingTold): Desk {
  const { work } = desk;
  if (work.at !== "on_call" || work.call.call_id !== event.call_id) return desk;
  return { ...desk, work: { ...work, call: { ...work.call, recording: event.state } } };
}

/** In the same call: told by itself, or by the snapshot after a lost link. */
export function hasNewCase(before: Work, after: Work): boolean {
  if (before.at !== "on_call" || after.at !== "on_call" || before.call.call_id !== after.call.call_id) return false;
  return after.call.cases.length > before.call.cases.length;
}

export function isOnCall(desk: Desk, callId: string): boolean {
  return desk.work.at === "on_call" && desk.work.call.call_id === callId;
}

/** Why a ring ended, in a word for the agent; null: nothing to tell. */
export function withdrawal(event: OfferWithdrawn): Notice | null {
  switch (event.reason) {
    case "timeout":
      return { code: "ring_timeout" };
    case "customer_left":
      return { code: "customer_left" };
    case "taken":
      return { code: "taken" };
    default:
      return null; // declined by this agent: nothing to tell
  }
}
