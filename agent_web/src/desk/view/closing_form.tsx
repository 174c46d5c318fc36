/** How a case ends: решено, or in work with term and way of the answer (clause 5.1.3). */
import type { JSX } from "preact";
import type { AnswerWay, CaseResult } from "../../contract.gen";
import { type ClosingErrors, CONTACT_WORDS, caseOf, RESULT_WORDS, WAY_OF_ANSWER_WORDS } from "../closing";
import type { DeskController } from "../desk_controller";
import { CONTACT_LENGTH_MAX } from "../draft";
import { FieldError } from "./field_error";

interface Props {
  controller: DeskController;
  errors: ClosingErrors | null;
}

const RESULTS = Object.entries(RESULT_WORDS) as [CaseResult, string][];
const WAYS = Object.entries(WAY_OF_ANSWER_WORDS) as [AnswerWay, string][];

export function ClosingForm({ controller, errors }: Props): JSX.Element {
  const draft = controller.settledDraft();
  return (
    <div class="closing-form">
      <fieldset class="kinds" aria-describedby={errors?.result ? "result-error" : undefined}>
        <legend>Чем закончилось</legend>
        <div class="kinds-row">
          {RESULTS.map(([result, words]) => (
            <label key={result} class="kind" data-testid={`result-${result}`}>
              <input
                type="radio"
                name="result"
                value={result}
                checked={draft.result === result}
                onChange={() => controller.editDraft({ result })}
              />
              <span>{words}</span>
            </label>
          ))}
        </div>
        <FieldError id="result-error" words={errors?.result ?? null} />
      </fieldset>
      {draft.result === "in_work" && <Terms controller={controller} errors={errors} />}
    </div>
  );
}

function Terms({ controller, errors }: Props): JSX.Element {
  const draft = controller.settledDraft();
  const { work } = controller.desk.value;
  const present = caseOf(work);
  const contact = draft.answerWay === null ? undefined : CONTACT_WORDS[draft.answerWay];
  return (
    <div class="closing-terms">
      <label class="field">
        <span>Срок ответа</span>
        <input
          type="date"
          data-testid="answer-due"
          value={draft.dueDate}
          max={present?.due_latest}
          aria-invalid={errors?.due != null}
          aria-describedby={errors?.due ? "due-error" : undefined}
          onInput={(event) => controller.editDraft({ dueDate: event.currentTarget.value })}
        />
        <FieldError id="due-error" words={errors?.due ?? null} />
      </label>
      <label class="field">
        <span>Форма ответа</span>
        <select
          data-testid="answer-way"
          value={draft.answerWay ?? ""}
          aria-invalid={errors?.way != null}
          aria-describedby={errors?.way ? "way-error" : undefined}
          onChange={(event) => controller.editDraft({ answerWay: event.currentTarget.value as AnswerWay })}
        >
          <option value="" disabled>
            Выбрать…
          </option>
          {WAYS.map(([way, words]) => (
            <option key={way} value={way}>
              {words}
            </option>
          ))}
        </select>
        <FieldError id="way-error" words={errors?.way ?? null} />
      </label>
      {contact !== undefined && (
        <label class="field">
          <span>{contact}</span>
          <input
            data-testid="answer-contact"
            maxLength={CONTACT_LENGTH_MAX}
            value={draft.contact}
            aria-invalid={errors?.contact != null}
            aria-describedby={errors?.contact ? "contact-error" : undefined}
            onInput={(event) => controller.editDraft({ contact: event.currentTarget.value })}
          />
          <FieldError id="contact-error" words={errors?.contact ?? null} />
        </label>
      )}
    </div>
  );
}
