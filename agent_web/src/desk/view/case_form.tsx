/** The form of the обращение: kind, topic, summary. The same during the call and after it. */
import type { JSX } from "preact";
import type { CaseKind, Topic } from "../../contract.gen";
import { KIND_WORDS } from "../../words";
import { type ClosingErrors, closingErrors } from "../closing";
import type { DeskController } from "../desk_controller";
import { SUMMARY_LENGTH_MAX } from "../draft";
import { ClosingForm } from "./closing_form";
import { FieldError } from "./field_error";
import { TopicPicker } from "./topic_picker";

export interface CaseErrors extends ClosingErrors {
  kind: string | null;
  topic: string | null;
}

/** What the form still lacks, with what the office would refuse. */
export function caseErrors(controller: DeskController, dueLatest: string, summarised: boolean): CaseErrors {
  const draft = controller.settledDraft();
  return {
    kind: draft.kind === null ? "Выберите вид обращения" : null,
    topic: draft.topicId === null ? "Выберите тему из списка" : null,
    ...closingErrors(draft, dueLatest, summarised),
  };
}

interface Props {
  controller: DeskController;
  topics: readonly Topic[];
  errors: CaseErrors | null;
  compact?: boolean;
}

const KINDS = Object.entries(KIND_WORDS) as [CaseKind, string][];

export function CaseForm({ controller, topics, errors, compact = false }: Props): JSX.Element {
  const draft = controller.draft.value;
  return (
    <div class={compact ? "case-form case-form-compact" : "case-form"}>
      <fieldset class="kinds" aria-describedby={errors?.kind ? "kind-error" : undefined}>
        <legend>Вид обращения</legend>
        <div class="kinds-row">
          {KINDS.map(([kind, words]) => (
            <label key={kind} class="kind" data-testid={`kind-${kind}`}>
              <input
                type="radio"
                name="kind"
                value={kind}
                checked={draft.kind === kind}
                onChange={() => controller.editDraft({ kind })}
              />
              <span>{words}</span>
            </label>
          ))}
        </div>
        <FieldError id="kind-error" words={errors?.kind ?? null} />
      </fieldset>
      <div class="field">
        <label for="topic-search">Тема по классификатору</label>
        <TopicPicker
          topics={topics}
          chosenId={draft.topicId}
          invalid={errors?.topic != null}
          onChoose={(topicId) => controller.editDraft({ topicId })}
        />
        <FieldError id="topic-error" words={errors?.topic ?? null} />
      </div>
      <label class="field field-grow">
        <span>Кратко о сути</span>
        <textarea
          data-testid="summary"
          rows={compact ? 8 : 5}
          maxLength={SUMMARY_LENGTH_MAX}
          value={draft.summary}
          placeholder="Что спросил клиент и что ему ответили"
          onInput={(event) => controller.editDraft({ summary: event.currentTarget.value })}
        />
        <span class="hint">Сохраняется само</span>
      </label>
      <ClosingForm controller={controller} errors={errors} />
    </div>
  );
}
