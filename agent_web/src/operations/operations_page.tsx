/** The operations page: every terminal, what ails it, and the cash in it. */
import type { JSX } from "preact";
import type { FleetAnswer, Incident, TerminalRow } from "../contract.gen";
import { counted, rubles } from "../format";
import { fetchFleet, fetchIncidents, OfficeError } from "../office_api";
import { Icon } from "../ui/icons";
import { IncidentList } from "../ui/incident_list";
import { OfficePage, PageTrouble } from "../ui/office_page";
import { usePolled } from "../ui/polled";
import { fleetSums, mostUrgentFirst, terminalSign } from "./fleet";
import { PortalPanel } from "./portal_panel";
import { SelfService } from "./self_service_view";
import { AlarmsCell, CassetteCell, DevicesCell, LacksCell, PreflightLine, SeenCell, SignMark } from "./terminal_cells";
import { WorkplaceActsPanel } from "./workplace_acts";

const POLL_PERIOD_MS = 1_500; // an alarm stands here within 2 s (clause 9.7.3)

interface Told {
  fleet: FleetAnswer;
  incidents: readonly Incident[];
}

async function fetchAll(): Promise<Told> {
  const [fleet, told] = await Promise.all([fetchFleet(), fetchIncidents()]);
  return { fleet, incidents: told.incidents };
}

export function OperationsPage({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const { told, trouble } = usePolled(fetchAll, POLL_PERIOD_MS, onSignedOut);
  const stale = trouble.value !== "" && told.value !== null;
  return (
    <OfficePage name="operations" title="Терминалы" ways={["money", "recordings", "messages", "desk"]}>
      <IncidentList
        incidents={told.value?.incidents ?? []}
        onTaken={(taken) => {
          if (told.value !== null)
            told.value = {
              ...told.value,
              incidents: told.value.incidents.filter((each) => each.incident_id !== taken),
            };
        }}
        onRefused={(error) => {
          if (!(error instanceof OfficeError)) throw error;
          trouble.value = error.message;
        }}
      />
      <PageTrouble
        words={stale ? `${trouble.value} Ниже последние полученные данные.` : trouble.value}
        testId="fleet-trouble"
        icon="link_lost"
      />
      {told.value === null ? (
        trouble.value === "" && <p class="fleet-empty">Загружаем…</p>
      ) : (
        <Fleet fleet={told.value.fleet} />
      )}
      <SelfService />
      <WorkplaceActsPanel />
      <PortalPanel />
    </OfficePage>
  );
}

function Fleet({ fleet }: { fleet: FleetAnswer }): JSX.Element {
  if (fleet.terminals.length === 0) {
    return (
      <section class="fleet-empty" data-testid="fleet-empty">
        <Icon name="plug" size={48} />
        <h2>Терминалов пока нет</h2>
        <p>Терминал появится здесь, как только техник введёт на нём одноразовый код подключения.</p>
      </section>
    );
  }
  return (
    <>
      <Sums rows={fleet.terminals} />
      <table class="fleet" data-testid="fleet">
        <caption class="visually-hidden">Терминалы, их устройства и наличные</caption>
        <thead>
          <tr>
            <th scope="col">Терминал</th>
            <th scope="col">Состояние</th>
            <th scope="col">Был на связи</th>
            <th scope="col">Устройства</th>
            <th scope="col">Наличные в кассете</th>
            <th scope="col">Не доставлено платежей</th>
          </tr>
        </thead>
        <tbody>
          {mostUrgentFirst(fleet.terminals).map((row) => (
            <Row key={row.terminal_id} row={row} nowMs={fleet.server_time_ms} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Sums({ rows }: { rows: readonly TerminalRow[] }): JSX.Element {
  const sums = fleetSums(rows);
  return (
    <dl class="fleet-sums">
      <div>
        <dt>Работают без замечаний</dt>
        <dd>
          {sums.working} <small>из {sums.terminals}</small>
        </dd>
      </div>
      <div class={sums.troubled > 0 ? "fleet-sum-bad" : ""}>
        <dt>Требуют внимания</dt>
        <dd>{sums.troubled}</dd>
      </div>
      <div>
        <dt>Наличные во всех кассетах</dt>
        <dd>{rubles(sums.cashMinor)}</dd>
      </div>
      <div class={sums.undelivered > 0 ? "fleet-sum-bad" : ""}>
        <dt>Не доставлено платежей</dt>
        <dd>{sums.undelivered}</dd>
      </div>
    </dl>
  );
}

function Row({ row, nowMs }: { row: TerminalRow; nowMs: number }): JSX.Element {
  return (
    <tr data-testid={`terminal-${row.terminal_id}`}>
      <th scope="row">
        <span class="fleet-title">{row.title || row.terminal_id}</span>
        <span class="fleet-site">{row.site}</span>
        <span class="fleet-version">версия {row.software_version || "неизвестна"}</span>
      </th>
      <td data-label="Состояние">
        <SignMark sign={terminalSign(row)} strong />
        <LacksCell readiness={row.online ? row.readiness : null} />
        <AlarmsCell alarms={row.alarms} cashStopped={row.cash_stopped} nowMs={nowMs} />
      </td>
      <td data-label="Был на связи">
        <SeenCell seenMs={row.last_seen_ms} nowMs={nowMs} />
      </td>
      <td data-label="Устройства">
        <DevicesCell devices={row.devices} stale={!row.online} />
        {row.preflight !== null && <PreflightLine last={row.preflight} />}
      </td>
      <td data-label="Наличные в кассете">
        <CassetteCell cassette={row.cassette} devices={row.devices} />
      </td>
      <td data-label="Не доставлено платежей">
        {row.undelivered_payments === 0 ? (
          <span class="muted">нет</span>
        ) : (
          <strong class="fleet-undelivered">
            {counted(row.undelivered_payments, "платёж", "платежа", "платежей")}
          </strong>
        )}
      </td>
    </tr>
  );
}
