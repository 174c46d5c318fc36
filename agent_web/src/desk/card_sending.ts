/** A written card sent to the customer by SMS or e-mail: which one may go, and how it stands, in words. Pure. */
import type { SendingState, SendingTold, SendingWay } from "../contract.gen";
import { isOnCall } from "./call_changes";
import type { Desk, Note } from "./state";

const WRITTEN: ReadonlySet<string> = new Set(["written", "summary", "plan"]);
const OPEN: ReadonlySet<SendingState> = new Set<SendingState>(["asked", "typing", "checking", "bad_address"]);
const WAY_WORDS: Record<SendingWay, string> = { sms: "СМС", email: "Письмо" };

const STATE_WORDS: Record<SendingState, string> = {
  asked: "клиент читает, что мы ему отправим",
  typing: "клиент набирает, куда отправить",
  checking: "клиент проверяет адрес перед отправкой",
  bad_address: "клиент поправляет адрес",
  declined: "клиент отказался",
  withdrawn: "предложение снято",
  not_shown: "отправить нельзя, карточка не стояла перед клиентом",
  no_way: "офис их сейчас не отправляет",
  too_long: "текст длиннее СМС, предложите почту или напечатайте",
  too_many: "в этом разговоре отправлено уже много",
  queued: "отправлено",
  morning: "отправлено, уйдёт после 9:00 утра",
  retrying: "пока не ушло, пробуем ещё",
  taken: "доставлено в шлюз",
  failed: "не ушло",
};

/** Sent by mail it is taken by a server, not by a gateway. */
export function sendingWords({ way, state, to }: SendingTold): string {
  const said = way === "email" && state === "taken" ? "принято почтовым сервером" : STATE_WORDS[state];
  return `${WAY_WORDS[way]}${to === "" ? "" : ` на ${to}`}: ${said}`;
}

/** The card that may go now: the last one of those made to be kept, once it stands before the customer. */
export function cardToSend(notes: readonly Note[]): string | null {
  const last = notes.findLast(({ note, shown }) => shown && note.card !== null && WRITTEN.has(note.card.kind));
  return last?.note.note_id ?? null;
}

/** The offer that the customer is busy with; null: he may be asked. */
export function openSending(sendings: readonly SendingTold[]): string | null {
  const last = sendings.at(-1);
  return last !== undefined && OPEN.has(last.state) ? last.sending_id : null;
}

/** Told anew it takes the place of what was known of it; the order of the offers stays. */
export function afterSending(desk: Desk, told: SendingTold): Desk {
  if (!isOnCall(desk, told.call_id)) return desk;
  const known = desk.sendings.some(({ sending_id }) => sending_id === told.sending_id);
  const sendings = known
    ? desk.sendings.map((each) => (each.sending_id === told.sending_id ? { ...told, to: told.to || each.to } : each))
    : [...desk.sendings, told];
  return { ...desk, sendings };
}
