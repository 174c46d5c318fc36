/** The four stages by their exact names (clause 6.3.2). The agent goes on by a press or a key. */
import type { JSX } from "preact";
import { Icon } from "../../ui/icons";
import { STAGE_WORDS } from "../../words";
import { STAGES, type Stage } from "../state";
import { KEYS } from "./keys";

export function StageBar({ stage, onChoose }: { stage: Stage; onChoose: (stage: Stage) => void }): JSX.Element {
  const at = STAGES.indexOf(stage);
  return (
    <nav class="stages" aria-label={`Стадии обслуживания, следующая: клавиша ${KEYS.nextStage}`}>
      <ol>
        {STAGES.map((each, index) => (
          <li key={each} class={index < at ? "stage-done" : index === at ? "stage-now" : "stage-ahead"}>
            <button
              type="button"
              data-testid={`stage-${each}`}
              aria-current={index === at ? "step" : undefined}
              onClick={() => onChoose(each)}
            >
              <span class="stage-number" aria-hidden="true">
                {index < at ? <Icon name="check" size={16} /> : index + 1}
              </span>
              <span>{STAGE_WORDS[each]}</span>
              {index < at && <span class="visually-hidden">, пройдена</span>}
              {index === at + 1 && (
                <span class="key" aria-hidden="true">
                  {KEYS.nextStage}
                </span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
