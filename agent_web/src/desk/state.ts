/** What the agent's desk shows. Pure: no socket, no DOM, no clock (it is told the time). */
import type {
  ActiveCall,
  AgentState,
  AgentStateChanged,
  CallEnded,
  CallEndReason,
  CallNote,
  CallStarted,
  CaseRegistered,
  CommandRefused,
  DeskSnapshot,
  DocumentTold,
  HelpTold,
  Incident,
  OfferedCall,
  PartyInvited,
  Plate,
  QueueChanged,
  RoomChanged,
  SendingTold,
  ServerToAgent,
  StaffNote,
  StillTold,
  Topic,
  TopicGuide,
  WorkplaceJudged,
} from "../contract.gen";
import {
  afterCases,
  afterCheck,
  afterLate,
  afterNote,
  afterPreflight,
  afterRecording,
  hasNewCase,
  isOnCall,
} from "./call_changes";
import type { CommandPurpose, Pending } from "./commands";
import { afterPaper, NO_PAPERS } from "./documents";
import { heldSince } from "./hold";
import { afterIncident } from "./incidents";
import { afterOffer, afterWithdrawal, ringing } from "./offers";
import { type Ring, ringAfter } from "./ring_back";
import { afterInvitation, afterInvitationClosed, afterRoom } from "./rooms";
import { withStaffNote } from "./staff";

/** The four stages of a conversation (clause 6.3.2), in their order. */
export const STAGES = ["identification", "registration", "consultation", "closing"] as const;
export type Stage = (typeof STAGES)[number];

/** What the agent is busy with. Times are the page's own milliseconds. */
export type Work =
  | { at: "not_ready" }
  | { at: "ready" }
  | { at: "ringing"; call: OfferedCall; rangAtMs: number; untilMs: number }
  | { at: "on_call"; call: ActiveCall; startedAtMs: number; stage: Stage }
  | { at: "guest"; room: RoomChanged; startedAtMs: number } // in another agent's call
  | { at: "wrap_up"; call: ActiveCall; startedAtMs: number; endedAtMs: number; reason: CallEndReason | null };

export type Link = "connecting" | "open" | "lost";

export type { CommandPurpose, Pending };

/** One sentence for the agent that stays until closed or until the next call. */
export type Notice =
  | { code: "too_late" | "ring_timeout" | "customer_left" | "taken" }
  | { code: "command_failed"; purpose: CommandPurpose; reason: string };

export interface Queue {
  waiting: number;
  longestWaitMs: number;
  agentsOnDuty: number;
  asOfMs: number;
}

/** A note of the call; `shown`: the terminal has told that it stands before the customer; `late`: it should have. */
export interface Note {
  note: CallNote;
  shown: boolean;
  late: boolean;
  following: readonly string[]; // texts of the steps after this card
}

export interface Desk {
  link: Link;
  plate: Plate | null; // null until the first snapshot
  topics: readonly Topic[];
  guides: readonly TopicGuide[];
  queue: Queue;
  serverAheadMs: number;
  work: Work;
  pending: Pending | null;
  notice: Notice | null;
  lastCase: CaseRegistered | null;
  notes: readonly Note[]; // of the present call, until the next one
  staffNotes: readonly StaffNote[]; // of colleagues, not read yet
  incidents: readonly Incident[]; // told to a supervisor, not taken yet
  alarm: Incident | null; // raised in the present call: the script
  ring: Ring | null; // of the wrap-up: the terminal is rung back
  heldSinceMs: number | null; // the customer waits for the agent, who is away
  stills: readonly StillTold[]; // papers asked of the customer of the present call
  document: DocumentTold | null; // that was shown last in the present call
  sendings: readonly SendingTold[]; // written cards offered to go by SMS or e-mail
  help: HelpTold | null; // how it stands with the form at the terminal; null: it has told nothing
  workplace: WorkplaceJudged | null; // as the office judged it last; null: not looked at yet
  room: RoomChanged | null; // the call has more than two; null: it goes direct
  invitation: PartyInvited | null;
  presentFrom: number; // from this one on they are of the present case
}

/** What happens on the page itself. */
export type PageEvent =
  | { type: "LinkOpened" }
  | { type: "LinkLost" }
  | { type: "CommandSent"; pending: Pending }
  | { type: "CommandUnanswered"; commandId: string }
  | { type: "StageChosen"; stage: Stage }
  | { type: "NoteSent"; note: CallNote; following: readonly string[] }
  | { type: "NoteLate"; noteId: string }
  | { type: "IncidentTaken"; incidentId: string }
  | { type: "StaffNoteClosed"; noteId: string }
  | { type: "NoticeClosed" }
  | { type: "LastCaseClosed" };

export type DeskEvent = ServerToAgent | PageEvent;

export const EMPTY_DESK: Desk = {
  link: "connecting",
  plate: null,
  topics: [],
  guides: [],
  queue: { waiting: 0, longestWaitMs: 0, agentsOnDuty: 0, asOfMs: 0 },
  serverAheadMs: 0,
  work: { at: "not_ready" },
  pending: null,
  notice: null,
  lastCase: null,
  notes: [],
  staffNotes: [],
  incidents: [],
  alarm: null,
  ring: null,
  heldSinceMs: null,
  ...NO_PAPERS,
  help: null,
  workplace: null,
  room: null,
  invitation: null,
  presentFrom: 0,
};

/** The desk after `event`, which reached the page at `nowMs`. */
export function next(desk: Desk, event: DeskEvent, nowMs: number): Desk {
  const after = changed(desk, event, nowMs);
  if (after.notes === desk.notes && after.work === desk.work) return after;
  const heldSinceMs = after.work.at === "on_call" ? heldSince(desk.heldSinceMs, after.notes, nowMs) : null;
  return heldSinceMs === after.heldSinceMs ? after : { ...after, heldSinceMs };
}

function changed(desk: Desk, event: DeskEvent, nowMs: number): Desk {
  switch (event.type) {
    case "DeskSnapshot":
      return afterSnapshot(desk, event, nowMs);
    case "WorkplaceJudged":
      return { ...desk, workplace: event };
    case "QueueChanged":
      return { ...desk, queue: queueOf(event, nowMs) };
    case "AgentStateChanged":
      return afterAgentState(desk, event, nowMs);
    case "CallOffered":
      return afterOffer(desk, event, nowMs);
    case "OfferWithdrawn":
      return afterWithdrawal(desk, event);
    case "CallChecked":
      return afterPreflight(desk, event);
    case "CallStarted":
      return afterStart(desk, event);
    case "CategoryChecked":
      return afterCheck(desk, event);
    case "CallCasesChanged":
      return afterCases(desk, event);
    case "CallEnded":
      return afterEnd(desk, event, nowMs);
    case "CaseRegistered":
      return { ...desk, lastCase: event, notice: null }; // the state after it comes by itself
    case "CommandRefused":
      return afterRefusal(desk, event);
    case "CommandDone":
      return desk.pending?.commandId === event.command_id ? { ...desk, pending: null } : desk;
    case "CallNote":
      return afterNote(desk, { note: event, shown: true, late: false, following: [] });
    case "RecordingTold":
      return afterRecording(desk, event);
    case "HelpTold":
      return isOnCall(desk, event.call_id) ? { ...desk, help: event } : desk;
    case "StillTold":
    case "DocumentTold":
    case "SendingTold":
      return afterPaper(desk, event);
    case "NoteSent":
      return afterNote(desk, { note: event.note, shown: false, late: false, following: event.following });
    case "NoteLate":
      return afterLate(desk, event.noteId);
    case "PartyInvited":
      return afterInvitation(desk, event);
    case "InvitationClosed":
      return afterInvitationClosed(desk, event);
    case "RoomChanged":
      return afterRoom(desk, event, nowMs);
    case "SdpOffer":
    case "SdpAnswer":
    case "IceCandidate":
      return desk; // the call's media takes these
    case "LinkOpened":
      return { ...desk, link: "open" };
    case "LinkLost":
      return afterLoss(desk);
    case "CommandSent":
      return { ...desk, pending: event.pending, notice: null };
    case "CommandUnanswered":
      return afterSilence(desk, event.commandId);
    case "StageChosen":
      return desk.work.at === "on_call" ? { ...desk, work: { ...desk.work, stage: event.stage } } : desk;
    case "StaffNote":
      return { ...desk, staffNotes: withStaffNote(desk.staffNotes, event) };
    case "IncidentRaised":
      return afterIncident(desk, event.incident);
    case "IncidentTaken":
      return { ...desk, incidents: desk.incidents.filter((each) => each.incident_id !== event.incidentId) };
    case "RingTold":
      return { ...desk, ring: ringAfter(event, nowMs) };
    case "StaffNoteClosed":
      return { ...desk, staffNotes: desk.staffNotes.filter((note) => note.note_id !== event.noteId) };
    case "NoticeClosed":
      return { ...desk, notice: null };
    case "LastCaseClosed":
      return { ...desk, lastCase: null };
    default:
      return event satisfies never; // a new message type does not compile until it is handled
  }
}

/** The stage after this one; the last one has none. */
export function stageAfter(stage: Stage): Stage | null {
  return STAGES[STAGES.indexOf(stage) + 1] ?? null;
}

function afterSnapshot(desk: Desk, snapshot: DeskSnapshot, nowMs: number): Desk {
  const serverAheadMs = snapshot.server_time_ms - nowMs;
  const work = workOf(snapshot, desk.work, serverAheadMs, nowMs);
  const notes = desk.notes.filter(({ note }) => note.call_id === snapshot.active?.call_id);
  return {
    ...desk,
    link: "open",
    plate: snapshot.plate,
    topics: snapshot.topics,
    guides: snapshot.guides,
    queue: queueOf(snapshot, nowMs),
    serverAheadMs,
    work,
    pending: null,
    notes,
    presentFrom: hasNewCase(desk.work, work) ? notes.length : desk.presentFrom,
    help: null, // the terminal tells it anew
    room: null, // and the office this
    invitation: null,
  };
}

function workOf(snapshot: DeskSnapshot, before: Work, serverAheadMs: number, nowMs: number): Work {
  const { active, offered } = snapshot;
  switch (snapshot.state) {
    case "not_ready":
    case "ready":
      return { at: snapshot.state };
    case "in_room":
      return before.at === "guest" ? before : { at: "not_ready" }; // who he is with is told by itself
    case "ringing":
      return offered === null ? { at: "ready" } : ringing(offered, nowMs);
    case "on_call":
      return active === null ? { at: "not_ready" } : onCall(active, before, serverAheadMs);
    case "wrap_up":
      return active === null ? { at: "not_ready" } : toldWrapUp(active, before, serverAheadMs, nowMs);
    default:
      return snapshot.state satisfies never;
  }
}

type OnCall = Extract<Work, { at: "on_call" }>;

function onCall(call: ActiveCall, before: Work, serverAheadMs: number): OnCall {
  const same = before.at === "on_call" && before.call.call_id === call.call_id;
  return {
    at: "on_call",
    call,
    startedAtMs: call.started_at_ms - serverAheadMs,
    stage: same ? before.stage : "identification",
  };
}

function wrapUp(call: OnCall, before: Work, nowMs: number): Work {
  if (before.at === "wrap_up" && before.call.call_id === call.call.call_id) return before;
  return { at: "wrap_up", call: call.call, startedAtMs: call.startedAtMs, endedAtMs: nowMs, reason: null };
}

/** The wrap-up as the server knows it: the call ended when it ended, not when this page came back. */
function toldWrapUp(active: ActiveCall, before: Work, serverAheadMs: number, nowMs: number): Work {
  const work = wrapUp(onCall(active, before, serverAheadMs), before, nowMs);
  if (work === before || work.at !== "wrap_up" || !active.ended_at_ms) return work;
  return { ...work, endedAtMs: active.ended_at_ms - serverAheadMs, reason: active.end_reason };
}

function queueOf(figures: QueueChanged | DeskSnapshot, nowMs: number): Queue {
  return {
    waiting: figures.waiting,
    longestWaitMs: figures.longest_wait_ms,
    agentsOnDuty: figures.agents_on_duty,
    asOfMs: nowMs,
  };
}

/** Nobody can be answered without a link: a ring ends, and the snapshot after it tells whether it still rings. */
function afterLoss(desk: Desk): Desk {
  const link = desk.plate === null ? "connecting" : "lost";
  return { ...desk, link, pending: null, work: desk.work.at === "ringing" ? { at: "ready" } : desk.work };
}

/** The server decides the state; what a busy state needs beside its name comes in its own message. */
function afterAgentState(desk: Desk, event: AgentStateChanged, nowMs: number): Desk {
  const state: AgentState = event.state;
  switch (state) {
    case "not_ready":
    case "ready":
      return { ...desk, work: { at: state } };
    case "wrap_up":
      return desk.work.at === "on_call" ? { ...desk, work: wrapUp(desk.work, desk.work, nowMs) } : desk;
    case "ringing":
    case "on_call":
    case "in_room":
      return desk;
    default:
      return state satisfies never;
  }
}

function afterStart(desk: Desk, event: CallStarted): Desk {
  return {
    ...desk,
    work: onCall(event.call, desk.work, desk.serverAheadMs),
    pending: null,
    notice: null,
    lastCase: null,
    notes: [],
    alarm: null,
    ...NO_PAPERS,
    help: null,
    presentFrom: 0,
    ring: null,
  };
}

function afterEnd(desk: Desk, event: CallEnded, nowMs: number): Desk {
  const { work } = desk;
  if (work.at === "wrap_up" && work.call.call_id === event.call_id) {
    return { ...desk, work: { ...work, reason: event.reason } };
  }
  if (work.at !== "on_call" || work.call.call_id !== event.call_id) return desk;
  const { call, startedAtMs } = work;
  return { ...desk, pending: null, work: { at: "wrap_up", call, startedAtMs, endedAtMs: nowMs, reason: event.reason } };
}

function afterRefusal(desk: Desk, event: CommandRefused): Desk {
  const { pending, work } = desk;
  if (pending?.commandId !== event.command_id) return desk;
  if (pending.purpose === "accept" && work.at === "ringing") {
    return { ...desk, pending: null, work: { at: "ready" }, notice: { code: "too_late" } };
  }
  return { ...desk, pending: null, notice: failure(pending, event.reason) };
}

function afterSilence(desk: Desk, commandId: string): Desk {
  if (desk.pending?.commandId !== commandId) return desk;
  return { ...desk, pending: null, notice: failure(desk.pending, "no_answer") };
}

function failure(pending: Pending, reason: string): Notice {
  return { code: "command_failed", purpose: pending.purpose, reason };
}
