/** Misbehaviour and danger in a talk: what must come first, what the agent reads out (9.4.10, 9.7.3). Pure. */
import type { Danger, Incident, Misconduct } from "../contract.gen";
import { type NewCard, plainCard } from "./cards";
import type { Desk, Note } from "./state";

export const HOLD_MS = 1_500; // so long the alarm is held: nobody raises it by a slip

export const MISCONDUCT_WORDS: Record<Misconduct, string> = {
  insult: "оскорбления",
  obscene: "нецензурная брань",
  threat: "угрозы",
  indecent: "непристойное поведение",
};

export const DANGER_WORDS: Record<Danger, string> = {
  violence: "нападение или угроза людям",
  vandalism: "терминал ломают",
  medical: "человеку плохо",
  fire: "пожар или дым",
  other: "другая опасность",
};

export const WARNING: NewCard = {
  text: "Пожалуйста, говорите спокойно и без оскорблений. Иначе консультанту придётся закончить разговор",
  card: plainCard("warning"),
  following: [],
};

export type Warned = "no" | "sent" | "shown";

/** Whether the warning stood before the customer; without it no talk is ended for misbehaviour. */
export function warned(notes: readonly Note[]): Warned {
  const warnings = notes.filter(({ note }) => note.card?.kind === "warning");
  if (warnings.some(({ shown }) => shown)) return "shown";
  return warnings.length > 0 ? "sent" : "no";
}

/** One line of a list: what, where, who said it. */
export function incidentWords(incident: Incident): string {
  const test = incident.test ? "Проверка. " : "";
  const reason =
    incident.kind === "alarm"
      ? `Тревога: ${DANGER_WORDS[incident.reason as Danger] ?? incident.reason}`
      : `Разговор завершён: ${MISCONDUCT_WORDS[incident.reason as Misconduct] ?? incident.reason}`;
  return `${test}${reason}. ${incident.address}`;
}

/** What the agent does, step by step; the address is read out as it stands. */
export function alarmScript(incident: Incident): readonly string[] {
  const guard = incident.guard_phone;
  return [
    guard === "" ? "Телефона охраны этого места нет: звоните 112" : `Позвоните охране: ${guard}`,
    `Звоните 112 и назовите адрес: ${incident.address}`,
    `Скажите, что случилось: ${DANGER_WORDS[incident.reason as Danger] ?? incident.reason}`,
    "Попросите клиента отойти в безопасное место. Не кладите трубку, пока он не в безопасности",
    "Супервайзер и служба терминалов уже знают",
  ];
}

/** Of the agent's own call it is the script; of others it is a supervisor's news. */
export function afterIncident(desk: Desk, incident: Incident): Desk {
  const own = desk.work.at === "on_call" && desk.work.call.call_id === incident.call_id;
  if (own && incident.kind === "alarm") return { ...desk, alarm: incident };
  const others = desk.incidents.filter((each) => each.incident_id !== incident.incident_id); // told again to a new link
  return { ...desk, incidents: [incident, ...others] };
}
