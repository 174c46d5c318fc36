/** Numbers, money and times as the screens write them. Pure. */

const NBSP = "\u00a0";
const MINUS = "\u2212";

/** `123456` -> «1 234,56 ₽» with spaces that do not break. */
export function rubles(amountMinor: number): string {
  const amount = Math.abs(Math.trunc(amountMinor));
  const whole = grouped(Math.floor(amount / 100));
  const kopecks = String(amount % 100).padStart(2, "0");
  return `${amountMinor < 0 ? MINUS : ""}${whole},${kopecks}${NBSP}₽`;
}

/** A note's value: whole rubles without kopecks, «1 000 ₽». */
export function noteValue(valueMinor: number): string {
  return valueMinor % 100 === 0 ? `${grouped(valueMinor / 100)}${NBSP}₽` : rubles(valueMinor);
}

/** A running clock: «4:07», «1:02:09». */
export function clock(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  const rest = `${String(Math.floor(seconds / 60) % 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const hours = Math.floor(seconds / 3_600);
  return hours === 0 ? rest : `${hours}:${rest.padStart(5, "0")}`;
}

/** A duration in words: «меньше минуты», «7 мин», «2 ч 05 мин». */
export function durationWords(durationMs: number): string {
  const minutes = Math.floor(Math.max(0, durationMs) / 60_000);
  if (minutes === 0) return "меньше минуты";
  if (minutes < 60) return `${minutes}${NBSP}мин`;
  const hours = Math.floor(minutes / 60);
  return `${hours}${NBSP}ч ${String(minutes % 60).padStart(2, "0")}${NBSP}мин`;
}

/** How long ago: «только что», «20 с назад», «3 дня назад». */
export function ago(passedMs: number): string {
  const seconds = Math.floor(passedMs / 1_000);
  if (seconds < 5) return "только что";
  if (seconds < 60) return `${seconds}${NBSP}с назад`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${NBSP}мин назад`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}${NBSP}ч назад`;
  return `${counted(Math.floor(hours / 24), "день", "дня", "дней")} назад`;
}

/** The zone of every date that a person reads here, whatever the browser is set to (signaling_server/clock.py). */
const OFFICE_ZONE = "Europe/Moscow";

/** A moment in the office's time zone: «23.11.2026, 14:05:09». */
export function moment(timeMs: number): string {
  return new Intl.DateTimeFormat("ru-RU", {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZone: OFFICE_ZONE,
  }).format(timeMs);
}

/** «14:05» of the office. */
export function hourMinute(timeMs: number): string {
  return new Intl.DateTimeFormat("ru-RU", { hour: "2-digit", minute: "2-digit", timeZone: OFFICE_ZONE }).format(timeMs);
}

/** «1 купюра», «3 купюры», «11 купюр». */
export function counted(count: number, one: string, few: string, many: string): string {
  return `${grouped(count)}${NBSP}${plural(count, one, few, many)}`;
}

/** The form of a word that goes with a count. */
export function plural(count: number, one: string, few: string, many: string): string {
  const lastTwo = Math.abs(count) % 100;
  const last = lastTwo % 10;
  if (lastTwo >= 11 && lastTwo <= 14) return many;
  if (last === 1) return one;
  return last >= 2 && last <= 4 ? few : many;
}

function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, NBSP);
}
