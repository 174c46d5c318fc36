/** «Пришли по записи»: who marked himself at a terminal and waits, by number, topic and time. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Arrival, Arrivals } from "../../contract.gen";
import { hourMinute } from "../../format";
import { fetchArrivals, OfficeError, takeArrival } from "../../office_api";
import { Icon } from "../../ui/icons";

const POLL_PERIOD_MS = 5_000;

/** Nothing at all while nobody has come. */
export function ArrivedCustomers(): JSX.Element | null {
  const told = useSignal<Arrivals | null>(null);
  const trouble = useSignal("");

  async function look(): Promise<void> {
    try {
      told.value = await fetchArrivals();
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error; // the desk itself tells that there is no link
    }
  }

  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), POLL_PERIOD_MS);
    return () => clearInterval(timer);
  }, []);

  async function take(bookingId: string): Promise<void> {
    try {
      await takeArrival(bookingId);
      trouble.value = "";
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      trouble.value = error.message;
    }
    await look();
  }

  const arrivals = told.value?.arrivals ?? [];
  if (arrivals.length === 0 && trouble.value === "") return null;
  return (
    <section class="card arrived" aria-labelledby="arrived-title" data-testid="arrived">
      <h2 id="arrived-title">Пришли по записи</h2>
      {trouble.value !== "" && (
        <p class="field-error" role="alert">
          <Icon name="warning" size={16} />
          {trouble.value}
        </p>
      )}
      <ul class="arrived-list" aria-live="polite">
        {arrivals.map((each) => (
          <Row key={each.booking_id} arrival={each} onTake={() => void take(each.booking_id)} />
        ))}
      </ul>
    </section>
  );
}

function Row({ arrival, onTake }: { arrival: Arrival; onTake: () => void }): JSX.Element {
  return (
    <li data-testid={`arrival-${arrival.ticket}`}>
      <strong class="arrived-ticket">{arrival.ticket}</strong>
      <span class="arrived-words">
        <span>{arrival.topic_title}</span>
        <span class="hint">
          Записан на {hourMinute(arrival.starts_at_ms)}, отметился в {hourMinute(arrival.checked_in_at_ms)}.{" "}
          {arrival.place_title}
        </span>
      </span>
      <button type="button" class="button button-quiet" onClick={onTake}>
        Пригласить
        <span class="visually-hidden"> клиента с кодом {arrival.ticket}</span>
      </button>
    </li>
  );
}
