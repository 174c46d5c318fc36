"""Who gets what of whom in a room. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from signaling_server.contract.rooms import CUSTOMER, Party, PartyRole, Presence

View = tuple[str, str]  # who gets it, whose feed


def views(parties: Iterable[Party]) -> set[View]:
    """A listener is heard by nobody, a whisper by the agent alone; the customer and the joined by everybody else."""
    here = list(parties)
    hearers = [CUSTOMER, *(party.party_id for party in here)]
    agents = [party.party_id for party in here if party.role is PartyRole.AGENT]
    reach = {Presence.LISTENS: [], Presence.WHISPERS: agents, Presence.JOINED: hearers}
    feeds = {CUSTOMER: hearers} | {party.party_id: reach[party.presence] for party in here}
    return {(viewer, feed) for feed, those in feeds.items() for viewer in those if viewer != feed}
