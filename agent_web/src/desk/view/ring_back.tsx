/** «Позвонить на терминал снова», from the wrap-up: five to six signals that nobody cuts (clause 9.4.2). */
import type { JSX } from "preact";
import { ticking } from "../../clock";
import type { DeskController } from "../desk_controller";
import { RING_WORDS, ringLeftS } from "../ring_back";
import type { Desk } from "../state";

export function RingBack({ controller, desk }: { controller: DeskController; desk: Desk }): JSX.Element {
  const { ring } = desk;
  const rings = ring?.state === "ringing";
  const leftS = ring === null ? 0 : ringLeftS(ring, ticking.value);
  return (
    <div class="card-form">
      {rings ? (
        <button
          type="button"
          class="button button-quiet"
          data-testid="ring-stop"
          aria-disabled={leftS > 0}
          onClick={() => leftS === 0 && controller.stopRinging()}
        >
          {leftS > 0 ? `Остановить можно через ${leftS} с` : "Остановить звонок"}
        </button>
      ) : (
        <button type="button" class="button button-quiet" data-testid="ring-back" onClick={() => controller.ringBack()}>
          Позвонить на терминал снова
        </button>
      )}
      {ring !== null && (
        <p role="status" data-testid="ring-told">
          {RING_WORDS[ring.state]}
        </p>
      )}
    </div>
  );
}
