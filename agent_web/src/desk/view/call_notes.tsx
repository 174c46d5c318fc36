/** What the customer wrote or drew, and the agent's words for who does not hear (clauses 9.6.10, 9.6.11). */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { CallNote, Card, Drawing } from "../../contract.gen";
import { strokesWords } from "../../words";
import { asksSimpler, KIND_WORDS, plainOf, stateWords, TEXT_LENGTH_MAX } from "../cards";
import type { DeskController } from "../desk_controller";
import type { Note } from "../state";

const SIDE = 1000; // of a drawing, in its own units
const INK = 7;

interface Props {
  notes: readonly Note[];
  controller?: DeskController; // without it the talk is over
}

export function CallNotes({ notes, controller }: Props): JSX.Element {
  const large = useSignal<Drawing | null>(null);
  return (
    <section class="card card-tight notes" aria-labelledby="notes-title">
      <h2 id="notes-title">Переписка с клиентом</h2>
      {notes.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keys too (WCAG 2.1.1)
        <ol class="notes-list" tabIndex={0} aria-live="polite" aria-label="Сообщения" data-testid="notes">
          {notes.map((each) =>
            each.note.answer === null ? (
              <NoteRow key={each.note.note_id} {...each} onEnlarge={(drawing) => (large.value = drawing)}>
                {each.note.author === "agent" && <AgentNoteState each={each} notes={notes} controller={controller} />}
              </NoteRow>
            ) : null,
          )}
        </ol>
      )}
      {controller && <NoteForm onWrite={(text) => controller.writeNote(text)} />}
      {large.value !== null && <Enlarged drawing={large.value} onClose={() => (large.value = null)} />}
    </section>
  );
}

interface RowProps extends Note {
  onEnlarge: (drawing: Drawing) => void;
  children: ComponentChildren;
}

function NoteRow({ note, shown, onEnlarge, children }: RowProps): JSX.Element {
  const { drawing } = note;
  return (
    <li class={`note note-${note.author}`} data-testid={`note-${note.author}`}>
      <span class="note-author">{authorWords(note, shown)}</span>
      {note.text && <span class="note-text">{note.text}</span>}
      {children}
      {drawing && (
        <button type="button" class="note-drawing" onClick={() => onEnlarge(drawing)}>
          <Sheet drawing={drawing} />
          <span class="hint">Показать крупно</span>
        </button>
      )}
    </li>
  );
}

function authorWords(note: CallNote, shown: boolean): string {
  if (note.author === "customer") return "Клиент";
  if (note.card !== null) return cardName(note.card);
  return shown ? "Вы, на экране у клиента" : "Вы, отправляется…";
}

function cardName({ kind, title, step, steps }: Card): string {
  const name = kind === "step" ? `Шаг ${step} из ${steps}` : KIND_WORDS[kind];
  return title === "" ? name : `${name}: ${title}`;
}

interface StateProps {
  each: Note;
  notes: readonly Note[];
  controller: DeskController | undefined;
}

/** Where a card or the agent's words stand, and what can be done about it. */
function AgentNoteState({ each, notes, controller }: StateProps): JSX.Element | null {
  const asked = asksSimpler(each, notes);
  const plain = asked ? plainOf(each.note) : null;
  if (each.note.card === null && !each.late && !asked) return null;
  return (
    <span class="note-state" data-testid="note-state">
      {stateWords(each, notes)}
      {controller && each.late && (
        <button type="button" class="button button-small" onClick={() => controller.sendAgain(each.note.note_id)}>
          Отправить ещё раз
        </button>
      )}
      {controller && plain !== null && (
        <button type="button" class="button button-small" onClick={() => controller.sendCard(plain)}>
          Показать проще
        </button>
      )}
    </span>
  );
}

/** Only numbers of the strokes get into the picture: nothing that a terminal sends is taken as markup. */
function Sheet({ drawing }: { drawing: Drawing }): JSX.Element {
  return (
    <svg
      class="sheet"
      viewBox={`0 0 ${SIDE} ${drawing.height}`}
      role="img"
      aria-label={`Клиент написал от руки: ${strokesWords(drawing.strokes.length)}`}
    >
      {drawing.strokes.map((stroke, at) => (
        <polyline key={at} points={pointsOf(stroke)} stroke-width={INK} />
      ))}
    </svg>
  );
}

/** A dot is a line to itself: round ends make it visible. */
function pointsOf(stroke: readonly number[]): string {
  return (stroke.length === 2 ? [...stroke, ...stroke] : stroke).map(Number).join(" ");
}

function NoteForm({ onWrite }: { onWrite: (text: string) => void }): JSX.Element {
  const text = useSignal("");
  function send(): void {
    if (text.value.trim() === "") return;
    onWrite(text.value);
    text.value = "";
  }
  return (
    <form
      class="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="field">
        <span>Показать клиенту крупно на экране</span>
        <textarea
          data-testid="note-text"
          rows={2}
          maxLength={TEXT_LENGTH_MAX}
          value={text.value}
          placeholder="Коротко: число, срок, адрес"
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey) return;
            event.preventDefault();
            send();
          }}
        />
      </label>
      <button
        type="submit"
        class="button button-quiet"
        data-testid="note-send"
        aria-disabled={text.value.trim() === ""}
      >
        Показать
      </button>
    </form>
  );
}

function Enlarged({ drawing, onClose }: { drawing: Drawing; onClose: () => void }): JSX.Element {
  return (
    <div class="note-large" role="dialog" aria-modal="true" aria-label="Написано клиентом" data-testid="note-large">
      <Sheet drawing={drawing} />
      <button
        type="button"
        class="button button-main"
        ref={(button) => button?.focus()}
        onClick={onClose}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
      >
        Закрыть
      </button>
    </div>
  );
}
