/** «Документ клиента»: asked for, looked at with zoom and turned, put into the case (clause 6.1.1). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { StillTold } from "../../contract.gen";
import { attachStill } from "../../office_api";
import { useAsking } from "../../ui/asking";
import { Icon } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import type { Desk } from "../state";
import { openStill, sentStills, stillPath, stillWords } from "../stills";
import { StillViewer } from "./still_viewer";

interface Props {
  controller: DeskController;
  desk: Desk;
}

export function StillPanel({ controller, desk }: Props): JSX.Element | null {
  const shown = useSignal<StillTold | null>(null);
  const talks = desk.work.at === "on_call";
  const open = openStill(desk.stills);
  const words = stillWords(desk.stills);
  const sent = sentStills(desk.stills);
  if (!talks && sent.length === 0) return null;
  return (
    <section class="card card-tight cards" aria-labelledby="still-title">
      <h2 id="still-title">Документ клиента</h2>
      {talks && words !== "" && (
        <p class="cards-last" role="status" data-testid="still-state">
          {words}
        </p>
      )}
      {sent.length > 0 && (
        <ol class="stills" aria-label="Снимки документов">
          {sent.map((still, at) => (
            <Sent
              key={still.still_id}
              controller={controller}
              still={still}
              number={at + 1}
              onOpen={() => (shown.value = still)}
            />
          ))}
        </ol>
      )}
      {talks && (
        <button
          type="button"
          class="button button-quiet"
          data-testid={open === null ? "still-ask" : "still-withdraw"}
          onClick={() => (open === null ? controller.askStill() : controller.withdrawStill(open))}
        >
          {open === null ? "Попросить показать документ" : "Больше не нужно"}
        </button>
      )}
      {shown.value !== null && <StillViewer still={shown.value} onClose={() => (shown.value = null)} />}
    </section>
  );
}

interface SentProps {
  controller: DeskController;
  still: StillTold;
  number: number;
  onOpen: () => void;
}

function Sent({ controller, still, number, onOpen }: SentProps): JSX.Element {
  const attached = useSignal(false);
  const { busy, trouble, run } = useAsking(() => controller.onSignedOut());
  async function attach(): Promise<void> {
    attached.value = await run(() => attachStill({ call_id, still_id }));
  }
  const { call_id, still_id } = still;
  return (
    <li class="still">
      <button type="button" class="still-open" data-testid="still-open" onClick={onOpen}>
        <img src={stillPath(still)} alt={`Снимок документа ${number}: открыть`} />
      </button>
      {attached.value ? (
        <p class="hint" role="status" data-testid="still-attached">
          <Icon name="check" size={16} /> В обращении
        </p>
      ) : (
        <button
          type="button"
          class="button button-quiet"
          data-testid="still-attach"
          aria-disabled={busy.value}
          onClick={() => void attach()}
        >
          Приложить к обращению
        </button>
      )}
      {trouble.value !== "" && (
        <p class="field-error" role="alert">
          {trouble.value}
        </p>
      )}
    </li>
  );
}
