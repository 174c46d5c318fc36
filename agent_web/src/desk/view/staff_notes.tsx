/** What colleagues write: no sound, no focus, and an answer only when the customer was apologised to (clause 9.2.3). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Colleague } from "../../contract.gen";
import { hourMinute } from "../../format";
import { fetchColleagues, OfficeError, writeToColleague } from "../../office_api";
import { Icon } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import { asksApology, mayConsult } from "../staff";
import type { Desk } from "../state";

const TEXT_LENGTH_MAX = 500;

interface Props {
  controller: DeskController;
  desk: Desk;
}

export function StaffNotes({ controller, desk }: Props): JSX.Element {
  const may = mayConsult(desk, controller.media.microphoneOn.value);
  return (
    <section class="card card-tight staff" aria-labelledby="staff-title" data-testid="staff">
      <h2 id="staff-title">Сообщения коллег</h2>
      {asksApology(desk) && (
        <p class="staff-urgent" role="status">
          <button
            type="button"
            class="button button-main"
            data-testid="apologise"
            onClick={() => controller.apologise()}
          >
            Извиниться и взять паузу
          </button>
        </p>
      )}
      <ul class="staff-list">
        {desk.staffNotes.map((note) => (
          <li key={note.note_id} data-testid={`staff-${note.note_id}`}>
            <span class="staff-who">
              {note.urgent && (
                <strong class="staff-mark">
                  <Icon name="warning" size={16} /> Срочно
                </strong>
              )}
              {note.from_name}, {hourMinute(note.at_ms)}
            </span>
            <span>{note.text}</span>
            <button type="button" class="text-button" onClick={() => controller.readStaffNote(note.note_id)}>
              Прочитано
              <span class="visually-hidden"> сообщение от {note.from_name}</span>
            </button>
          </li>
        ))}
      </ul>
      {may ? (
        <StaffForm />
      ) : (
        <p class="hint" data-testid="staff-later">
          Ответить можно на паузе, с выключенным микрофоном.
        </p>
      )}
    </section>
  );
}

function StaffForm(): JSX.Element {
  const colleagues = useSignal<readonly Colleague[]>([]);
  const [to, text, urgent, told] = [useSignal(""), useSignal(""), useSignal(false), useSignal("")];

  async function refusable(asked: () => Promise<void>): Promise<void> {
    try {
      await asked();
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      told.value = error.message;
    }
  }

  async function look(): Promise<void> {
    told.value = "";
    colleagues.value = (await fetchColleagues()).colleagues;
    if (!colleagues.value.some((each) => each.agent_id === to.value)) to.value = colleagues.value[0]?.agent_id ?? "";
  }

  async function send(): Promise<void> {
    if (to.value === "" || text.value.trim() === "") return;
    await writeToColleague({ agent_id: to.value, text: text.value.trim(), urgent: urgent.value });
    text.value = "";
    told.value = "Отправлено";
  }

  return (
    <details data-testid="staff-open" onToggle={(event) => event.currentTarget.open && void refusable(look)}>
      <summary>Написать коллеге</summary>
      <form
        class="card-form"
        onSubmit={(event) => {
          event.preventDefault();
          void refusable(send);
        }}
      >
        <label class="field">
          <span>Кому</span>
          <select data-testid="staff-to" value={to.value} onChange={(event) => (to.value = event.currentTarget.value)}>
            {colleagues.value.map((each) => (
              <option key={each.agent_id} value={each.agent_id}>
                {each.name}
                {each.busy ? " (занят)" : ""}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Сообщение</span>
          <textarea
            data-testid="staff-text"
            rows={2}
            maxLength={TEXT_LENGTH_MAX}
            value={text.value}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
        <label class="staff-check">
          <input
            type="checkbox"
            data-testid="staff-urgent"
            checked={urgent.value}
            onChange={(event) => (urgent.value = event.currentTarget.checked)}
          />
          Срочно
        </label>
        <button type="submit" class="button button-quiet" data-testid="staff-send">
          Отправить
        </button>
        {told.value !== "" && <p role="status">{told.value}</p>}
      </form>
    </details>
  );
}
