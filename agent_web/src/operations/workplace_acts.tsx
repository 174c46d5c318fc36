/** Who let whom work with a failed check, for supervisors (clause 5.3.1). */
import type { JSX } from "preact";
import type { CheckName, WorkplaceAct } from "../contract.gen";
import { CHECK_NAMES } from "../desk/workplace";
import { moment } from "../format";
import { fetchWorkplaceActs } from "../office_api";
import { usePolled } from "../ui/polled";

const POLL_PERIOD_MS = 30_000;
const SHOWN_MAX = 10;

export function WorkplaceActsPanel(): JSX.Element | null {
  const acts = usePolled(fetchWorkplaceActs, POLL_PERIOD_MS).told.value?.acts.slice(0, SHOWN_MAX) ?? [];
  if (acts.length === 0) return null;
  return (
    <section class="workplace-acts" aria-labelledby="workplace-acts-title" data-testid="workplace-acts">
      <h2 id="workplace-acts-title">Разрешения по рабочим местам</h2>
      <ul>
        {acts.map((act) => (
          <li key={act.act_id}>
            <time dateTime={new Date(act.at_ms).toISOString()}>{moment(act.at_ms)}</time> {actWords(act)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function actWords(act: WorkplaceAct): string {
  if (act.kind === "background") return `${act.supervisor_name}: запомнен фон с логотипом у ${act.agent_name}`;
  const failed = act.failed.split(",").map((name) => CHECK_NAMES[name as CheckName]?.name.toLowerCase() ?? name);
  return `${act.agent_name} работает, хотя не в порядке: ${failed.join(", ")}. ${act.supervisor_name}: «${act.reason}»`;
}
