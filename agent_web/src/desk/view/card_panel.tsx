/** Cards for the customer's screen: two by one press, the others from a short form (clauses 9.3.5, 9.6, 9.7.2). */
import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "../../ui/icons";
import {
  ATTENTION,
  type CardDraft,
  cardOf,
  type FormKind,
  isPaused,
  KIND_WORDS,
  stateWords,
  TEMPLATES,
  TEXT_HINTS,
  TITLE_LENGTH_MAX,
} from "../cards";
import type { DeskController } from "../desk_controller";
import type { Note } from "../state";

const FORM_KINDS = Object.keys(TEMPLATES) as FormKind[];
const EMPTY: CardDraft = { kind: "confirm", title: "", text: "", options: "" };

interface Props {
  controller: DeskController;
  notes: readonly Note[];
}

export function CardPanel({ controller, notes }: Props): JSX.Element {
  const paused = isPaused(notes);
  const last = notes.findLast(({ note }) => note.card !== null);
  return (
    <section class="card card-tight cards" aria-labelledby="cards-title">
      <h2 id="cards-title">Карточки клиенту</h2>
      <div class="cards-at-once">
        <button
          type="button"
          class={paused ? "button button-main" : "button button-quiet"}
          data-testid="card-pause"
          aria-pressed={paused}
          onClick={() => controller.pause()}
        >
          {paused ? "Вернуться к клиенту" : "Пауза: проверяю"}
        </button>
        <button
          type="button"
          class="button button-quiet"
          data-testid="card-attention"
          onClick={() => controller.sendCard(ATTENTION)}
        >
          {KIND_WORDS.attention}
        </button>
      </div>
      {last !== undefined && last.note.card !== null && (
        <p class="cards-last">
          {KIND_WORDS[last.note.card.kind]}. {stateWords(last, notes)}
        </p>
      )}
      <details data-testid="cards-open">
        <summary>Отправить карточку</summary>
        <CardForm controller={controller} />
      </details>
    </section>
  );
}

function CardForm({ controller }: { controller: DeskController }): JSX.Element {
  const draft = useSignal<CardDraft>(EMPTY);
  const error = useSignal("");
  function change(part: Partial<CardDraft>): void {
    draft.value = { ...draft.value, ...part };
    error.value = "";
  }
  function send(): void {
    const made = cardOf(draft.value);
    if ("error" in made) {
      error.value = made.error;
      return;
    }
    controller.sendCard(made);
    draft.value = { ...EMPTY, kind: draft.value.kind };
  }
  return (
    <form
      class="card-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="cards-at-once">
        <Kinds draft={draft} onChange={change} />
        <Templates kind={draft.value.kind} onChange={change} />
      </div>
      {draft.value.kind === "written" && (
        <Field
          testid="card-title"
          words="Заголовок"
          rows={1}
          value={draft.value.title}
          onInput={(title) => change({ title: title.slice(0, TITLE_LENGTH_MAX) })}
        />
      )}
      <Field
        testid="card-text"
        words={TEXT_HINTS[draft.value.kind]}
        rows={3}
        value={draft.value.text}
        wrong={error.value !== ""}
        onInput={(text) => change({ text })}
      />
      {draft.value.kind === "question" && (
        <Field
          testid="card-options"
          words="Свои ответы, каждый с новой строки (иначе «Да», «Нет», «Не знаю»)"
          rows={2}
          value={draft.value.options}
          onInput={(options) => change({ options })}
        />
      )}
      {error.value !== "" && (
        <p class="field-error" role="alert" id="card-error" data-testid="card-error">
          <Icon name="warning" size={16} />
          {error.value}
        </p>
      )}
      <button type="submit" class="button button-main" data-testid="card-send">
        На экран клиента
      </button>
    </form>
  );
}

interface PartProps {
  onChange: (part: Partial<CardDraft>) => void;
}

function Kinds({ draft, onChange }: PartProps & { draft: Signal<CardDraft> }): JSX.Element {
  return (
    <label class="field">
      <span>Карточка</span>
      <select
        data-testid="card-kind"
        value={draft.value.kind}
        onChange={(event) => onChange({ kind: event.currentTarget.value as FormKind, title: "" })}
      >
        {FORM_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {KIND_WORDS[kind]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Filling a form in is a choice, not a command: what was typed goes only when a template is chosen. */
function Templates({ kind, onChange }: PartProps & { kind: FormKind }): JSX.Element {
  return (
    <label class="field">
      <span>Заготовка</span>
      <select
        data-testid="card-template"
        value=""
        onChange={(event) => {
          const chosen = TEMPLATES[kind][Number(event.currentTarget.value)];
          if (event.currentTarget.value !== "" && chosen) onChange({ title: chosen.title, text: chosen.text });
          event.currentTarget.value = "";
        }}
      >
        <option value="">Выбрать…</option>
        {TEMPLATES[kind].map((template, at) => (
          <option key={template.text + template.title} value={at}>
            {template.title || template.text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FieldProps {
  testid: string;
  words: string;
  rows: number;
  value: string;
  wrong?: boolean;
  onInput: (text: string) => void;
}

function Field({ testid, words, rows, value, wrong = false, onInput }: FieldProps): JSX.Element {
  return (
    <label class="field">
      <span>{words}</span>
      <textarea
        data-testid={testid}
        rows={rows}
        value={value}
        aria-invalid={wrong}
        aria-describedby={wrong ? "card-error" : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
