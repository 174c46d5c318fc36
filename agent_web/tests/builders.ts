/** Messages of the office for tests, whole and valid; a test names only what it is about. */
import type {
  ActiveCall,
  CallCase,
  CallContext,
  DeskSnapshot,
  OfferedCall,
  Plate,
  Preflight,
  TerminalRow,
  Topic,
  Turn,
} from "../src/contract.gen";

export const PLATE: Plate = {
  company: "АО «Энергосбыт»",
  last_name: "Орлова",
  first_name: "Мария",
  patronymic: "Петровна",
  position: "консультант",
};

const COMPLEX = { simple: false, service: "" };

export const TOPICS: Topic[] = [
  { topic_id: "charges.explain", group_title: "Счета и начисления", title: "Разъяснение начислений", ...COMPLEX },
  { topic_id: "charges.recalculate", group_title: "Счета и начисления", title: "Перерасчёт", ...COMPLEX },
  { topic_id: "readings.submit", group_title: "Показания приборов учёта", title: "Передача показаний", ...COMPLEX },
];

export const NO_TURN: Turn = { special_help: false, category_id: "", title: "", verdict: "unchecked" };

export const NOTHING_FOUND: Preflight = {
  camera: { state: "unknown", fault: "" },
  microphone: { state: "unknown", fault: "" },
  loudspeaker: { state: "unknown", fault: "" },
  path: { up_kbps: 0, down_kbps: 0, round_trip_ms: null, lost_percent: null },
};

const CONTEXT: CallContext = {
  screen: "balance",
  account_masked: "•••• 4417",
  customer_name: "",
  segment: "b2c",
  turn: NO_TURN,
  ticket: "",
  draft: [],
  preflight: NOTHING_FOUND,
  language: "ru",
};

export function offeredCall(change: Partial<OfferedCall> = {}): OfferedCall {
  return {
    call_id: "call-1",
    token: "token-1",
    way: "speak",
    topic: "Перерасчёт",
    site: "МФЦ, Невский пр., 1",
    waited_ms: 4_000,
    ring_timeout_ms: 12_000,
    context: CONTEXT,
    ...change,
  };
}

export function callCase(change: Partial<CallCase> = {}): CallCase {
  return {
    number: "26-000017",
    received_date: "24.11.2026",
    opened_at_ms: 1_000_000,
    due_latest: "2026-12-24",
    closed_at_ms: 0,
    topic_title: "",
    result: "unfinished",
    due_date: "",
    answer_way: "none",
    ...change,
  };
}

export function activeCall(change: Partial<ActiveCall> = {}): ActiveCall {
  return {
    call_id: "call-1",
    way: "speak",
    topic: "Перерасчёт",
    site: "МФЦ, Невский пр., 1",
    context: CONTEXT,
    started_at_ms: 1_000_000,
    media_epoch: 1,
    ice_servers: [],
    ended_at_ms: 0,
    end_reason: null,
    cases: [callCase()],
    portal: "not_asked",
    recording: "none",
    ...change,
  };
}

export function snapshot(change: Partial<DeskSnapshot> = {}): DeskSnapshot {
  return {
    type: "DeskSnapshot",
    server_time_ms: 1_000_000,
    plate: PLATE,
    state: "ready",
    topics: TOPICS,
    waiting: 0,
    longest_wait_ms: 0,
    agents_on_duty: 1,
    offered: null,
    active: null,
    guides: [],
    ...change,
  };
}

export function terminalRow(change: Partial<TerminalRow> = {}): TerminalRow {
  return {
    terminal_id: "T-001",
    title: "Терминал 1",
    site: "МФЦ, Невский пр., 1",
    online: true,
    last_seen_ms: 1_000_000,
    software_version: "0.1.0",
    screen: "attract",
    devices: [],
    cassette: null,
    undelivered_payments: 0,
    alarms: [],
    cash_stopped: "",
    preflight: null,
    readiness: null,
    ...change,
  };
}
