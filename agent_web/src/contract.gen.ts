// Generated from the messages by `python -m signaling_server contract`. Do not edit.
// Times are UTC milliseconds (`_ms`), money is whole kopecks (`_minor`). A message carries its name in `type`.

/** How the customer wants to talk (clause 9.6.10): three equal ways, known to the agent before the answer. */
export type WayToTalk = "speak" | "write" | "type";

export type CallEndReason = "customer_left" | "agent_ended" | "misconduct" | "agent_lost" | "terminal_lost" | "media_failed";

export type CallRefusal = "no_agent_on_duty" | "not_accepted" | "already_in_call";

export type AgentState = "not_ready" | "ready" | "ringing" | "on_call" | "wrap_up" | "in_room";

export type PartState = "unknown" | "good" | "bad";

/** Why a part is bad. */
export type PartFault = "" | "not_fitted" | "no_device" | "nothing" | "silent" | "black" | "frozen";

/** What a terminal is to do with money that lies with us. */
export type MoveAct = "free" | "readdress" | "refund_qr" | "given_back";

export type PaymentOutcome = "credited" | "refused" | "unknown" | "cancelled";

/** What a person has to look at. */
export type MoneyItemKind = "in_doubt" | "unallocated" | "card_review" | "wrong_account" | "coins_lost" | "removal" | "recount" | "settlement" | "fiscal" | "difference" | "conflict" | "chain";

export type ProposalAct = "readdress" | "refund";

export type ProposalState = "proposed" | "approved" | "declined" | "done" | "failed" | "withdrawn";

export type NoteAuthor = "customer" | "agent" | "terminal";

/** What the agent wants of the customer. Each kind has its title and its answers. */
export type CardKind = "confirm" | "restate" | "question" | "step" | "written" | "summary" | "plan" | "attention" | "warning" | "pause" | "return" | "more" | "portal" | "payment";

export type CardAnswer = "understood" | "explain" | "yes" | "no" | "unknown" | "option" | "next" | "simpler" | "printed" | "sms" | "email" | "closed" | "minute" | "ways" | "wait" | "call_back" | "book" | "message" | "uses" | "registers" | "refused" | "pay" | "not_now" | "paid" | "not_paid";

export type HelpState = "none" | "offered" | "on";

/** What may be proposed at all. */
export type HelpField = "text" | "address" | "name" | "phone" | "email" | "account" | "number" | "reading";

export type ProposalAnswer = "taken" | "declined" | "unfit" | "refused";

/** What a one-time code by SMS opens. */
export type CodePurpose = "identify" | "informing_on" | "informing_off";

/** The five kinds of обращение (clause 3). */
export type CaseKind = "question" | "request" | "complaint" | "suggestion" | "gratitude";

/** What a complaint is about (clause 3, Жалоба). */
export type ComplaintSubject = "rights" | "contract" | "service";

/** Who the customer is (clause 2.3). */
export type Segment = "b2c" | "b2b" | "b2b2c";

/** How the customer wants the answer (clause 7.1.11). */
export type AnswerWay = "sms" | "email" | "post" | "account" | "office" | "none";

/** Clause 3, Обработка обращения. */
export type CaseState = "accepted" | "registered" | "in_work" | "answered" | "closed" | "refused";

/** When a specialist may come. */
export type VisitTime = "morning" | "afternoon" | "evening" | "any";

/** What became of a case by the end of its part of the call. */
export type CaseResult = "solved" | "in_work" | "unfinished";

/** What the customer says of the ЛКК (clause 6.3.7). */
export type PortalAnswer = "not_asked" | "uses" | "registers" | "registered" | "refused";

/** When a written case is not considered (clause 9.5.3). */
export type RefusalReason = "obscene" | "unreadable" | "already_answered" | "secret";

export type IncidentKind = "misconduct" | "alarm";

/** Why the agent ends the talk; one has to be named. */
export type Misconduct = "insult" | "obscene" | "threat" | "indecent";

/** What threatens the customer, or who stands around him. */
export type Danger = "violence" | "vandalism" | "medical" | "fire" | "other";

/** The four kinds of block (clause 3, Справочник). */
export type BlockKind = "text" | "picture" | "formula" | "table";

export type PlaceKind = "office" | "desk" | "site";

export type BookingState = "booked" | "checked_in" | "cancelled" | "no_show";

/** All that is kept of the document: yes or no. Nothing of it is copied. */
export type Verdict = "unchecked" | "confirmed" | "rejected";

/** How the customer stands with the paper that he was asked for. */
export type StillState = "asked" | "holding" | "looking" | "sending" | "sent" | "declined" | "withdrawn" | "no_camera" | "failed";

export type DocumentState = "loading" | "shown" | "closed" | "failed";

/** The document on paper. */
export type SheetsState = "none" | "busy" | "done" | "failed";

export type SendingWay = "sms" | "email";

/** How it stands with one offer; the last of each line is its end. */
export type SendingState = "asked" | "typing" | "checking" | "declined" | "withdrawn" | "not_shown" | "no_way" | "too_long" | "too_many" | "bad_address" | "queued" | "morning" | "retrying" | "taken" | "failed";

export type RingAnswer = "accepted" | "declined" | "gone";

export type RingState = "ringing" | "declined" | "gone" | "unanswered" | "missed" | "stopped";

export type PartyRole = "agent" | "interpreter" | "specialist" | "supervisor";

/** Who hears and sees a party. Everybody in the room hears and sees the customer and the joined. */
export type Presence = "listens" | "whispers" | "joined";

/** How a customer settles a topic at the terminal himself. */
export type SelfServicePath = "service" | "article" | "none";

/** Of a queue. */
export type RecordingPolicy = "off" | "on" | "choice";

/** What both sides of a call are shown, for as long as it lasts. */
export type RecordingState = "none" | "notice" | "on" | "declined" | "failed";

export type Readiness = "ready" | "partly" | "not_ready";

/** What became of a camera or a microphone that the page asked for. */
export type DeviceFound = "opened" | "missing" | "denied" | "busy" | "lost";

export type CheckName = "camera" | "microphone" | "light" | "background" | "plate";

/** What is wrong; the page has a sentence for each, with what to do. */
export type CheckFault = "none" | "missing" | "denied" | "busy" | "lost" | "silent" | "too_dark" | "too_bright" | "no_picture" | "not_set" | "different" | "empty";

export type WorkplaceActKind = "allowed" | "background";

/** Who the agent is (clause 9.1.3). Issued by the server, never by the page. */
export interface Plate {
  company: string;
  last_name: string;
  first_name: string;
  patronymic: string;
  position: string;
}

export interface IceServer {
  urls: string[];
  username: string;
  credential: string;
}

export interface CashCount {
  value_minor: number;
  count: number;
}

/** A cassette or a coin box by the counts of its device since it was emptied last (XFS4IoT storage unit). */
export interface StorageReport {
  unit_id: string;
  status: string;
  count: number;
  count_max: number;
  counts: CashCount[];
  unknown_count: number;
}

/** One device as the terminal sees it; `state` and `fault` are device_drivers.contract.status values. */
export interface DeviceReport {
  device_class: string;
  state: string;
  fault: string;
  detail: string;
  model: string;
  serial: string;
  fitted: boolean;
  storage: StorageReport[];
}

/** What a person has to know at once, while it lasts; an SOS is told for some minutes after the press. */
export interface AlarmReport {
  kind: string;
  since_ms: number;
}

/** What lies in the cassette since it was last emptied, by the terminal's journal. */
export interface CassetteReport {
  total_minor: number;
  notes: CashCount[];
  in_doubt_minor: number;
}

/** First frame of a terminal's connection. Who it is stands in its certificate, not here. */
export interface TerminalHello {
  type: "TerminalHello";
  software_version: string;
  devices: DeviceReport[];
  cassette: CassetteReport | null;
  call_id: string | null;
}

/** Every 5 s, and at once when something changed. */
export interface Heartbeat {
  type: "Heartbeat";
  sequence: number;
  screen: string;
  devices: DeviceReport[];
  cassette: CassetteReport | null;
  undelivered_payments: number;
  alarms: AlarmReport[];
  cash_stopped: string;
  preflight: LastPreflight | null;
  readiness: ReadinessReport | null;
}

/** What the customer has begun to give at the terminal: a zone of the meter, and what he typed for it. */
export interface DraftLine {
  name: string;
  value: string;
}

/** What the customer need not say again (clause 5.1.6). */
export interface CallContext {
  screen: string;
  account_masked: string;
  customer_name: string;
  segment: Segment;
  turn: Turn;
  ticket: string;
  draft: DraftLine[];
  preflight: Preflight;
  language: string;
}

/** The customer confirmed the call: the waiting clock starts. */
export interface CallRequested {
  type: "CallRequested";
  request_id: string;
  way: WayToTalk;
  topic: string;
  context: CallContext;
}

/** The customer left the waiting or ended the call. */
export interface CallCancelled {
  type: "CallCancelled";
  call_id: string;
  way_on: CardAnswer | null;
  broken: boolean;
}

/** What the terminal found of itself while the customer waits, and how he wants to talk now; to the agent as well. Told anew when it changes, until an agent has taken the call. */
export interface CallChecked {
  type: "CallChecked";
  call_id: string;
  way: WayToTalk;
  preflight: Preflight;
}

/** Made by the terminal. A higher `media_epoch` of the same call replaces the peer connection. In a room everybody offers what he sends, and is offered what each of the others sends: that is named by `feed`. */
export interface SdpOffer {
  type: "SdpOffer";
  call_id: string;
  media_epoch: number;
  sdp: string;
  feed: string;
}

/** To the offer of the same `feed`. */
export interface SdpAnswer {
  type: "SdpAnswer";
  call_id: string;
  media_epoch: number;
  sdp: string;
  feed: string;
}

/** One candidate, trickled; `candidate` empty: there are no more. */
export interface IceCandidate {
  type: "IceCandidate";
  call_id: string;
  media_epoch: number;
  candidate: string;
  sdp_mid: string | null;
  sdp_mline_index: number | null;
  feed: string;
}

/** Answer to `TerminalHello`. */
export interface TerminalWelcome {
  type: "TerminalWelcome";
  terminal_id: string;
  epoch: number;
  server_time_ms: number;
  ice_servers: IceServer[];
  agents_on_duty: number;
  heartbeat_period_ms: number;
}

/** How many agents are on duty: decides whether the terminal offers a call. */
export interface DutyChanged {
  type: "DutyChanged";
  agents_on_duty: number;
}

/** The call stands; sent again when the position changes. Position 1 is the next to be served. */
export interface CallQueued {
  type: "CallQueued";
  request_id: string;
  call_id: string;
  position: number;
  wait_min_s: number;
  wait_max_s: number;
}

export interface CallRefused {
  type: "CallRefused";
  request_id: string;
  reason: CallRefusal;
}

/** An agent took the call: the terminal now makes the SDP offer. */
export interface CallAccepted {
  type: "CallAccepted";
  call_id: string;
  plate: Plate;
  ice_servers: IceServer[];
  media_epoch: number;
  recording: RecordingPolicy;
}

/** Who is in the call besides its customer, to the terminal and to the page of each. No parties: it goes direct again, or on without whom it is told. A `media_epoch` higher than the last one begins the room, or begins it anew: everybody offers what he sends. */
export interface RoomChanged {
  type: "RoomChanged";
  call_id: string;
  media_epoch: number;
  parties: Party[];
  ice_servers: IceServer[];
  plate: Plate | null;
  you: string;
  site: string;
  topic: string;
}

/** To both sides. The case number follows in `CaseRegistered` when the wrap-up is done. */
export interface CallEnded {
  type: "CallEnded";
  call_id: string;
  reason: CallEndReason;
}

/** The обращение of a call is registered: number and date of receipt, to both sides (clause 3). */
export interface CaseRegistered {
  type: "CaseRegistered";
  call_id: string;
  case_number: string;
  received_date: string;
  topic_title: string;
  due_date: string;
  answer_way: AnswerWay;
}

/** Every 5 s; a page silent for 10 s is not ready. */
export interface AgentPing {
  type: "AgentPing";
  sequence: number;
}

export interface SetReady {
  type: "SetReady";
  command_id: string;
  ready: boolean;
}

export interface AcceptCall {
  type: "AcceptCall";
  command_id: string;
  call_id: string;
  token: string;
}

export interface DeclineCall {
  type: "DeclineCall";
  command_id: string;
  call_id: string;
  token: string;
}

/** The page rang. */
export interface RingHeard {
  type: "RingHeard";
  call_id: string;
  token: string;
}

export interface EndCall {
  type: "EndCall";
  command_id: string;
  call_id: string;
}

/** The agent's form: registers the case and frees the agent. */
export interface CloseWrapUp {
  type: "CloseWrapUp";
  command_id: string;
  call_id: string;
  kind: CaseKind;
  topic_id: string;
  summary: string;
  closing: Closing;
}

/** What a side really decodes; from either side, about once in 2 s during a call. */
export interface CallQuality {
  type: "CallQuality";
  call_id: string;
  frames_decoded: number;
  audio_level_db: number;
  bitrate_kbps: number;
  flow: Flow;
}

/** A call that rings at this agent. */
export interface OfferedCall {
  call_id: string;
  token: string;
  way: WayToTalk;
  topic: string;
  site: string;
  waited_ms: number;
  ring_timeout_ms: number;
  context: CallContext;
}

/** The call an agent is in, or wraps up. */
export interface ActiveCall {
  call_id: string;
  way: WayToTalk;
  topic: string;
  site: string;
  context: CallContext;
  started_at_ms: number;
  media_epoch: number;
  ice_servers: IceServer[];
  ended_at_ms: number;
  end_reason: CallEndReason | null;
  cases: CallCase[];
  portal: PortalAnswer;
  recording: RecordingState;
}

/** Everything the page shows, after connecting. */
export interface DeskSnapshot {
  type: "DeskSnapshot";
  server_time_ms: number;
  plate: Plate;
  state: AgentState;
  topics: Topic[];
  waiting: number;
  longest_wait_ms: number;
  agents_on_duty: number;
  offered: OfferedCall | null;
  active: ActiveCall | null;
  guides: TopicGuide[];
}

export interface QueueChanged {
  type: "QueueChanged";
  waiting: number;
  longest_wait_ms: number;
  agents_on_duty: number;
}

export interface AgentStateChanged {
  type: "AgentStateChanged";
  state: AgentState;
}

export interface CallOffered {
  type: "CallOffered";
  call: OfferedCall;
}

/** The ring ends: time is up, the customer left, or somebody else took it. */
export interface OfferWithdrawn {
  type: "OfferWithdrawn";
  call_id: string;
  reason: string;
}

/** The acceptance was in time: wait for the terminal's `SdpOffer`. */
export interface CallStarted {
  type: "CallStarted";
  call: ActiveCall;
}

export interface CommandRefused {
  type: "CommandRefused";
  command_id: string;
  reason: string;
}

export interface CommandDone {
  type: "CommandDone";
  command_id: string;
}

export interface SignIn {
  login: string;
  password: string;
}

export interface SignedIn {
  login: string;
  roles: string[];
  plate: Plate;
}

/** Body of every refusal. */
export interface ErrorAnswer {
  error: string;
  message: string;
}

/** One terminal on the operations page. */
export interface TerminalRow {
  terminal_id: string;
  title: string;
  site: string;
  online: boolean;
  last_seen_ms: number;
  software_version: string;
  screen: string;
  devices: DeviceReport[];
  cassette: CassetteReport | null;
  undelivered_payments: number;
  alarms: AlarmReport[];
  cash_stopped: string;
  preflight: LastPreflight | null;
  readiness: ReadinessReport | null;
}

export interface FleetAnswer {
  server_time_ms: number;
  terminals: TerminalRow[];
}

/** An e-mail or SMS that could not be delivered; `address_masked` shows no more than its owner needs. */
export interface DeadMessage {
  message_id: string;
  channel: string;
  template: string;
  owner: string;
  address_masked: string;
  error: string;
  created_at_ms: number;
  ended_at_ms: number;
}

export interface DeadMessages {
  messages: DeadMessage[];
}

/** Counts over the whole call, rates of the last seconds. */
export interface Flow {
  set_up_ms: number;
  frames_per_second: number;
  freezes: number;
  frozen_ms: number;
  lost_percent: number;
  round_trip_ms: number;
  jitter_ms: number;
  hidden_percent: number;
  av_offset_ms: number | null;
}

export interface Part {
  state: PartState;
  fault: PartFault;
}

/** The way to the office: rates over HTTPS, the rest by datagrams to its STUN server where one answers. */
export interface PathQuality {
  up_kbps: number;
  down_kbps: number;
  round_trip_ms: number | null;
  lost_percent: number | null;
}

export interface Preflight {
  camera: Part;
  microphone: Part;
  loudspeaker: Part;
  path: PathQuality;
}

/** The newest of a terminal, for the operations page. */
export interface LastPreflight {
  at_ms: number;
  found: Preflight;
}

/** One record of a terminal's journal, as it is stored there; `data` is the JSON text that was hashed. */
export interface JournalRow {
  sequence: number;
  kind: string;
  data: string;
  wall_ms: number;
  monotonic_ms: number;
  boot_id: string;
  software_version: string;
  hash: string;
}

/** Records in their order, sent until they are acknowledged. A replaced journal has another `journal_id`. `previous_hash` is that of the record before the first: the chain goes on over batches. */
export interface JournalBatch {
  type: "JournalBatch";
  journal_id: string;
  previous_hash: string;
  rows: JournalRow[];
}

/** Which records of this journal does the office have? Answered by `JournalAcknowledged`. */
export interface JournalAsked {
  type: "JournalAsked";
  journal_id: string;
}

/** The office has stored every record of this journal up to `sequence` (0: none). `refused` names why the batch was not taken; empty when all is well. */
export interface JournalAcknowledged {
  type: "JournalAcknowledged";
  journal_id: string;
  sequence: number;
  refused: string;
}

/** A credit of today that billing is asked to undo first. */
export interface CreditToCancel {
  txn_id: string;
  txn_date: string;
  account: string;
  amount_minor: number;
  provider_txn: string;
  session_id: string;
}

/** What two people decided. Told again until the terminal's journal has `move_ordered` with this `order_id`. */
export interface MoneyMoveOrdered {
  type: "MoneyMoveOrdered";
  order_id: string;
  act: MoveAct;
  amount_minor: number;
  account: string;
  service: string;
  means: string;
  operation_id: string;
  in_doubt: boolean;
  credit: CreditToCancel | null;
  of_txn: string;
}

/** The order is taken back; one that has begun goes on. Told again until the journal tells either. */
export interface MoneyMoveWithdrawn {
  type: "MoneyMoveWithdrawn";
  order_id: string;
}

/** Print the slip of this payment once more, marked КОПИЯ, as things stand now: its customer stands there. */
export interface SlipCopyOrdered {
  type: "SlipCopyOrdered";
  txn_id: string;
}

/** A card of service mode: a collector's, or a technician's. Bytes are hexadecimal. The PIN is stretched (payment/encashment/collector.py). */
export interface CollectorCard {
  collector_id: string;
  name: string;
  card_id: string;
  salt: string;
  pin_hash: string;
}

/** All of them, after each connection and after each change: who is not named may not. */
export interface CollectorsTold {
  type: "CollectorsTold";
  collectors: CollectorCard[];
}

/** Who may enter service mode, in the form of `CollectorsTold`. Cassettes are not theirs: a message of their own. */
export interface TechniciansTold {
  type: "TechniciansTold";
  technicians: CollectorCard[];
}

/** One payment as its terminal's journal tells it. */
export interface PaymentRow {
  terminal_id: string;
  terminal_title: string;
  txn_id: string;
  account: string;
  service: string;
  means: string;
  amount_minor: number;
  fee_minor: number;
  txn_date: string;
  outcome: PaymentOutcome;
  provider_txn: string;
  receipt: string;
  fiscal: string;
  taken_ms: number;
  answered_ms: number;
}

export interface PaymentsAnswer {
  payments: PaymentRow[];
  more: boolean;
  may_act: boolean;
}

/** Of what the terminal is to do; moments are 0 until they come. */
export interface OrderProgress {
  ordered_ms: number;
  told_ms: number;
  terminal_seen_ms: number;
  may_withdraw: boolean;
  withdrawn_by: string;
  withdrawn_reason: string;
  withdrawn_ms: number;
}

/** A way out of an item that a second person has to approve. */
export interface ProposalRow {
  proposal_id: string;
  act: ProposalAct;
  account: string;
  reason: string;
  proposed_by: string;
  proposed_ms: number;
  state: ProposalState;
  decided_by: string;
  decided_ms: number;
  mine: boolean;
  by_hand: boolean;
  progress: string;
  order: OrderProgress | null;
}

export interface MoneyItemRow {
  item_id: string;
  kind: MoneyItemKind;
  terminal_id: string;
  terminal_title: string;
  reference: string;
  account: string;
  amount_minor: number;
  owner: string;
  detail: string;
  opened_ms: number;
  closed_ms: number;
  resolution: string;
  proposals: ProposalRow[];
  mine: boolean;
}

export interface MoneyItemsAnswer {
  server_time_ms: number;
  items: MoneyItemRow[];
  open_minor: number;
  more: boolean;
  may_act: boolean;
}

export interface CollectionCount {
  value_minor: number;
  count: number;
}

/** An emptying of a cassette. */
export interface CollectionRow {
  terminal_id: string;
  terminal_title: string;
  collection_id: string;
  number: number;
  authorised: boolean;
  collector: string;
  seal: string;
  opened_ms: number;
  closed_ms: number;
  total_minor: number;
  in_doubt_minor: number;
  counts: CollectionCount[];
  counted: CollectionCount[];
  counted_minor: number;
  counted_by: string;
  counted_ms: number;
}

export interface CollectionsAnswer {
  collections: CollectionRow[];
  may_act: boolean;
}

/** From now on it is mine. */
export interface TakeItem {
  item_id: string;
}

/** Ends an item: nothing had to be moved, or what two people decided is done. */
export interface CloseItem {
  item_id: string;
  resolution: string;
}

/** The customer says that a credited payment was meant for another account. */
export interface ClaimPayment {
  terminal_id: string;
  txn_id: string;
  reason: string;
}

/** The customer at the terminal has no slip of this payment. */
export interface ReprintSlip {
  terminal_id: string;
  txn_id: string;
}

/** Money is to go to another account, or back to the customer: a second person approves. */
export interface ProposeMove {
  item_id: string;
  act: ProposalAct;
  reason: string;
  account: string;
}

export interface DecideProposal {
  proposal_id: string;
  approve: boolean;
}

/** What two people decided is not to be carried out after all. */
export interface WithdrawDecision {
  proposal_id: string;
  reason: string;
}

/** What the cash office counted. */
export interface RecountCollection {
  terminal_id: string;
  collection_id: string;
  counted: CollectionCount[];
}

/** Makes a note of the agent a card; the note's text is what it says. */
export interface Card {
  kind: CardKind;
  title: string;
  options: string[];
  step: number;
  steps: number;
  amount_minor: number;
  account: string;
}

/** What was drawn: strokes of x, y, x, y …, from the top left; `SIDE` units wide, `height` high. */
export interface Drawing {
  height: number;
  strokes: number[][];
}

/** One note of a call. The agent's page sends its words; the terminal tells each note that it shows. */
export interface CallNote {
  type: "CallNote";
  call_id: string;
  note_id: string;
  author: NoteAuthor;
  text: string;
  drawing: Drawing | null;
  card: Card | null;
  answer_to: string;
  answer: CardAnswer | null;
}

/** «Помочь заполнить», by the agent. */
export interface HelpOffered {
  type: "HelpOffered";
  call_id: string;
}

/** The agent takes his offer back, or has helped enough. */
export interface HelpWithdrawn {
  type: "HelpWithdrawn";
  call_id: string;
}

/** By the agent, for the field of the form that he was told of. */
export interface FieldProposed {
  type: "FieldProposed";
  call_id: string;
  proposal_id: string;
  form: string;
  value: string;
}

/** By the terminal, at each change. `form` and `field` are told only while help is on. */
export interface HelpTold {
  type: "HelpTold";
  call_id: string;
  state: HelpState;
  form_stands: boolean;
  form: string;
  field: HelpField | null;
  length_max: number;
  proposal_id: string;
  answer: ProposalAnswer | null;
}

/** How a text was read before it was agreed to: which one, and how much of it was shown or heard (clause 9.6.9). */
export interface ConsentRead {
  sha256: string;
  coverage_percent: number;
}

/** The customer typed his phone: send a code there. `account` and consent belong to СМС-информирование. */
export interface CodeAsked {
  type: "CodeAsked";
  request_id: string;
  phone: string;
  purpose: CodePurpose;
  account: string;
  consent_version: string;
  consent_read: ConsentRead | null;
}

/** The customer typed the code; the phone again, because the office keeps only its hash. */
export interface CodeEntered {
  type: "CodeEntered";
  request_id: string;
  code_id: string;
  phone: string;
  code: string;
}

/** Is СМС-информирование on for this identified customer's account? */
export interface InformingAsked {
  type: "InformingAsked";
  request_id: string;
  account: string;
}

/** A service or city card was held to the reader: whose account is bound to it? `card`: its UID in hexadecimal. */
export interface CardAsked {
  type: "CardAsked";
  request_id: string;
  card: string;
}

/** A request that is not done: why as a stable word, and as a sentence for the customer. */
export interface ServiceRefused {
  type: "ServiceRefused";
  request_id: string;
  reason: string;
  sentence: string;
}

/** The code is on its way. */
export interface CodeSent {
  type: "CodeSent";
  request_id: string;
  code_id: string;
  phone_masked: string;
  valid_s: number;
  again_after_s: number;
  tries: number;
}

/** The phone is his, and what the code was for is done. `accounts`: those he is informed of by this phone. */
export interface CodeProved {
  type: "CodeProved";
  request_id: string;
  code_id: string;
  purpose: CodePurpose;
  accounts: string[];
}

/** Who is informed of the account by SMS; nobody: the list is empty. */
export interface InformingTold {
  type: "InformingTold";
  request_id: string;
  account: string;
  phones_masked: string[];
}

/** The account that the card stands for. It is a number and no proof: the second attribute is asked all the same. */
export interface CardTold {
  type: "CardTold";
  request_id: string;
  account: string;
}

/** A leaf of the classifier (ЕКТО). Of a simple one the answer is shown before a consultant is called (clause 3). */
export interface Topic {
  topic_id: string;
  group_title: string;
  title: string;
  simple: boolean;
  service: string;
}

/** What an agent says and does about a topic (clause 3, Скрипт and Алгоритм). Never sent to terminals. */
export interface TopicGuide {
  topic_id: string;
  say: string[];
  steps: string[];
}

/** A photo that follows the form by itself; `sha256` is of the open bytes. */
export interface AttachmentSlip {
  attachment_id: string;
  sha256: string;
  size_bytes: number;
}

/** Where and when a specialist is to come; `note`: what to mind, a disability or a long way (clause 6.2.10). */
export interface SiteVisit {
  address: string;
  time: VisitTime;
  note: string;
}

/** Who is no customer yet and wants a contract (clause 6.3.6b); name, phone and papers are the form's own. */
export interface NewClient {
  supply_address: string;
}

/** What the customer filled in. Its JSON is sealed under `form_context(submission_id)`. */
export interface CaseForm {
  submission_id: string;
  written_at_ms: number;
  segment: Segment;
  kind: CaseKind;
  topic_id: string;
  text: string;
  answer_way: AnswerWay;
  complaint_subject: ComplaintSubject | null;
  customer_name: string;
  phone: string;
  email: string;
  postal_address: string;
  account: string;
  consent_version: string;
  consent_read: ConsentRead | null;
  number_by_sms: boolean;
  appeal_of: string;
  attachments: AttachmentSlip[];
  site_visit: SiteVisit | null;
  new_client: NewClient | null;
  large_confirmed: boolean;
}

/** One sealed form out of the outbox; repeated until it is answered, and filed once. */
export interface CaseSubmitted {
  type: "CaseSubmitted";
  request_id: string;
  submission_id: string;
  key_id: string;
  sealed: string;
}

/** Where may the sealed photo of a filed case be put? */
export interface UploadAsked {
  type: "UploadAsked";
  request_id: string;
  submission_id: string;
  attachment_id: string;
}

/** How is my case? For the account of an identified customer, or for a phone just proved by a code. */
export interface CaseAsked {
  type: "CaseAsked";
  request_id: string;
  case_number: string;
  account: string;
  phone: string;
  code_id: string;
}

/** «Ответ не помог»: an answered case goes back to a person. Asked like `CaseAsked`. */
export interface CaseReopened {
  type: "CaseReopened";
  request_id: string;
  case_number: string;
  reason: string;
  account: string;
  phone: string;
  code_id: string;
}

/** Registered: what is shown, printed and said. Dates are DD.MM.YYYY; no due date where no answer is owed. */
export interface CaseFiled {
  type: "CaseFiled";
  request_id: string;
  submission_id: string;
  case_number: string;
  received_date: string;
  due_date: string;
  answer_way: AnswerWay;
  attachments_missing: string[];
}

/** PUT the sealed bytes to this path of the terminals' site, with the terminal's certificate, within `valid_s`. */
export interface UploadGranted {
  type: "UploadGranted";
  request_id: string;
  attachment_id: string;
  path: string;
  valid_s: number;
}

/** A case as its customer may see it. */
export interface CaseTold {
  type: "CaseTold";
  request_id: string;
  case_number: string;
  kind: CaseKind;
  state: CaseState;
  topic_title: string;
  received_date: string;
  due_date: string;
  answer: string;
  may_appeal: boolean;
}

/** The result of one case. Term and way stand there exactly when the work goes on. */
export interface Closing {
  result: CaseResult;
  answer_way: AnswerWay;
  due_date: string;
  contact: string;
}

/** A case of a call, as its agent sees it; `closed_at_ms` 0: the present one. */
export interface CallCase {
  number: string;
  received_date: string;
  opened_at_ms: number;
  due_latest: string;
  closed_at_ms: number;
  topic_title: string;
  result: CaseResult;
  due_date: string;
  answer_way: AnswerWay;
}

/** «Есть ещё вопрос»: closes the present case of a call on the air and opens the next one. */
export interface NextCase {
  type: "NextCase";
  command_id: string;
  call_id: string;
  case_number: string;
  kind: CaseKind;
  topic_id: string;
  summary: string;
  closing: Closing;
}

/** What the customer said to the agent of the ЛКК. */
export interface TellPortal {
  type: "TellPortal";
  command_id: string;
  call_id: string;
  answer: PortalAnswer;
}

/** To the agent: the cases of his call, the present one last, and what is known of the ЛКК. */
export interface CallCasesChanged {
  type: "CallCasesChanged";
  call_id: string;
  cases: CallCase[];
  portal: PortalAnswer;
}

/** One line of the list; `escalation` is 0, 50, 80 or 100 per cent of the term gone. */
export interface CaseRow {
  number: string;
  state: CaseState;
  kind: CaseKind | null;
  topic_id: string;
  channel: string;
  received_date: string;
  due_date: string;
  escalation: number;
  agent_id: string;
  appeal_of: string;
  route: string;
}

export interface CaseList {
  today: string;
  cases: CaseRow[];
}

export interface CaseEvent {
  at_ms: number;
  actor: string;
  from_state: string;
  to_state: string;
  detail: string;
}

/** A photo: at `/api/cases/{number}/papers/{attachment_id}` once it has arrived. */
export interface CasePaper {
  attachment_id: string;
  media_type: string;
  size_bytes: number;
  arrived_at_ms: number;
}

/** Everything of one case. */
export interface CaseCard {
  row: CaseRow;
  segment: Segment;
  complaint_subject: string;
  text: string;
  account: string;
  customer_name: string;
  phone: string;
  email: string;
  postal_address: string;
  answer_way: AnswerWay | null;
  answer: string;
  decision: string;
  decided_by: string;
  execution: string;
  notified_at_ms: number;
  refusal_reason: string;
  refusal_by: string;
  missing_to_close: string[];
  events: CaseEvent[];
  papers: CasePaper[];
}

/** I work on it. */
export interface TakeCase {
  number: string;
}

/** One question of the customer, and the concrete answer to it (clauses 9.5.2, 9.5.7). */
export interface AnswerPoint {
  question: string;
  answer: string;
}

/** The answer, and for a complaint the decision that was taken on it. */
export interface AnswerCase {
  number: string;
  points: AnswerPoint[];
  decision: string;
}

/** The decision is carried out: the proof of it. */
export interface ExecuteDecision {
  number: string;
  proof: string;
}

/** The customer was told by hand: by post, in the office, in ЛКК. */
export interface NotifyCustomer {
  number: string;
  how: string;
}

export interface CloseCase {
  number: string;
}

/** Proposed by one person, done when another one says the same; an answered one names the earlier case. */
export interface RefuseCase {
  number: string;
  reason: RefusalReason;
  earlier_number: string;
}

/** A booked customer who is here and was not taken yet. */
export interface Arrival {
  booking_id: string;
  ticket: string;
  place_title: string;
  topic_title: string;
  starts_at_ms: number;
  checked_in_at_ms: number;
}

/** Earliest booked time first. */
export interface Arrivals {
  arrivals: Arrival[];
}

/** After the warning stood before the customer, and not sooner. */
export interface EndForMisconduct {
  type: "EndForMisconduct";
  command_id: string;
  call_id: string;
  reason: Misconduct;
  comment: string;
}

/** The button was held; the talk goes on. `test`: a drill, marked so wherever it is told. */
export interface RaiseAlarm {
  type: "RaiseAlarm";
  command_id: string;
  call_id: string;
  danger: Danger;
  test: boolean;
}

/** Kept for good, with the call and the case that it belongs to. */
export interface Incident {
  incident_id: string;
  kind: IncidentKind;
  reason: string;
  comment: string;
  call_id: string;
  case_number: string;
  terminal_id: string;
  address: string;
  guard_phone: string;
  agent_name: string;
  at_ms: number;
  test: boolean;
  taken_by: string;
}

/** To supervisors at their desks; of an alarm also to the agent who raised it: address and phone for his script. */
export interface IncidentRaised {
  type: "IncidentRaised";
  incident: Incident;
}

/** What nobody has taken yet, newest first. */
export interface Incidents {
  incidents: Incident[];
}

/** One block. `say` is how it is read aloud where the words themselves would not do. */
export interface Block {
  kind: BlockKind;
  text: string;
  heading: string;
  picture: string;
  rows: string[][];
  say: string;
}

/** One answer, by approved script. Dates are YYYY-MM-DD. */
export interface Article {
  article_id: string;
  title: string;
  group_title: string;
  topic_id: string;
  segments: Segment[];
  version: number;
  updated: string;
  blocks: Block[];
  valid_from: string;
  valid_to: string;
  source: string;
}

/** An article in a list; `sha256` tells whether a kept copy is still the same. */
export interface ArticleLine {
  article_id: string;
  title: string;
  group_title: string;
  excerpt: string;
  sha256: string;
  valid_from: string;
  valid_to: string;
  topic_id: string;
}

/** A chapter of the standard and the page that it begins on. */
export interface StandardChapter {
  title: string;
  page: number;
}

/** A text that a customer agrees to: shown in full, never ticked before (clause 6.3.6b). */
export interface Consent {
  consent_id: string;
  title: string;
  version: string;
  text: string;
}

/** Every article for this kind of customer. */
export interface KnowledgeAsked {
  type: "KnowledgeAsked";
  request_id: string;
  segment: Segment;
}

export interface ArticleAsked {
  type: "ArticleAsked";
  request_id: string;
  article_id: string;
}

export interface PictureAsked {
  type: "PictureAsked";
  request_id: string;
  picture: string;
}

/** What the customer typed: words in any form, begun or misspelt by one letter. */
export interface SearchAsked {
  type: "SearchAsked";
  request_id: string;
  query: string;
  segment: Segment;
}

/** A page of the standard's text; 0 is the first. */
export interface StandardAsked {
  type: "StandardAsked";
  request_id: string;
  page: number;
}

export interface ConsentsAsked {
  type: "ConsentsAsked";
  request_id: string;
}

export interface KnowledgeTold {
  type: "KnowledgeTold";
  request_id: string;
  version: string;
  articles: ArticleLine[];
  frequent: string[];
}

export interface ArticleTold {
  type: "ArticleTold";
  request_id: string;
  article: Article;
}

/** A PNG. */
export interface PictureTold {
  type: "PictureTold";
  request_id: string;
  picture: string;
  content: string;
}

/** Best first, at most ten; none: the customer is offered a consultant. */
export interface SearchTold {
  type: "SearchTold";
  request_id: string;
  found: ArticleLine[];
}

/** One page; `sha256` is of the whole text, the same on every page. */
export interface StandardTold {
  type: "StandardTold";
  request_id: string;
  title: string;
  version: string;
  updated: string;
  sha256: string;
  page: number;
  pages: number;
  chapter: string;
  text: string;
  chapters: StandardChapter[];
}

export interface ConsentsTold {
  type: "ConsentsTold";
  request_id: string;
  consents: Consent[];
}

/** «пн–пт» — «9:00–20:00, перерыв 13:00–13:30». */
export interface HoursLine {
  days: string;
  hours: string;
}

/** A place as a customer sees it; the moment when its state changes, 0 where none is known. */
export interface Place {
  place_id: string;
  kind: PlaceKind;
  title: string;
  address: string;
  phone: string;
  services: string[];
  hours: HoursLine[];
  is_open: boolean;
  changes_at_ms: number;
  bookable: boolean;
}

export interface Slot {
  starts_at_ms: number;
  free: number;
}

export interface SlotDay {
  day: string;
  slots: Slot[];
}

/** Scores run from 1 to `score_max`; at `low_score` or below one reason of the list is asked, and no more. */
export interface SurveyQuestion {
  question_id: string;
  text: string;
  score_max: number;
  low_score: number;
  reasons: string[];
}

/** One screen of one visit. No field can hold anything personal (clause 5.1.8). */
export interface VisitStep {
  visit_id: string;
  sequence: number;
  at_ms: number;
  screen: string;
  service: string;
  result: string;
  touches: number;
  duration_ms: number;
  topic: string;
  article: string;
}

/** Offices, hours, other ways for this kind of customer. */
export interface PlacesAsked {
  type: "PlacesAsked";
  request_id: string;
  segment: Segment;
}

/** Free times of a place for two weeks. */
export interface SlotsAsked {
  type: "SlotsAsked";
  request_id: string;
  place_id: string;
  topic_id: string;
}

/** Book a slot. `submission_id` is the terminal's own: the same is booked once. */
export interface BookingAsked {
  type: "BookingAsked";
  request_id: string;
  submission_id: string;
  place_id: string;
  starts_at_ms: number;
  topic_id: string;
  segment: Segment;
  phone: string;
  consent_version: string;
  consent_read: ConsentRead | null;
}

/** The customer will not come: by his ticket, and the phone if he gave one. */
export interface BookingCancelled {
  type: "BookingCancelled";
  request_id: string;
  ticket: string;
  phone: string;
}

/** The customer is here: the code of his booking. */
export interface CheckInAsked {
  type: "CheckInAsked";
  request_id: string;
  ticket: string;
}

/** Is there a survey now about this: `visit`, `call`, `case`? */
export interface SurveyAsked {
  type: "SurveyAsked";
  request_id: string;
  subject: string;
}

/** One answer of a survey; `reference` is a call, a case or a visit. Repeated until it is answered. */
export interface RatingGiven {
  type: "RatingGiven";
  request_id: string;
  submission_id: string;
  survey_version: string;
  question_id: string;
  score: number;
  subject: string;
  reference: string;
  reason: string;
  rated_at_ms: number;
}

/** Steps of visits, sent until they are acknowledged; a repeat changes nothing. */
export interface VisitSteps {
  type: "VisitSteps";
  request_id: string;
  steps: VisitStep[];
}

/** `video_open`: consultants serve and this terminal's site is open; `video_changes_at_ms`: until, or from when. */
export interface PlacesTold {
  type: "PlacesTold";
  request_id: string;
  here: string;
  video_open: boolean;
  video_changes_at_ms: number;
  places: Place[];
}

export interface SlotsTold {
  type: "SlotsTold";
  request_id: string;
  place_id: string;
  minutes: number;
  days: SlotDay[];
}

/** A booking: shown, printed, sent by SMS. `day` and `time` are those of the place. */
export interface BookingTold {
  type: "BookingTold";
  request_id: string;
  ticket: string;
  state: BookingState;
  place_title: string;
  address: string;
  day: string;
  time: string;
  starts_at_ms: number;
  topic_id: string;
  video: boolean;
}

/** No questions: there is no campaign now, and nobody is asked (clause 6.3.8). */
export interface SurveyTold {
  type: "SurveyTold";
  request_id: string;
  survey_version: string;
  questions: SurveyQuestion[];
}

export interface RatingStored {
  type: "RatingStored";
  request_id: string;
  submission_id: string;
}

/** All of that message is stored. */
export interface VisitStepsStored {
  type: "VisitStepsStored";
  request_id: string;
}

/** Whom the law lets pass out of turn; the agent looks at the document. */
export interface TurnCategory {
  category_id: string;
  title: string;
}

/** `special_help`: «Мне нужна особая помощь», believed without proof. `title` and `verdict` are the office's own. */
export interface Turn {
  special_help: boolean;
  category_id: string;
  title: string;
  verdict: Verdict;
}

/** The agent has seen the document. Not his: the customer goes back to his place by his original time. */
export interface CheckCategory {
  type: "CheckCategory";
  command_id: string;
  call_id: string;
  confirmed: boolean;
}

/** To the agent's page: what is now known of the category of the call he is in. */
export interface CategoryChecked {
  type: "CategoryChecked";
  call_id: string;
  verdict: Verdict;
}

/** Whose page is open now, besides the one who asks. */
export interface Colleague {
  agent_id: string;
  name: string;
  position: string;
  busy: boolean;
}

export interface Colleagues {
  colleagues: Colleague[];
}

/** `urgent`: who talks with a customer is asked to apologise and take a pause before he answers. */
export interface WriteToColleague {
  agent_id: string;
  text: string;
  urgent: boolean;
}

/** To the page of whom it is for; told again after a reconnect until it is read. */
export interface StaffNote {
  type: "StaffNote";
  note_id: string;
  from_id: string;
  from_name: string;
  text: string;
  urgent: boolean;
  at_ms: number;
}

/** From the page: it need not be told again. */
export interface StaffNoteRead {
  type: "StaffNoteRead";
  note_id: string;
}

/** Of the agent's page: may the customer show a paper? */
export interface AskStill {
  type: "AskStill";
  call_id: string;
  still_id: string;
}

/** He need not any more; what was not sent is gone from the terminal. */
export interface WithdrawStill {
  type: "WithdrawStill";
  call_id: string;
  still_id: string;
}

/** To the terminal: `path` takes one picture, for a few minutes, from this terminal. */
export interface StillAsked {
  type: "StillAsked";
  call_id: string;
  still_id: string;
  path: string;
}

/** Of the terminal, to the agent; all of a talk are told again after a lost link or a page loaded anew. */
export interface StillTold {
  type: "StillTold";
  call_id: string;
  still_id: string;
  state: StillState;
}

/** Into the present case of the call. What nobody attaches is destroyed with the call. */
export interface AttachStill {
  call_id: string;
  still_id: string;
}

/** To the terminal: `GET path/0` … `path/pages-1`, each once. A newer document replaces an older one. */
export interface DocumentShown {
  type: "DocumentShown";
  call_id: string;
  document_id: string;
  title: string;
  pages: number;
  path: string;
}

/** The agent takes it off the customer's screen. */
export interface WithdrawDocument {
  type: "WithdrawDocument";
  call_id: string;
  document_id: string;
}

/** Of the terminal, to the agent. `printer`: empty where there is none for sheets; ready, or its fault. */
export interface DocumentTold {
  type: "DocumentTold";
  call_id: string;
  document_id: string;
  state: DocumentState;
  page: number;
  sheets: SheetsState;
  printer: string;
}

/** Answer to the agent's upload. */
export interface DocumentTaken {
  document_id: string;
  pages: number;
}

/** Of the Справочник, for the agent's search. */
export interface ArticlesFound {
  articles: ArticleLine[];
}

/** Its pages onto the customer's screen. */
export interface ShowArticle {
  article_id: string;
}

/** A photo of one of the customer's open cases. */
export interface CallPaper {
  number: string;
  attachment_id: string;
  arrived_at_ms: number;
}

export interface CallPapers {
  papers: CallPaper[];
}

/** One of them onto the customer's screen. */
export interface ShowPaper {
  number: string;
  attachment_id: string;
}

/** Of the agent's page: may this card go to the customer? */
export interface OfferSending {
  type: "OfferSending";
  call_id: string;
  sending_id: string;
  note_id: string;
  way: SendingWay;
}

/** He need not any more; after his touch it is too late. */
export interface WithdrawSending {
  type: "WithdrawSending";
  call_id: string;
  sending_id: string;
}

/** To the terminal: `text` is what would leave, letter by letter. */
export interface SendingOffered {
  type: "SendingOffered";
  call_id: string;
  sending_id: string;
  way: SendingWay;
  text: string;
  morning: boolean;
}

/** To the terminal: where it may go without typing, masked; proved by a code for the customer's account. */
export interface SendingKnown {
  type: "SendingKnown";
  call_id: string;
  sending_id: string;
  to: string;
}

/** Of the terminal: the customer has confirmed by his touch. Told twice it is sent once. */
export interface SendCard {
  type: "SendCard";
  call_id: string;
  sending_id: string;
  address: string;
}

/** How it stands: of the terminal until the customer's touch, then of the office, to both sides. */
export interface SendingTold {
  type: "SendingTold";
  call_id: string;
  sending_id: string;
  way: SendingWay;
  state: SendingState;
  to: string;
  account: string;
}

/** What does this office give? Asked after `TerminalWelcome`; the answer is kept for the time without a line. */
export interface ServicesAsked {
  type: "ServicesAsked";
  request_id: string;
}

/** The key that forms are sealed to, the topics, the ways out of this office, and whom it serves out of turn. */
export interface ServicesTold {
  type: "ServicesTold";
  request_id: string;
  seal_key_id: string;
  seal_key_hex: string;
  topics: Topic[];
  sms: boolean;
  email: boolean;
  categories: TurnCategory[];
}

/** From the wrap-up of this call. */
export interface RingBack {
  type: "RingBack";
  command_id: string;
  call_id: string;
}

/** Refused before the least time is over. */
export interface StopRinging {
  type: "StopRinging";
  command_id: string;
  call_id: string;
}

/** To the terminal: the customer is asked whether the talk goes on. */
export interface CallRinging {
  type: "CallRinging";
  call_id: string;
  ring_ms: number;
}

/** To the terminal: nobody rings any more. */
export interface RingStopped {
  type: "RingStopped";
  call_id: string;
}

/** From the terminal. Accepted: `CallAccepted` of the same call follows. */
export interface AnswerRing {
  type: "AnswerRing";
  call_id: string;
  answer: RingAnswer;
}

/** To the page of the agent who rings. */
export interface RingTold {
  type: "RingTold";
  call_id: string;
  state: RingState;
  least_ms: number;
}

/** One of the employees in the room. */
export interface Party {
  party_id: string;
  role: PartyRole;
  presence: Presence;
  name: string;
  position: string;
}

/** To the page of a colleague: a customer and an agent ask him into their call. */
export interface PartyInvited {
  type: "PartyInvited";
  call_id: string;
  role: PartyRole;
  from_name: string;
  site: string;
  topic: string;
}

/** Answered, taken back, or the call is over. */
export interface InvitationClosed {
  type: "InvitationClosed";
  call_id: string;
}

export interface InviteParty {
  call_id: string;
  agent_id: string;
  role: PartyRole;
}

export interface AnswerInvitation {
  call_id: string;
  accepted: boolean;
}

/** The party leaves, or the agent lets a party go that he has invited. */
export interface LeaveRoom {
  call_id: string;
  party_id: string;
}

/** Warm: the party has spoken with the customer and takes the call with its case. */
export interface HandOver {
  call_id: string;
  party_id: string;
}

export interface SuperviseCall {
  call_id: string;
  presence: Presence;
}

export interface LiveCall {
  call_id: string;
  site: string;
  topic: string;
  agent_name: string;
  started_at_ms: number;
}

/** On the air now, the oldest first. */
export interface LiveCalls {
  calls: LiveCall[];
}

/** One topic. A visit is about it when its answer, form or service was opened, or a consultant was asked. */
export interface TopicUse {
  topic_id: string;
  title: string;
  visits: number;
  visits_alone: number;
  registered: number;
  path: SelfServicePath;
}

/** Visits of the last days. Each is in exactly one of the three; the share of self-service is `alone` of all. */
export interface SelfServiceAnswer {
  days: number;
  alone: number;
  with_consultant: number;
  left: number;
  topics: TopicUse[];
}

/** The ЛКК in the talks of the last days (clause 6.3.7). */
export interface PortalFigures {
  talks: number;
  asked: number;
  uses: number;
  helped: number;
  registered: number;
  refused: number;
  converted_percent: number | null;
  days: number;
}

/** By the terminal: the notice stood on the glass and was said to its end. Repeated until it is answered. */
export interface NoticeGiven {
  type: "NoticeGiven";
  call_id: string;
}

/** The notice is stored: begin. The recording's own key is sealed to the key that stands here. */
export interface RecordingAllowed {
  type: "RecordingAllowed";
  call_id: string;
  recording_id: string;
  seal_key_id: string;
  seal_key_hex: string;
}

/** By the terminal at each change, and on to the agent's page. */
export interface RecordingTold {
  type: "RecordingTold";
  call_id: string;
  state: RecordingState;
  reason: string;
}

/** Comes before the chunks of a recording, once or again. */
export interface RecordingHead {
  call_id: string;
  seal_key_id: string;
  sealed_key: string;
}

/** One recording in the list, newest first. A call whose media was built anew may have several. */
export interface RecordingRow {
  recording_id: string;
  call_id: string;
  case_number: string;
  site: string;
  agent_name: string;
  noticed_at_ms: number;
  size: number;
  whole: boolean;
  keep_until_ms: number;
  hold_reason: string;
  destroyed_at_ms: number;
}

export interface RecordingsAnswer {
  recordings: RecordingRow[];
}

/** Every viewing is kept with its reason. */
export interface OpenRecording {
  recording_id: string;
  reason: string;
}

/** A WebM file that can be read from any byte. Both sides begin at the same moment. */
export interface RecordedSide {
  side: string;
  path: string;
  has_picture: boolean;
}

/** `missing`: chunks that are not there, or do not open; about a second each. */
export interface RecordingOpened {
  duration_ms: number;
  begins_at_ms: number;
  missing: number;
  whole: boolean;
  sides: RecordedSide[];
}

/** Held: its key is not destroyed, whatever its age. */
export interface HoldRecording {
  recording_id: string;
  hold: boolean;
  reason: string;
}

/** `what` is taken from the customer or from the office; `why` is a state, a fault or a reason of CashStop. */
export interface Lack {
  what: string;
  why: string;
}

export interface ReadinessReport {
  state: Readiness;
  lacks: Lack[];
}

/** From the page, while it looks: the newest measurement. */
export interface WorkplaceSeen {
  type: "WorkplaceSeen";
  camera: DeviceFound;
  microphone: DeviceFound;
  level_db: number;
  grid: string;
}

export interface WorkplaceCheck {
  name: CheckName;
  fault: CheckFault;
  failed: boolean;
  allowed: boolean;
}

/** To the page, on each measurement and when a supervisor has decided something. */
export interface WorkplaceJudged {
  type: "WorkplaceJudged";
  checks: WorkplaceCheck[];
  may_serve: boolean;
  allowed_by: string;
  reason: string;
}

/** A supervisor at the agent's own page, by his own login and password (four eyes). */
export interface SecondPerson {
  login: string;
  password: string;
}

/** He lets the agent work with what has failed now, till the end of the shift. */
export interface AllowWorkplace {
  supervisor: SecondPerson;
  reason: string;
}

/** He has seen the logo behind the agent: so it has to look from now on. */
export interface SetBackground {
  supervisor: SecondPerson;
}

/** Kept for good, never changed. */
export interface WorkplaceAct {
  act_id: string;
  kind: WorkplaceActKind;
  agent_id: string;
  agent_name: string;
  supervisor_id: string;
  supervisor_name: string;
  failed: string;
  reason: string;
  at_ms: number;
}

/** Newest first. */
export interface WorkplaceActs {
  acts: WorkplaceAct[];
}

export type TerminalToServer =
  | TerminalHello
  | Heartbeat
  | CallRequested
  | CallChecked
  | CallCancelled
  | SdpOffer
  | SdpAnswer
  | IceCandidate
  | AnswerRing
  | CallNote
  | HelpTold
  | StillTold
  | DocumentTold
  | SendingTold
  | SendCard
  | NoticeGiven
  | RecordingTold
  | CallQuality
  | JournalAsked
  | JournalBatch
  | ServicesAsked
  | CodeAsked
  | CodeEntered
  | InformingAsked
  | CardAsked
  | CaseSubmitted
  | UploadAsked
  | CaseAsked
  | CaseReopened
  | KnowledgeAsked
  | ArticleAsked
  | PictureAsked
  | SearchAsked
  | StandardAsked
  | ConsentsAsked
  | PlacesAsked
  | SlotsAsked
  | BookingAsked
  | BookingCancelled
  | CheckInAsked
  | SurveyAsked
  | RatingGiven
  | VisitSteps;

export type ServerToTerminal =
  | TerminalWelcome
  | DutyChanged
  | CallQueued
  | CallRefused
  | CallAccepted
  | RoomChanged
  | SdpOffer
  | SdpAnswer
  | IceCandidate
  | CallRinging
  | RingStopped
  | CallNote
  | HelpOffered
  | HelpWithdrawn
  | FieldProposed
  | StillAsked
  | WithdrawStill
  | DocumentShown
  | WithdrawDocument
  | SendingOffered
  | SendingKnown
  | SendingTold
  | WithdrawSending
  | RecordingAllowed
  | CallEnded
  | CaseRegistered
  | JournalAcknowledged
  | MoneyMoveOrdered
  | MoneyMoveWithdrawn
  | CollectorsTold
  | TechniciansTold
  | SlipCopyOrdered
  | ServiceRefused
  | ServicesTold
  | CodeSent
  | CodeProved
  | InformingTold
  | CardTold
  | CaseFiled
  | UploadGranted
  | CaseTold
  | KnowledgeTold
  | ArticleTold
  | PictureTold
  | SearchTold
  | StandardTold
  | ConsentsTold
  | PlacesTold
  | SlotsTold
  | BookingTold
  | SurveyTold
  | RatingStored
  | VisitStepsStored;

export type AgentToServer =
  | AgentPing
  | WorkplaceSeen
  | SetReady
  | AcceptCall
  | DeclineCall
  | RingHeard
  | EndCall
  | CheckCategory
  | CloseWrapUp
  | EndForMisconduct
  | RaiseAlarm
  | RingBack
  | StopRinging
  | StaffNoteRead
  | NextCase
  | TellPortal
  | SdpOffer
  | SdpAnswer
  | IceCandidate
  | CallNote
  | HelpOffered
  | HelpWithdrawn
  | FieldProposed
  | AskStill
  | WithdrawStill
  | WithdrawDocument
  | OfferSending
  | WithdrawSending
  | CallQuality;

export type ServerToAgent =
  | DeskSnapshot
  | WorkplaceJudged
  | QueueChanged
  | AgentStateChanged
  | CallOffered
  | OfferWithdrawn
  | CallChecked
  | CallStarted
  | CategoryChecked
  | CallCasesChanged
  | PartyInvited
  | InvitationClosed
  | RoomChanged
  | SdpOffer
  | SdpAnswer
  | IceCandidate
  | CallNote
  | HelpTold
  | StillTold
  | DocumentTold
  | SendingTold
  | RecordingTold
  | CallEnded
  | CaseRegistered
  | StaffNote
  | IncidentRaised
  | RingTold
  | CommandRefused
  | CommandDone;
