/** «Отправить письменно»: the written card to the customer's phone or mailbox, by his own touch (9.3.5c, 9.6.11). */
import type { JSX } from "preact";
import type { SendingWay } from "../../contract.gen";
import { cardToSend, openSending, sendingWords } from "../card_sending";
import type { DeskController } from "../desk_controller";
import type { Desk } from "../state";

interface Props {
  controller: DeskController;
  desk: Desk;
}

const WAYS: readonly [SendingWay, string][] = [
  ["sms", "По СМС"],
  ["email", "По почте"],
];

export function SendingPanel({ controller, desk }: Props): JSX.Element | null {
  const card = cardToSend(desk.notes);
  const open = openSending(desk.sendings);
  if (card === null && desk.sendings.length === 0) return null;
  function offer(way: SendingWay, note_id: string): void {
    controller.tellCall((call_id) => ({
      type: "OfferSending",
      call_id,
      sending_id: crypto.randomUUID(),
      note_id,
      way,
    }));
  }
  return (
    <section class="card card-tight cards" aria-labelledby="sending-title">
      <h2 id="sending-title">Предложить прислать карточку</h2>
      {desk.sendings.length > 0 && (
        <div class="cards-last" role="status" data-testid="sending-state">
          {desk.sendings.map((told) => (
            <p key={told.sending_id}>{sendingWords(told)}</p>
          ))}
        </div>
      )}
      {open !== null && (
        <button
          type="button"
          class="button button-quiet"
          data-testid="sending-withdraw"
          onClick={() => controller.tellCall((call_id) => ({ type: "WithdrawSending", call_id, sending_id: open }))}
        >
          Больше не нужно
        </button>
      )}
      {open === null && card !== null && (
        <>
          <div class="cards-at-once">
            {WAYS.map(([way, words]) => (
              <button
                key={way}
                type="button"
                class="button button-quiet"
                data-testid={`sending-${way}`}
                onClick={() => offer(way, card)}
              >
                {words}
              </button>
            ))}
          </div>
          <p class="hint">Куда отправить, скажет сам клиент на терминале</p>
        </>
      )}
    </section>
  );
}
