/** «Записи разговоров»: the list, a reason before each viewing, the player, the hold against destruction. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { RecordingOpened, RecordingRow } from "../contract.gen";
import { moment } from "../format";
import { fetchRecordings, holdRecording, openRecording } from "../office_api";
import { Nothing, useAsking } from "../ui/asking";
import { OfficePage, PageTrouble } from "../ui/office_page";
import { Player } from "./player";

const REASON_LENGTH_MIN = 5;
const REASON_LENGTH_MAX = 300;

export function RecordingsPage({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const rows = useSignal<readonly RecordingRow[] | null>(null);
  const asked = useSignal<Wish | null>(null);
  const opened = useSignal<RecordingOpened | null>(null);
  const looking = useAsking(onSignedOut);
  const acting = useAsking(onSignedOut);
  const trouble = acting.trouble.value || looking.trouble.value;

  async function look(): Promise<void> {
    await looking.run(async () => {
      rows.value = (await fetchRecordings()).recordings;
    });
  }

  useEffect(() => {
    void look();
  }, []);

  async function carryOut(wish: Wish, reason: string): Promise<void> {
    const recordingId = wish.row.recording_id;
    const done = await acting.run(async () => {
      if (wish.act === "open") opened.value = await openRecording({ recording_id: recordingId, reason });
      else await holdRecording({ recording_id: recordingId, hold: wish.act === "hold", reason });
    });
    if (!done) return;
    asked.value = null;
    await look();
  }

  return (
    <OfficePage name="recordings" title="Записи разговоров" ways={["desk"]}>
      <PageTrouble words={trouble} testId="recordings-trouble" />
      {opened.value !== null && (
        <Player key={opened.value.sides[0]?.path} opened={opened.value} onClose={() => (opened.value = null)} />
      )}
      {asked.value !== null && (
        <Reason
          key={`${asked.value.row.recording_id} ${asked.value.act}`}
          wish={asked.value}
          busy={acting.busy.value}
          onGiven={(reason) => asked.value !== null && void carryOut(asked.value, reason)}
          onLeft={() => (asked.value = null)}
        />
      )}
      {rows.value !== null && <List rows={rows.value} onWish={(wish) => (asked.value = wish)} />}
      {rows.value === null && trouble === "" && <p class="fleet-empty">Загружаем…</p>}
    </OfficePage>
  );
}

interface Wish {
  row: RecordingRow;
  act: "open" | "hold" | "release";
}

const WISHES: Record<Wish["act"], string> = {
  open: "Зачем нужна эта запись? Причина останется в журнале",
  hold: "Почему запись нельзя уничтожить в срок?",
  release: "Почему запись больше не нужно хранить?",
};

interface ReasonProps {
  wish: Wish;
  busy: boolean;
  onGiven: (reason: string) => void;
  onLeft: () => void;
}

function Reason({ wish, busy, onGiven, onLeft }: ReasonProps): JSX.Element {
  const reason = useSignal("");
  const enough = reason.value.trim().length >= REASON_LENGTH_MIN;
  return (
    <form
      class="card recording-reason"
      data-testid="recording-reason"
      onSubmit={(event) => {
        event.preventDefault();
        if (enough && !busy) onGiven(reason.value.trim());
      }}
    >
      <label for="recording-reason">{WISHES[wish.act]}</label>
      <input
        id="recording-reason"
        type="text"
        maxLength={REASON_LENGTH_MAX}
        autocomplete="off"
        ref={(input) => input?.focus()}
        value={reason.value}
        onInput={(event) => (reason.value = event.currentTarget.value)}
      />
      <button type="submit" class="button button-main" aria-disabled={!enough || busy} data-testid="reason-given">
        {wish.act === "open" ? "Открыть запись" : "Сохранить"}
      </button>
      <button type="button" class="button button-quiet" onClick={onLeft}>
        Не надо
      </button>
    </form>
  );
}

function List({ rows, onWish }: { rows: readonly RecordingRow[]; onWish: (wish: Wish) => void }): JSX.Element {
  if (rows.length === 0) {
    return (
      <Nothing icon="check" title="Записей нет" testId="recordings-empty">
        Запись появляется здесь после разговора, если офис записывает эту очередь.
      </Nothing>
    );
  }
  return (
    <table class="fleet messages" data-testid="recordings">
      <caption class="visually-hidden">Записи разговоров, новые первыми</caption>
      <thead>
        <tr>
          <th scope="col">Разговор</th>
          <th scope="col">Консультант</th>
          <th scope="col">Терминал</th>
          <th scope="col">Хранится</th>
          <th scope="col">
            <span class="visually-hidden">Что сделать</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.recording_id} row={row} onWish={onWish} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, onWish }: { row: RecordingRow; onWish: (wish: Wish) => void }): JSX.Element {
  const held = row.hold_reason !== "";
  const gone = row.destroyed_at_ms !== 0;
  return (
    <tr data-testid={`recording-${row.call_id}`}>
      <th scope="row">
        <span class="fleet-title">{moment(row.noticed_at_ms)}</span>
        <span class="fleet-site">{row.case_number === "" ? "без обращения" : `обращение ${row.case_number}`}</span>
      </th>
      <td data-label="Консультант">{row.agent_name}</td>
      <td data-label="Терминал">{row.site}</td>
      <td data-label="Хранится">
        {gone ? `уничтожена ${moment(row.destroyed_at_ms)}` : `до ${moment(row.keep_until_ms)}`}
        {held && !gone && <span class="fleet-site">не уничтожать: {row.hold_reason}</span>}
        {!row.whole && !gone && <span class="fleet-site">ещё не вся или оборвана</span>}
      </td>
      <td class="messages-acts">
        {!gone && (
          <>
            <button type="button" class="button button-main" onClick={() => onWish({ row, act: "open" })}>
              Открыть
            </button>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => onWish({ row, act: held ? "release" : "hold" })}
            >
              {held ? "Снять запрет" : "Не уничтожать"}
            </button>
          </>
        )}
      </td>
    </tr>
  );
}
