/** What the customer wrote or drew, and the agent's words for who does not hear (clauses 9.6.10, 9.6.11). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { CallNote, Drawing } from "../../contract.gen";
import { strokesWords } from "../../words";
import type { Note } from "../state";

const LENGTH_MAX = 500;
const SIDE = 1000; // of a drawing, in its own units
const INK = 7;

interface Props {
  notes: readonly Note[];
  onWrite?: (text: string) => void; // without it the talk is over
}

export function CallNotes({ notes, onWrite }: Props): JSX.Element {
  const large = useSignal<Drawing | null>(null);
  return (
    <section class="card card-tight notes" aria-labelledby="notes-title">
      <h2 id="notes-title">Переписка с клиентом</h2>
      {notes.length > 0 && (
        <ol class="notes-list" aria-live="polite" aria-label="Сообщения" data-testid="notes">
          {notes.map((each) => (
            <NoteRow key={each.note.note_id} {...each} onEnlarge={(drawing) => (large.value = drawing)} />
          ))}
        </ol>
      )}
      {onWrite && <NoteForm onWrite={onWrite} />}
      {large.value !== null && <Enlarged drawing={large.value} onClose={() => (large.value = null)} />}
    </section>
  );
}

interface RowProps extends Note {
  onEnlarge: (drawing: Drawing) => void;
}

function NoteRow({ note, shown, onEnlarge }: RowProps): JSX.Element {
  const { drawing } = note;
  return (
    <li class={`note note-${note.author}`} data-testid={`note-${note.author}`}>
      <span class="note-author">{authorWords(note, shown)}</span>
      {note.text && <span class="note-text">{note.text}</span>}
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
  return shown ? "Вы, на экране у клиента" : "Вы, отправляется…";
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
          maxLength={LENGTH_MAX}
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
