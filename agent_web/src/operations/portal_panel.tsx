/** The ЛКК in the talks of the last month (clause 6.3.7). */
import type { JSX } from "preact";
import { fetchPortalFigures } from "../office_api";
import { usePolled } from "../ui/polled";

const POLL_PERIOD_MS = 60_000;

export function PortalPanel(): JSX.Element | null {
  const figures = usePolled(fetchPortalFigures, POLL_PERIOD_MS).told.value;
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
