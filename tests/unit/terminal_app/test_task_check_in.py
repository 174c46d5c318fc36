"""«Я пришёл по записи» to the video consultant: the call is one touch away, and the ticket goes with it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from terminal_app.core import visit as visits
from terminal_app.core.state import call_context
from terminal_app.core.tasks.task import Told
from terminal_app.core.visit_events import CallConsultant, TaskTold
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import GoHome
from terminal_app.ipc.pages import Choose, Enter, OpenService

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT
from service_answers import BOOKED

RULES = VisitRules(context=CONTEXT)


def marked(*, video: bool) -> Visit:
    """After the ticket was typed and the office has said that he is expected."""
    visit = Visit()
    for event in (OpenService("check_in"), Enter("check_in", BOOKED.ticket)):
        visit, _ = visits.step(visit, event, RULES, 1.0)
    assert visit.stay is not None
    return visits.step(visit, TaskTold(visit.stay.asked, Told(replace(BOOKED, video=video))), RULES, 1.0)[0]


@pytest.mark.clause("3-СЭО", owner="terminal_app")
def test_who_is_booked_for_the_video_calls_from_the_page_and_his_ticket_goes_with_the_call():
    visit = marked(video=True)
    assert visit.page is not None
    assert (visit.page.name, visit.page.choices[0].key) == ("check_in.done", "consultant")
    visit, effects = visits.step(visit, Choose("check_in.done", "consultant"), RULES, 2.0)
    assert effects == [CallConsultant()]
    assert call_context(visit, "").ticket == BOOKED.ticket
    visit, _ = visits.step(visit, Choose("check_in.done", "menu"), RULES, 3.0)
    assert call_context(visit, "").ticket == BOOKED.ticket, "wherever he goes in this visit"
    visit, _ = visits.step(visit, GoHome(), RULES, 4.0)
    assert call_context(visit, "").ticket == "", "the next customer has no place by it"


def test_who_is_booked_at_an_office_is_asked_in_by_its_people():
    visit = marked(video=False)
    assert visit.page is not None
    assert "consultant" not in [choice.key for choice in visit.page.choices]
    assert visit.page.sentence.key == "check_in.done.sentence"
    assert call_context(visit, "").ticket == ""
