/** The ЛКК in the talks of the last month (clause 6.3.7). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { PortalFigures } from "../contract.gen";
import { fetchPortalFigures, OfficeError } from "../office_api";

const POLL_PERIOD_MS = 60_000;

export function PortalPanel(): JSX.Element | null {
  const told = useSignal<PortalFigures | null>(null);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function poll(): Promise<void> {
      try {
        const figures = await fetchPortalFigures();
        if (!stopped) told.value = figures;
      } catch (error) {
        if (!(error instanceof OfficeError)) throw error; // what ails the office stands above the table already
      }
      if (!stopped) timer = setTimeout(() => void poll(), POLL_PERIOD_MS);
    }
    void poll();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [told]);
  const figures = told.value;
  if (figures === null) return null;
  return (
    <section class="portal-figures" aria-labelledby="portal-figures-title" data-testid="portal-figures">
      <h2 id="portal-figures-title">Личный кабинет в разговорах за {figures.days} дней</h2>
      <dl class="fleet-sums">
        <div>
          <dt>Спросили</dt>
          <dd>
            {figures.asked} <small>из {figures.talks}</small>
          </dd>
        </div>
        <div>
          <dt>Уже пользуются</dt>
          <dd>{figures.uses}</dd>
        </div>
        <div>
          <dt>Просили помочь, зарегистрированы</dt>
          <dd>
            {figures.registered} <small>из {figures.helped}</small>
          </dd>
        </div>
        <div>
          <dt>Отказались</dt>
          <dd>{figures.refused}</dd>
        </div>
        <div>
          <dt>Зарегистрировались из тех, кто не пользовался</dt>
          <dd>{figures.converted_percent === null ? "—" : `${figures.converted_percent}\u00a0%`}</dd>
        </div>
      </dl>
    </section>
  );
}
