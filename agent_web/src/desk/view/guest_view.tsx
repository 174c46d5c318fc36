/** Another agent's call with this agent in it: the customer's picture is the main one (clause 9.6.3b). */
import type { JSX } from "preact";
import type { DeskController } from "../desk_controller";
import { ROLE_WORDS } from "../rooms";
import type { Desk, Work } from "../state";
import { Controls, CustomerPicture } from "./call_view";
import { GuestControls, OtherParties } from "./room_panel";

type Guest = Extract<Work, { at: "guest" }>;

export function GuestView({
  controller,
  desk,
  work,
}: {
  controller: DeskController;
  desk: Desk;
  work: Guest;
}): JSX.Element {
  const { room } = work;
  return (
    <main class="call">
      <h1 class="visually-hidden">Разговор коллеги с клиентом</h1>
      <aside class="call-side" aria-label="Участники">
        <section class="card card-tight" aria-labelledby="guest-title">
          <h2 id="guest-title">Участники</h2>
          <ul class="room-list">
            {room.parties.map((party) => (
              <li key={party.party_id}>
                <strong>{ROLE_WORDS[party.role]}</strong>
                <span>{party.party_id === room.you ? "вы" : party.name}</span>
              </li>
            ))}
          </ul>
          <p>{room.topic || "Тема не указана"}</p>
          <p>{room.site}</p>
        </section>
      </aside>
      <div class="call-centre guest-controls">
        <CustomerPicture controller={controller} recording="none">
          <OtherParties controller={controller} desk={desk} />
        </CustomerPicture>
        <Controls controller={controller}>
          <GuestControls desk={desk} callId={room.call_id} />
        </Controls>
      </div>
    </main>
  );
}
