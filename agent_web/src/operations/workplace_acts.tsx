/** Who let whom work with a failed check, for supervisors (clause 5.3.1). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { CheckName, WorkplaceAct } from "../contract.gen";
import { CHECK_NAMES } from "../desk/workplace";
import { moment } from "../format";
import { fetchWorkplaceActs, OfficeError } from "../office_api";

const POLL_PERIOD_MS = 30_000;
const SHOWN_MAX = 10;

export function WorkplaceActsPanel(): JSX.Element | null {
  const acts = useSignal<readonly WorkplaceAct[]>([]);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function poll(): Promise<void> {
      try {
        const told = await fetchWorkplaceActs();
        if (!stopped) acts.value = told.acts.slice(0, SHOWN_MAX);
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
  }, [acts]);
  if (acts.value.length === 0) return null;
  return (
    <section class="workplace-acts" aria-labelledby="workplace-acts-title" data-testid="workplace-acts">
      <h2 id="workplace-acts-title">Разрешения по рабочим местам</h2>
      <ul>
        {acts.value.map((act) => (
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
