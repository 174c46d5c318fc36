/** What happened at terminals and nobody has taken yet: for supervisors and operations (9.4.10, 9.7.3). */
import type { JSX } from "preact";
import type { Incident } from "../contract.gen";
import { incidentWords } from "../desk/incidents";
import { hourMinute } from "../format";
import { isTaken, takeIncident } from "../office_api";
import { Icon } from "./icons";

interface Props {
  incidents: readonly Incident[];
  onTaken: (incidentId: string) => void;
  onRefused: (error: unknown) => void;
}

export function IncidentList({ incidents, onTaken, onRefused }: Props): JSX.Element | null {
  if (incidents.length === 0) return null;
  return (
    <div role="alert" data-testid="incidents">
      <ul class="incidents">
        {incidents.map((each) => (
          <li key={each.incident_id} class="banner banner-trouble" data-testid={`incident-${each.kind}`}>
            <Icon name={each.kind === "alarm" ? "bell" : "warning"} />
            <p>
              <strong>{incidentWords(each)}</strong>
              <br />
              {hourMinute(each.at_ms)}, консультант {each.agent_name}, обращение {each.case_number}
              {each.guard_phone !== "" && `. Охрана: ${each.guard_phone}`}
              {each.comment !== "" && `. «${each.comment}»`}
            </p>
            <button
              type="button"
              class="button button-quiet"
              onClick={() =>
                void takeIncident(each.incident_id).then(
                  () => onTaken(each.incident_id),
                  (error: unknown) => (isTaken(error) ? onTaken(each.incident_id) : onRefused(error)),
                )
              }
            >
              Принять
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
