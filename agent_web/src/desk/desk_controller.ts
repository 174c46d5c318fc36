/** Joins the desk's pure state with its socket, its media, its ring and its drafts. */
import { signal } from "@preact/signals";
import { nowMs } from "../clock";
import type {
  AgentToServer,
  CallNote,
  Card,
  CloseWrapUp,
  Danger,
  Misconduct,
  OfferedCall,
  PortalAnswer,
  ServerToAgent,
} from "../contract.gen";
import { hasNewCase } from "./call_changes";
import { CallMedia } from "./call_media";
import { CHECKING, isPaused, type NewCard, nextStep, pauseCard, returnCard, SWITCHED_OFF } from "./cards";
import { caseOf, closingOf, isSummarised, presentCase, type SettledDraft, settled } from "./closing";
import { type ConnectionListener, DeskConnection } from "./connection";
import { type CaseDraft, clearDrafts, type DraftStore, EMPTY_DRAFT, loadDraft, nextDraft, saveDraft } from "./draft";
import { RingSound } from "./ring_sound";
import { APOLOGY } from "./staff";
import {
  type CommandPurpose,
  type Desk,
  type DeskEvent,
  EMPTY_DESK,
  type Note,
  next,
  type Stage,
  stageAfter,
} from "./state";
import { topicByTitle } from "./topic_search";
import { WorkplaceWatch } from "./workplace_watch";

const SHOWN_MS_MAX = 3_000; // a terminal whose link stands has told long before that a note is on its screen

export type DeskEnd = "signed_out" | "replaced";

type Command = Extract<AgentToServer, { command_id: string }>;

/** One agent's desk. Views read the signals and call the verbs. */
export class DeskController implements ConnectionListener {
  readonly desk = signal<Desk>(EMPTY_DESK);
  readonly draft = signal<CaseDraft>(EMPTY_DRAFT);
  readonly ring = new RingSound();
  readonly media: CallMedia;
  readonly workplace: WorkplaceWatch;
  private readonly connection: DeskConnection;

  constructor(
    url: string,
    private readonly drafts: DraftStore,
    isSignedIn: () => Promise<boolean>,
    private readonly onEnd: (end: DeskEnd) => void,
  ) {
    this.connection = new DeskConnection(url, this, isSignedIn);
    this.media = new CallMedia((message) => void this.connection.send(message));
    this.workplace = new WorkplaceWatch((seen) => void this.connection.send(seen));
  }

  open(): void {
    this.connection.open();
  }

  close(): void {
    this.connection.close();
    this.ring.stop();
    this.media.end();
    this.workplace.stop();
  }

  // --- what the agent does ---

  async setReady(ready: boolean): Promise<void> {
    void this.ring.unlock();
    if (ready && this.desk.value.work.at === "not_ready") await this.workplace.settled();
    this.command("ready", (command_id) => ({ type: "SetReady", command_id, ready }));
  }

  accept(): void {
    const { work } = this.desk.value;
    if (work.at !== "ringing") return;
    const { call_id, token } = work.call;
    this.command("accept", (command_id) => ({ type: "AcceptCall", command_id, call_id, token }));
  }

  decline(): void {
    const { work } = this.desk.value;
    if (work.at !== "ringing") return;
    const { call_id, token } = work.call;
    this.command("decline", (command_id) => ({ type: "DeclineCall", command_id, call_id, token }));
  }

  endCall(): void {
    this.commandIn("on_call", "end", (ids) => ({ type: "EndCall", ...ids }));
  }

  /** After the warning; the office refuses it without one. */
  endForMisconduct(reason: Misconduct, comment: string): void {
    this.commandIn("on_call", "misconduct", (ids) => ({ type: "EndForMisconduct", ...ids, reason, comment }));
  }

  raiseAlarm(danger: Danger, test: boolean): void {
    this.commandIn("on_call", "alarm", (ids) => ({ type: "RaiseAlarm", ...ids, danger, test }));
  }

  /** From the wrap-up; the talk goes on if the customer answers. */
  ringBack(): void {
    this.commandIn("wrap_up", "ring", (ids) => ({ type: "RingBack", ...ids }));
  }

  stopRinging(): void {
    this.commandIn("wrap_up", "ring", (ids) => ({ type: "StopRinging", ...ids }));
  }

  incidentTaken(incidentId: string): void {
    this.apply({ type: "IncidentTaken", incidentId });
  }

  /** The document that gives a place out of turn was shown, or there is none: then the customer waits in his place. */
  checkCategory(confirmed: boolean): void {
    this.commandIn("on_call", "check", (ids) => ({ type: "CheckCategory", ...ids, confirmed }));
  }

  /** Shows words to the customer, large over the picture. */
  writeNote(text: string): void {
    if (text.trim() !== "") this.sendNote(text.trim(), null, []);
  }

  /** Puts a card on the customer's screen. */
  sendCard({ text, card, following }: NewCard): void {
    this.sendNote(text, card, following);
  }

  /** One that did not arrive: under its own id, so that nobody sees it twice. */
  sendAgain(noteId: string): void {
    const lost = this.desk.value.notes.find(({ note }) => note.note_id === noteId);
    if (lost !== undefined) this.send(lost.note, lost.following);
  }

  /** «Помочь заполнить»: the customer is asked; nothing begins before his touch. */
  offerHelp(): void {
    this.tellCall((call_id) => ({ type: "HelpOffered", call_id }));
  }

  withdrawHelp(): void {
    this.tellCall((call_id) => ({ type: "HelpWithdrawn", call_id }));
  }

  /** «Попросить показать документ»: the customer decides. */
  askStill(): void {
    this.tellCall((call_id) => ({ type: "AskStill", call_id, still_id: crypto.randomUUID() }));
  }

  withdrawStill(still_id: string): void {
    this.tellCall((call_id) => ({ type: "WithdrawStill", call_id, still_id }));
  }

  /** A value for the field of this form; the customer writes it in, or does not. */
  propose(form: string, value: string): void {
    const proposal_id = crypto.randomUUID();
    this.tellCall((call_id) => ({ type: "FieldProposed", call_id, proposal_id, form, value }));
  }

  switchMicrophone(): void {
    this.media.switchMicrophone();
    this.tellPresence(SWITCHED_OFF);
  }

  switchCamera(): void {
    this.media.switchCamera();
    this.tellPresence(SWITCHED_OFF);
  }

  /** «Пауза: проверяю информацию», and back: the customer is told first, then nothing is heard or seen. */
  pause(why = CHECKING): void {
    const paused = isPaused(this.desk.value.notes);
    if (!paused) this.sendCard(pauseCard(why));
    if (this.media.microphoneOn.value !== paused) this.media.switchMicrophone();
    if (this.media.cameraOn.value !== paused) this.media.switchCamera();
    if (paused) this.sendCard(returnCard());
  }

  /** Before the agent turns to a colleague; a customer who waits already was told. */
  apologise(): void {
    if (!isPaused(this.desk.value.notes)) this.pause(APOLOGY);
  }

  readStaffNote(noteId: string): void {
    this.apply({ type: "StaffNoteClosed", noteId });
    void this.connection.send({ type: "StaffNoteRead", note_id: noteId });
  }

  chooseStage(stage: Stage): void {
    this.apply({ type: "StageChosen", stage });
    this.editDraft({ stage });
  }

  advanceStage(): void {
    const { work } = this.desk.value;
    const following = work.at === "on_call" ? stageAfter(work.stage) : null;
    if (following !== null) this.chooseStage(following);
  }

  /** Changes the form and keeps it at once: a crash of the page costs not a letter. */
  editDraft(change: Partial<CaseDraft>): void {
    this.draft.value = { ...this.draft.value, ...change };
    const callId = this.callId();
    if (callId !== null) saveDraft(this.drafts, callId, this.draft.value);
  }

  /** The form as it would be sent now. */
  settledDraft(): SettledDraft {
    const { work, notes, presentFrom } = this.desk.value;
    const present = caseOf(work);
    const summarised = work.at === "on_call" || isSummarised(notes.slice(presentFrom)); // in the talk it still may be
    return settled(this.draft.value, present?.due_latest ?? "", summarised);
  }

  registerCase(): void {
    const form = this.desk.value.work.at === "wrap_up" ? this.filledForm() : null;
    if (form !== null) this.command("wrap_up", (command_id) => ({ type: "CloseWrapUp", command_id, ...form }));
  }

  /** «Есть ещё вопрос»: the present case is closed by its form, the next one begins with an empty one. */
  nextCase(): void {
    const { work } = this.desk.value;
    const form = this.filledForm();
    if (work.at !== "on_call" || form === null) return;
    const case_number = presentCase(work.call)?.number ?? "";
    this.command("next_case", (command_id) => ({ type: "NextCase", command_id, case_number, ...form }));
  }

  /** What the customer has said of the ЛКК. */
  tellPortal(answer: PortalAnswer): void {
    this.commandIn("on_call", "portal", (ids) => ({ type: "TellPortal", ...ids, answer }));
  }

  closeNotice(): void {
    this.apply({ type: "NoticeClosed" });
  }

  closeLastCase(): void {
    this.apply({ type: "LastCaseClosed" });
  }

  // --- what the connection tells ---

  onOpen(): void {
    this.apply({ type: "LinkOpened" });
  }

  onLost(): void {
    this.apply({ type: "LinkLost" });
  }

  onUnanswered(commandId: string): void {
    this.apply({ type: "CommandUnanswered", commandId });
  }

  onReplaced(): void {
    this.close();
    this.onEnd("replaced");
  }

  onSignedOut(): void {
    this.close();
    this.onEnd("signed_out");
  }

  onMessage(message: ServerToAgent): void {
    const { notes: before, work } = this.desk.value;
    this.apply(message);
    if (message.type === "CallNote") this.goOn(message, before);
    if (hasNewCase(work, this.desk.value.work)) {
      this.editDraft(nextDraft(this.draft.value, this.desk.value.guides));
      this.apply({ type: "StageChosen", stage: "registration" });
    }
    this.media.take(message).catch(reportError);
    if (message.type === "WorkplaceJudged") this.workplace.judged(message.may_serve);
    if (message.type === "DeskSnapshot") {
      clearDrafts(this.drafts, this.callId());
      for (const { note, shown } of this.desk.value.notes) if (!shown) void this.connection.send(note);
    }
  }

  // --- inside ---

  /** «Дальше», heard for the first time, brings the next step. */
  private goOn(told: CallNote, before: readonly Note[]): void {
    if (told.answer !== "next" || before.some(({ note }) => note.note_id === told.note_id)) return;
    const stepped = before.find(({ note }) => note.note_id === told.answer_to);
    const following = stepped === undefined ? null : nextStep(stepped);
    if (following !== null) this.sendCard(following);
  }

  /** Nobody is left before a silent or dark screen without a word; nobody waits who need not. */
  private tellPresence(text: string): void {
    const away = !(this.media.microphoneOn.value && this.media.cameraOn.value);
    if (away === isPaused(this.desk.value.notes)) return;
    this.sendCard(away ? pauseCard(text) : returnCard());
  }

  /** The terminal's answer is what the page shows: what is lost on the way is seen by its absence. */
  tellCall(build: (callId: string) => AgentToServer): void {
    const { work } = this.desk.value;
    if (work.at === "on_call") void this.connection.send(build(work.call.call_id));
  }

  private filledForm(): Pick<CloseWrapUp, "call_id" | "kind" | "topic_id" | "summary" | "closing"> | null {
    const call_id = this.callId();
    const draft = this.settledDraft();
    const { kind, topicId: topic_id } = draft;
    if (call_id === null || kind === null || topic_id === null) return null;
    return { call_id, kind, topic_id, summary: draft.summary.trim(), closing: closingOf(draft) };
  }

  private sendNote(text: string, card: Card | null, following: readonly string[]): void {
    const { work } = this.desk.value;
    if (work.at !== "on_call") return;
    const { call_id } = work.call;
    const note_id = crypto.randomUUID();
    const fixed = { type: "CallNote", author: "agent", drawing: null, answer_to: "", answer: null } as const;
    this.send({ ...fixed, call_id, note_id, text, card }, following);
  }

  private send(note: CallNote, following: readonly string[]): void {
    this.apply({ type: "NoteSent", note, following });
    void this.connection.send(note); // what is lost on the way goes again after the next snapshot
    setTimeout(() => this.apply({ type: "NoteLate", noteId: note.note_id }), SHOWN_MS_MAX);
  }

  /** Of the call that stands at this stage; nothing where none does. */
  private commandIn(
    at: "on_call" | "wrap_up",
    purpose: CommandPurpose,
    build: (ids: { call_id: string; command_id: string }) => Command,
  ): void {
    const { work } = this.desk.value;
    if (work.at !== at) return;
    const { call_id } = work.call;
    this.command(purpose, (command_id) => build({ call_id, command_id }));
  }

  private command(purpose: CommandPurpose, build: (commandId: string) => Command): void {
    const commandId = crypto.randomUUID();
    if (this.desk.value.pending?.purpose === purpose) return; // one press, one command
    this.apply({ type: "CommandSent", pending: { commandId, purpose } });
    if (this.connection.command(build(commandId))) return;
    this.apply({ type: "CommandRefused", command_id: commandId, reason: "offline" });
  }

  private apply(event: DeskEvent): void {
    const before = this.desk.value;
    const after = next(before, event, nowMs());
    this.desk.value = after;
    if (before.work !== after.work) this.follow(before.work, after.work);
  }

  /** What a change of work means for ring, media and form. */
  private follow(before: Desk["work"], after: Desk["work"]): void {
    if (after.at === "ringing") {
      if (before.at !== "ringing" || before.call.token !== after.call.token) this.startRing(after.call);
    } else this.ring.stop();
    this.workplace.follow(after.at === "not_ready");
    if (after.at === "on_call") this.media.begin(after.call);
    else if (after.at === "guest") this.media.begin(after.room);
    else if (after.at !== "ringing") this.media.end();
    const callId = this.callId();
    if (callId === null) {
      this.draft.value = EMPTY_DRAFT;
      clearDrafts(this.drafts, null);
    } else if (callIdOf(before) !== callId) this.openDraft(callId);
  }

  private startRing(call: OfferedCall): void {
    const { call_id, token } = call;
    this.ring.start(() => void this.connection.send({ type: "RingHeard", call_id, token }));
    this.media.warmUp();
  }

  /** The form of a call: what was typed before a reload, else the topic chosen on the terminal. */
  private openDraft(callId: string): void {
    const draft = loadDraft(this.drafts, callId);
    const { work, topics } = this.desk.value;
    const told = work.at === "on_call" || work.at === "wrap_up" ? topicByTitle(topics, work.call.topic) : undefined;
    this.draft.value = { ...draft, topicId: draft.topicId ?? told?.topic_id ?? null };
    if (work.at === "on_call" && draft.stage !== work.stage) this.apply({ type: "StageChosen", stage: draft.stage });
  }

  private callId(): string | null {
    return callIdOf(this.desk.value.work);
  }
}

/** The call whose form is open. */
function callIdOf(work: Desk["work"]): string | null {
  return work.at === "on_call" || work.at === "wrap_up" ? work.call.call_id : null;
}
