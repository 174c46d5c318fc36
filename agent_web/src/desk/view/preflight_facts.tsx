/** What does not work at the customer's terminal, before the answer and in the talk. */
import type { JSX } from "preact";
import type { Preflight, WayToTalk } from "../../contract.gen";
import { troubleWords } from "../../preflight";
import { Icon } from "../../ui/icons";

export function PreflightFacts({ found, way }: { found: Preflight; way: WayToTalk }): JSX.Element | null {
  const troubles = troubleWords(found, way);
  if (troubles.length === 0) return null;
  return (
    <div>
      <dt>
        <Icon name="warning" /> У терминала
      </dt>
      {troubles.map((words) => (
        <dd key={words} data-testid="terminal-trouble">
          {words}
        </dd>
      ))}
    </div>
  );
}
