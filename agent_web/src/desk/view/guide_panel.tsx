/** «Что сказать» and «Что сделать»: two panes by the topic, the second a checklist (clause 3, Скрипт and Алгоритм). */
import type { JSX } from "preact";
import type { DeskController } from "../desk_controller";
import { guideOf, stepsOf, toggled } from "../guide";
import type { Desk } from "../state";

export function GuidePanel({ controller, desk }: { controller: DeskController; desk: Desk }): JSX.Element | null {
  const { topicId, ticked } = controller.draft.value;
  const guide = guideOf(desk.guides, topicId);
  const steps = stepsOf(guide, ticked);
  if (steps.length === 0) return null;
  return (
    <div class="guide">
      {guide.say.length > 0 && (
        <section class="card card-tight" aria-labelledby="guide-say-title">
          <h2 id="guide-say-title">Что сказать</h2>
          <ul class="guide-say" data-testid="guide-say">
            {guide.say.map((words) => (
              <li key={words}>«{words}»</li>
            ))}
          </ul>
        </section>
      )}
      <section class="card card-tight" aria-labelledby="guide-steps-title">
        <h2 id="guide-steps-title">
          Что сделать{" "}
          <span class="guide-count" data-testid="guide-count">
            {steps.filter(({ done }) => done).length} из {steps.length}
          </span>
        </h2>
        <ul class="guide-steps" data-testid="guide-steps">
          {steps.map(({ words, done }) => (
            <li key={words}>
              <label class="guide-step">
                <input
                  type="checkbox"
                  checked={done}
                  onChange={() => controller.editDraft({ ticked: toggled(controller.draft.value.ticked, words) })}
                />
                <span>{words}</span>
              </label>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
