/** The operations page: every terminal, what ails it, and the cash in it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { FleetAnswer, Incident, TerminalRow } from "../contract.gen";
import { counted, rubles } from "../format";
import { fetchFleet, fetchIncidents, OfficeError } from "../office_api";
import { Icon, Mark } from "../ui/icons";
import { IncidentList } from "../ui/incident_list";
import { fleetSums, mostUrgentFirst, terminalSign } from "./fleet";
import { PortalPanel } from "./portal_panel";
import { SelfService } from "./self_service_view";
import { AlarmsCell, CassetteCell, DevicesCell, LacksCell, PreflightLine, SeenCell, SignMark } from "./terminal_cells";
import { WorkplaceActsPanel } from "./workplace_acts";

const POLL_PERIOD_MS = 1_500; // an alarm stands here within 2 s (clause 9.7.3)

export function OperationsPage({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const fleet = useSignal<FleetAnswer | null>(null);
  const trouble = useSignal("");
  const incidents = useSignal<readonly Incident[]>([]);

  useEffect(() => {
    document.title = "Терминалы";
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function poll(): Promise<void> {
      try {
        const [answer, told] = await Promise.all([fetchFleet(), fetchIncidents()]);
        if (stopped) return;
        fleet.value = answer;
        incidents.value = told.incidents;
        trouble.value = "";
      } catch (error) {
        if (stopped) return;
        if (!(error instanceof OfficeError)) throw error;
        if (error.status === 401) return onSignedOut();
        trouble.value = error.message;
      }
      timer = setTimeout(() => void poll(), POLL_PERIOD_MS);
    }
    void poll();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [fleet, trouble, incidents, onSignedOut]);

  return (
    <div class="root operations" data-desk-state="operations">
      <header class="operations-header">
        <Mark size={36} />
        <h1>Терминалы</h1>
        <a class="button button-quiet" href="/money" target="money">
          <Icon name="note" />
          Деньги
        </a>
        <a class="button button-quiet" href="/recordings" target="recordings">
          <Icon name="camera" />
          Записи
        </a>
        <a class="button button-quiet" href="/messages" target="messages">
          <Icon name="bell" />
          Сообщения
        </a>
        <a class="button button-quiet" href="/" target="desk">
          <Icon name="person" />
          Рабочее место
        </a>
      </header>
      <main>
        <IncidentList
          incidents={incidents.value}
          onTaken={(taken) => (incidents.value = incidents.value.filter((each) => each.incident_id !== taken))}
          onRefused={(error) => {
            if (!(error instanceof OfficeError)) throw error;
            trouble.value = error.message;
          }}
        />
        {trouble.value !== "" && (
          <p class="banner banner-trouble" role="alert" data-testid="fleet-trouble">
            <Icon name="link_lost" />
            <span>
              {trouble.value}
              {fleet.value !== null && " Ниже последние полученные данные."}
            </span>
          </p>
        )}
        {fleet.value === null ? (
          trouble.value === "" && <p class="fleet-empty">Загружаем…</p>
        ) : (
          <Fleet fleet={fleet.value} />
        )}
        <SelfService />
        <WorkplaceActsPanel />
        <PortalPanel />
      </main>
    </div>
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
