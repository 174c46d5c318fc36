/** Third parties: asking one in, letting him go, handing the call over; and what a supervisor may do. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Colleague, LiveCall, Party, PartyRole, Presence } from "../../contract.gen";
import { actOnRoom, fetchColleagues, fetchLiveCalls, OfficeError, type RoomActs } from "../../office_api";
import type { DeskController } from "../desk_controller";
import { feedWords, ownParty, ROLE_WORDS } from "../rooms";
import type { Desk } from "../state";
import { Video } from "./video";

const PRESENCE_WORDS: Record<Presence, string> = { listens: "слушает", whispers: "подсказывает", joined: "участвует" };
const ACT_WORDS: Record<Presence, string> = { listens: "Слушать", whispers: "Шептать", joined: "Войти" };
const PRESENCES: readonly Presence[] = ["listens", "whispers", "joined"];

/** One act of a room; a refusal is told in the office's words. */
function useActs(): { told: string; act: <Act extends keyof RoomActs>(act: Act, form: RoomActs[Act]) => void } {
  const told = useSignal("");
  return {
    told: told.value,
    act: (act, form) => {
      told.value = "";
      actOnRoom(act, form).catch((error: unknown) => {
        if (!(error instanceof OfficeError)) throw error;
        told.value = error.message;
      });
    },
  };
}

/** At the agent's own call: who is here, and whom he may ask. */
export function RoomPanel({ desk, callId }: { desk: Desk; callId: string }): JSX.Element {
  const { told, act } = useActs();
  const guests = desk.room?.parties.filter((party) => party.party_id !== desk.room?.you) ?? [];
  return (
    <section class="card card-tight room" aria-labelledby="room-title" data-testid="room">
      <h2 id="room-title">Участники</h2>
      {guests.length > 0 && (
        <p class="hint" data-testid="room-hint">
          Говорите с клиентом, а не с сопровождающим или переводчиком.
        </p>
      )}
      <ul class="room-list">
        {guests.map((party) => (
          <Guest key={party.party_id} party={party} callId={callId} act={act} />
        ))}
      </ul>
      <Invite callId={callId} act={act} />
      {told !== "" && (
        <p role="status" data-testid="room-told">
          {told}
        </p>
      )}
    </section>
  );
}

type Act = ReturnType<typeof useActs>["act"];

function Guest({ party, callId, act }: { party: Party; callId: string; act: Act }): JSX.Element {
  const ids = { call_id: callId, party_id: party.party_id };
  return (
    <li data-testid={`party-${party.role}`}>
      <strong>{ROLE_WORDS[party.role]}</strong>
      <span>
        {party.name}, {PRESENCE_WORDS[party.presence]}
      </span>
      {party.role === "specialist" && party.presence === "joined" && (
        <button type="button" class="text-button" data-testid="hand-over" onClick={() => act("hand-over", ids)}>
          Передать разговор
          <span class="visually-hidden">: {party.name}</span>
        </button>
      )}
      {party.role !== "supervisor" && (
        <button type="button" class="text-button" data-testid="let-go" onClick={() => act("leave", ids)}>
          Отпустить
          <span class="visually-hidden">: {party.name}</span>
        </button>
      )}
    </li>
  );
}

function Invite({ callId, act }: { callId: string; act: Act }): JSX.Element {
  const colleagues = useSignal<readonly Colleague[]>([]);
  const who = useSignal("");
  async function look(): Promise<void> {
    colleagues.value = (await fetchColleagues()).colleagues.filter((each) => !each.busy);
    if (!colleagues.value.some((each) => each.agent_id === who.value)) who.value = colleagues.value[0]?.agent_id ?? "";
  }
  const form = useRef<HTMLDetailsElement>(null);
  function ask(role: PartyRole): void {
    if (who.value === "") return;
    act("invite", { call_id: callId, agent_id: who.value, role });
    if (form.current !== null) form.current.open = false; // opened anew it shows who is free then
  }
  return (
    <details ref={form} data-testid="invite-open" onToggle={(event) => event.currentTarget.open && void look()}>
      <summary>Пригласить в разговор</summary>
      <div class="card-form">
        <label class="field">
          <span>Кого</span>
          <select
            data-testid="invite-who"
            value={who.value}
            onChange={(event) => (who.value = event.currentTarget.value)}
          >
            {colleagues.value.map((each) => (
              <option key={each.agent_id} value={each.agent_id}>
                {each.name}, {each.position}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="button button-quiet"
          data-testid="invite-interpreter"
          onClick={() => ask("interpreter")}
        >
          Пригласить сурдопереводчика
        </button>
        <button
          type="button"
          class="button button-quiet"
          data-testid="invite-specialist"
          onClick={() => ask("specialist")}
        >
          Пригласить специалиста
        </button>
      </div>
    </details>
  );
}

/** Pictures of the other parties, small beside the customer's; every one of them is heard. */
export function OtherParties({ controller, desk }: { controller: DeskController; desk: Desk }): JSX.Element | null {
  const feeds = controller.media.room.others.value;
  if (feeds.length === 0) return null;
  return (
    <ul class="others" aria-label="Другие участники">
      {feeds.map(({ partyId, stream }) => (
        <li key={partyId}>
          <Video stream={stream} testid="other-video" label={feedWords(desk.room, partyId)} />
          <span>{feedWords(desk.room, partyId)}</span>
        </li>
      ))}
    </ul>
  );
}

/** A colleague asks this agent into his call. */
export function Invitation({ desk }: { desk: Desk }): JSX.Element | null {
  const { told, act } = useActs();
  const { invitation } = desk;
  if (invitation === null) return null;
  const { call_id, role, from_name, site, topic } = invitation;
  return (
    <section class="card invitation" aria-labelledby="invitation-title" data-testid="invitation">
      <h2 id="invitation-title">Вас зовут в разговор: {ROLE_WORDS[role].toLowerCase()}</h2>
      <p>
        {from_name}. {topic || "Тема не указана"}. {site}
      </p>
      <div class="controls">
        <button
          type="button"
          class="button button-go"
          data-testid="invitation-accept"
          onClick={() => act("answer", { call_id, accepted: true })}
        >
          Войти в разговор
        </button>
        <button
          type="button"
          class="button button-quiet"
          data-testid="invitation-decline"
          onClick={() => act("answer", { call_id, accepted: false })}
        >
          Не могу
        </button>
      </div>
      {told !== "" && <p role="status">{told}</p>}
    </section>
  );
}

/** Calls of the moment, for a supervisor. */
export function LiveCalls(): JSX.Element {
  const calls = useSignal<readonly LiveCall[] | null>(null);
  const { told, act } = useActs();
  async function look(): Promise<void> {
    calls.value = (await fetchLiveCalls()).calls;
  }
  return (
    <details data-testid="live-calls" onToggle={(event) => event.currentTarget.open && void look()}>
      <summary>Разговоры смены</summary>
      {calls.value?.length === 0 && <p>Сейчас никто не разговаривает.</p>}
      <ul class="room-list">
        {calls.value?.map(({ call_id, agent_name, site }) => (
          <li key={call_id}>
            <span>
              {agent_name}. {site}
            </span>
            <Presences callId={call_id} now={null} act={act} />
          </li>
        ))}
      </ul>
      {told !== "" && <p role="status">{told}</p>}
    </details>
  );
}

function Presences({ callId, now, act }: { callId: string; now: Presence | null; act: Act }): JSX.Element {
  return (
    <div class="presences">
      {PRESENCES.map((presence) => (
        <button
          key={presence}
          type="button"
          class="button button-quiet"
          data-testid={`supervise-${presence}`}
          aria-pressed={presence === now}
          onClick={() => act("supervise", { call_id: callId, presence })}
        >
          {ACT_WORDS[presence]}
        </button>
      ))}
    </div>
  );
}

/** What a guest does in another agent's call. */
export function GuestControls({ desk, callId }: { desk: Desk; callId: string }): JSX.Element {
  const { told, act } = useActs();
  const own = ownParty(desk.room);
  return (
    <>
      <button
        type="button"
        class="button button-stop controls-end"
        data-testid="leave-room"
        onClick={() => own !== null && act("leave", { call_id: callId, party_id: own.party_id })}
      >
        Выйти из разговора
      </button>
      {own?.role === "supervisor" && <Presences callId={callId} now={own.presence} act={act} />}
      {told !== "" && <p role="status">{told}</p>}
    </>
  );
}
