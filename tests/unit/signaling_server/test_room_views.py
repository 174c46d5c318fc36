"""Who gets what of whom in a room."""

from __future__ import annotations

import pytest

from signaling_server.contract.rooms import CUSTOMER, Party, PartyRole, Presence
from signaling_server.desk.room_views import views

AGENT = Party("a", PartyRole.AGENT, Presence.JOINED, "Соколова", "консультант")
INTERPRETER = Party("i", PartyRole.INTERPRETER, Presence.JOINED, "Иванова", "сурдопереводчик")


def supervisor(presence: Presence) -> Party:
    return Party("s", PartyRole.SUPERVISOR, presence, "Петров", "старший смены")


def test_three_see_and_hear_each_other() -> None:
    everybody = {CUSTOMER, "a", "i"}
    assert views([AGENT, INTERPRETER]) == {(who, whom) for who in everybody for whom in everybody if who != whom}


@pytest.mark.parametrize(
    ("presence", "hearers"),
    [(Presence.LISTENS, set()), (Presence.WHISPERS, {"a"}), (Presence.JOINED, {CUSTOMER, "a", "i"})],
)
def test_a_supervisor_hears_all_and_is_heard_as_far_as_he_takes_part(presence: Presence, hearers: set[str]) -> None:
    found = views([AGENT, INTERPRETER, supervisor(presence)])
    assert {feed for viewer, feed in found if viewer == "s"} == {CUSTOMER, "a", "i"}
    assert {viewer for viewer, feed in found if feed == "s"} == hearers
