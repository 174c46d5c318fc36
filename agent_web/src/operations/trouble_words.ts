/** What a terminal says of itself, in Russian: alarms, why cash is stopped, what a driver adds. Pure. */
import type { AlarmReport, StorageReport } from "../contract.gen";
import type { Sign } from "./fleet";

const ALARMS: Record<string, Sign> = {
  sos: { tone: "bad", icon: "bell", words: "нажата кнопка SOS" },
  door_open: { tone: "bad", icon: "warning", words: "открыта дверца" },
  on_battery: { tone: "caution", icon: "plug", words: "нет электричества, работает от батареи" },
  power_ending: { tone: "bad", icon: "plug", words: "батарея кончается, терминал выключается" },
  watchdog_unreachable: { tone: "caution", icon: "warning", words: "сторожевой таймер не отвечает" },
  too_hot: { tone: "bad", icon: "warning", words: "перегрев" },
  form_not_taken: { tone: "caution", icon: "warning", words: "офис не принимает обращение клиента" },
  bad_content: { tone: "caution", icon: "warning", words: "пакет оформления не годится, показан нейтральный" },
  stale_articles: { tone: "caution", icon: "warning", words: "в Справочнике истёк срок статей, они скрыты" },
  replace_battery: { tone: "caution", icon: "plug", words: "пора менять батарею ИБП" },
};

/** An alarm as pictogram and words; one that this page does not know keeps its own word. */
export function alarmSign(alarm: AlarmReport): Sign {
  return ALARMS[alarm.kind] ?? { tone: "bad", icon: "warning", words: alarm.kind };
}

const CASH_STOPS: Record<string, string> = {
  not_fitted: "приёмника нет по проекту",
  acceptor: "приёмник купюр не работает",
  jammed: "замятие в приёмнике",
  cheated: "приёмник заметил попытку обмана",
  cassette_full: "кассета полна",
  cassette_removed: "кассета вынута",
  cassette_jammed: "замятие в кассете",
  journal: "не пишется журнал платежей",
  fiscal: "фискальный регистратор не готов",
  billing: "нет связи с расчётами",
  power: "нет электричества",
  door: "открыта дверца",
  no_answer: "нет ответа",
};

/** Why no cash is taken; "" while it is. */
export function cashStopWords(reason: string): string {
  return reason === "" ? "" : (CASH_STOPS[reason] ?? reason);
}

const STORAGE: Record<string, Sign> = {
  ok: { tone: "good", icon: "check", words: "место есть" },
  high: { tone: "caution", icon: "warning", words: "почти полна" },
  full: { tone: "bad", icon: "fault", words: "полна" },
  missing: { tone: "bad", icon: "absent", words: "вынута" },
  inoperative: { tone: "bad", icon: "fault", words: "неисправна" },
};

const UNITS: Record<string, string> = { cassette: "Кассета", coin_box: "Ящик для монет" };

/** A cassette or a coin box: its name, what ails it, and how full it is, from 0 to 1. */
export function storageView(unit: StorageReport): { name: string; sign: Sign; share: number; filled: string } {
  const sign = STORAGE[unit.status] ?? { tone: "caution", icon: "warning", words: unit.status };
  return {
    name: UNITS[unit.unit_id] ?? unit.unit_id,
    sign,
    share: unit.count_max > 0 ? Math.min(1, unit.count / unit.count_max) : 0,
    filled: `${unit.count} из ${unit.count_max}`,
  };
}

const PHRASES: readonly [RegExp, string][] = [
  [/^another device: serial (\S+), before (\S+)$/, "Другое устройство: номер $1, раньше был $2"],
  [/^another adapter at this place: (\S+), before (\S+)$/, "Другой переходник: $1, раньше был $2"],
  [/^its adapter (\S+) stands at (\S+) now$/, "Его переходник $1 теперь в гнезде $2"],
  [/^its adapter (\S+) is nowhere$/, "Его переходника $1 нет нигде"],
  [/^adapters stand at: (.+)$/, "Переходники есть в гнёздах: $1"],
  [/^there is no serial adapter at all$/, "Переходников нет совсем"],
  [/^.*(there is no such port|No such file or directory)$/, "Такого порта нет"],
  [/^.*another program (holds the port|has grabbed the device)$/, "Порт занят другой программой"],
  [/^.*(the port is gone|the device is gone.*)$/, "Порт пропал"],
  [/^.*(nobody listens.*|Connect call failed.*)$/, "По этому адресу никто не отвечает"],
  [/^the driver failed$/, "Ошибка драйвера, запускаем заново"],
  [/^the SOS button stays pressed$/, "Кнопка SOS залипла"],
  [/^no light (.+)$/, "Нет лампы: $1"],
  [/^upsd knows no UPS$/, "Служба питания не видит ИБП"],
  [/^no connection to the bank$/, "Нет связи с банком"],
  [/^takes no jobs$/, "Не принимает задания"],
];

/** What the driver adds, split into what a person reads and codes that only a technician knows. */
export function detailWords(detail: string): { words: string[]; codes: string[] } {
  const words: string[] = [];
  const codes: string[] = [];
  for (const part of detail.split("; ").filter((each) => each !== "")) {
    const known = PHRASES.find(([pattern]) => pattern.test(part));
    if (known) words.push(part.replace(known[0], known[1]));
    else codes.push(part);
  }
  return { words, codes };
}
