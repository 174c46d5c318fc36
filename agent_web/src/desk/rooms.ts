/** Third parties of a call (clause 9.6.3b): who takes part, who is asked to. Pure parts of `next`. */
import type { InvitationClosed, Party, PartyInvited, PartyRole, RoomChanged } from "../contract.gen";
import type { Desk } from "./state";

export const CUSTOMER = "customer"; // what the terminal sends, as a feed

export const ROLE_WORDS: Record<PartyRole, string> = {
  agent: "Консультант",
  interpreter: "Сурдопереводчик",
  specialist: "Специалист",
  supervisor: "Старший смены",
};

/** This page's own party; null: it takes no part. */
export function ownParty(room: RoomChanged | null): Party | null {
  return room?.parties.find((party) => party.party_id === room.you) ?? null;
}

/** A guest's work is the room; an agent's stays his call. Without parties it is over for this page. */
export function afterRoom(desk: Desk, event: RoomChanged, nowMs: number): Desk {
  const { work } = desk;
  const own = ownParty(event);
  if (own === null) {
    const left = work.at === "guest" && work.room.call_id === event.call_id;
    return { ...desk, room: null, work: left ? { at: "not_ready" } : work };
  }
  if (own.role === "agent") return { ...desk, room: event };
  const same = work.at === "guest" && work.room.call_id === event.call_id;
  return {
    ...desk,
    room: event,
    invitation: null,
    work: { at: "guest", room: event, startedAtMs: same ? work.startedAtMs : nowMs },
  };
}

export function afterInvitation(desk: Desk, event: PartyInvited): Desk {
  return { ...desk, invitation: event };
}

export function afterInvitationClosed(desk: Desk, event: InvitationClosed): Desk {
  return desk.invitation?.call_id === event.call_id ? { ...desk, invitation: null } : desk;
}

/** Whose name stands at a feed. */
export function feedWords(room: RoomChanged | null, feed: string): string {
  const party = room?.parties.find((each) => each.party_id === feed);
  return party === undefined ? "" : `${ROLE_WORDS[party.role]} ${party.name}`;
}
