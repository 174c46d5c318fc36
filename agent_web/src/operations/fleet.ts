/** What the operations page says of a terminal. Pure. */
import type { CassetteReport, DeviceReport, Lack, Readiness, ReadinessReport, TerminalRow } from "../contract.gen";
import { counted } from "../format";
import type { IconName } from "../ui/icons";
import { alarmSign, cashStopWords } from "./trouble_words";

export type Tone = "good" | "caution" | "bad" | "absent";

/** A state as pictogram, word and tone: never by colour alone. */
export interface Sign {
  tone: Tone;
  icon: IconName;
  words: string;
}

/** The state of a terminal in words. */
export function terminalSign(row: TerminalRow): Sign {
  if (row.last_seen_ms === 0) return { tone: "absent", icon: "absent", words: "ещё не подключался" };
  if (!row.online) return { tone: "bad", icon: "link_lost", words: "нет связи" };
  const signs = [...row.alarms.map(alarmSign), ...row.devices.map(deviceSign)];
  const sos = row.alarms.find((alarm) => alarm.kind === "sos");
  if (sos) return alarmSign(sos);
  const ready = readinessSign(row.readiness);
  if (ready !== null && ready.tone !== "good") return ready;
  if (signs.some((sign) => sign.tone === "bad")) return { tone: "bad", icon: "fault", words: "неисправность" };
  if (signs.some((sign) => sign.tone === "caution"))
    return { tone: "caution", icon: "warning", words: "нужен человек" };
  return ready ?? { tone: "good", icon: "check", words: "работает" };
}

const DEVICE_WORDS: Record<string, { name: string; icon: IconName }> = {
  bill_validator: { name: "Купюроприёмник", icon: "note" },
  receipt_printer: { name: "Принтер чеков", icon: "printer" },
  coin_acceptor: { name: "Монетоприёмник", icon: "note" },
  payment_card_reader: { name: "Банковский терминал", icon: "account" },
  fiscal_printer: { name: "Фискальный регистратор", icon: "printer" },
  barcode_reader: { name: "Сканер кодов", icon: "search" },
  document_printer: { name: "Принтер A4", icon: "printer" },
  card_reader: { name: "Считыватель карт", icon: "account" },
  ups: { name: "ИБП", icon: "plug" },
  watchdog: { name: "Сторожевой таймер", icon: "clock" },
  auxiliaries: { name: "Дверца, датчики, SOS", icon: "bell" },
  lights: { name: "Подсветка", icon: "topic" },
  camera: { name: "Камера", icon: "camera" },
  document_camera: { name: "Камера документов", icon: "camera" },
  audio: { name: "Звук", icon: "speaker" },
  captions: { name: "Субтитры", icon: "note" },
};

/** The name and pictogram of a class of devices; a class this page does not know keeps its own word. */
export function deviceKind(device: DeviceReport): { name: string; icon: IconName } {
  return DEVICE_WORDS[device.device_class] ?? { name: device.device_class, icon: "plug" };
}

const STATE_SIGNS: Record<string, Sign> = {
  online: { tone: "good", icon: "check", words: "работает" },
  device_busy: { tone: "good", icon: "busy", words: "занят" },
  user_error: { tone: "caution", icon: "warning", words: "нужен человек" },
  offline: { tone: "bad", icon: "fault", words: "не отвечает" },
  power_off: { tone: "bad", icon: "fault", words: "без питания" },
  no_device: { tone: "caution", icon: "absent", words: "не найдено" }, // configured, so it is missed
  hardware_error: { tone: "bad", icon: "fault", words: "неисправен" },
  fraud_attempt: { tone: "bad", icon: "warning", words: "попытка обмана" },
};

const FAULT_WORDS: Record<string, string> = {
  line_lost: "порт отключён",
  no_answer: "нет ответа",
  starting: "запускается",
  jammed: "замятие",
  cassette_full: "кассета полна",
  cassette_jammed: "замятие в кассете",
  cassette_removed: "кассета вынута",
  cheated: "попытка обмана",
  paused: "приостановлен",
  failed: "отказ",
  paper_out: "нет бумаги",
  paper_low: "мало бумаги",
  cover_open: "открыта крышка",
  cutter: "отрезчик",
  head: "печатающая головка",
};

/** The state of a device; a fault says it more exactly than the state. */
export function deviceSign(device: DeviceReport): Sign {
  if (!device.fitted) return { tone: "absent", icon: "absent", words: "нет по проекту" };
  const state = STATE_SIGNS[device.state] ?? { tone: "caution", icon: "warning", words: device.state };
  if (device.fault === "none" || device.fault === "") return state;
  const words = FAULT_WORDS[device.fault] ?? device.fault;
  if (device.state === "online") return { tone: "caution", icon: "warning", words };
  return { ...state, words };
}

const READINESS_SIGNS: Record<Readiness, Sign> = {
  ready: { tone: "good", icon: "check", words: "готов" },
  partly: { tone: "caution", icon: "warning", words: "готов частично" },
  not_ready: { tone: "bad", icon: "fault", words: "не готов" },
};

/** What the terminal says of itself (clause 5.3.1); null: it is of an older release and says nothing. */
export function readinessSign(readiness: ReadinessReport | null): Sign | null {
  return readiness === null ? null : READINESS_SIGNS[readiness.state];
}

const LACK_WORDS: Record<string, string> = {
  cash: "Приём наличных",
  billing: "Расчёты по счетам",
  office: "Связь с офисом",
  power: "Питание",
};

/** What a terminal lacks, and why, in one line. */
export function lackWords(lack: Lack): string {
  const known = LACK_WORDS[lack.what];
  if (known !== undefined) return `${known}: ${cashStopWords(lack.why)}`;
  const kind = DEVICE_WORDS[lack.what]?.name ?? lack.what;
  return `${kind}: ${FAULT_WORDS[lack.why] ?? STATE_SIGNS[lack.why]?.words ?? lack.why}`;
}

/** Notes in the cassette: «12 купюр». */
export function notesCount(cassette: CassetteReport): string {
  const count = cassette.notes.reduce((sum, notes) => sum + notes.count, 0);
  return counted(count, "купюра", "купюры", "купюр");
}

/** Whoever presses SOS is seen first; the rest keep their order. */
export function mostUrgentFirst(rows: readonly TerminalRow[]): TerminalRow[] {
  const calls = (row: TerminalRow) => row.alarms.some((alarm) => alarm.kind === "sos");
  return [...rows.filter(calls), ...rows.filter((row) => !calls(row))];
}

export interface FleetSums {
  terminals: number;
  working: number;
  troubled: number;
  cashMinor: number;
  undelivered: number;
}

/** The figures above the table. */
export function fleetSums(rows: readonly TerminalRow[]): FleetSums {
  const tones = rows.map((row) => terminalSign(row).tone);
  return {
    terminals: rows.length,
    working: tones.filter((tone) => tone === "good").length,
    troubled: tones.filter((tone) => tone === "bad" || tone === "caution").length,
    cashMinor: rows.reduce((sum, row) => sum + (row.cassette?.total_minor ?? 0), 0),
    undelivered: rows.reduce((sum, row) => sum + row.undelivered_payments, 0),
  };
}
