"""Out of the consultants' hours: the button says so at once, and one touch leads to what works (clause 7.1.6)."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from signaling_server.contract.visits import PlacesTold
from terminal_app.content import load_brand
from terminal_app.core.call import Press, step
from terminal_app.core.offered import consultants_closed
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Availability, Notice, Screen, TerminalState
from terminal_app.ipc.offer import ClosedService, Offer, Opening
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.presenters.chrome import ChromePresenter
from terminal_app.ui.presenters.notice import NoticePresenter

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import UP, tell

CLOSING = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
OPENING = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def told(*, video_open: bool, changes: datetime) -> PlacesTold:
    return PlacesTold("-", "desk", video_open, round(changes.timestamp() * 1_000), [])


def state_at(now: datetime, places: PlacesTold, screen: Screen = Screen.ATTRACT, **more: object) -> TerminalState:
    offer = Offer(consultants=consultants_closed(places, now))
    return TerminalState(1, screen, Availability(server=True, camera=True, offer=offer), support_phone="8 800", **more)


def test_the_hours_that_the_office_told_turn_by_themselves():
    by_day, by_night = told(video_open=True, changes=CLOSING), told(video_open=False, changes=OPENING)
    assert consultants_closed(by_day, CLOSING - SECOND) is None
    assert consultants_closed(by_day, CLOSING + SECOND) == ClosedService("consultants"), "when they open is asked anew"
    assert consultants_closed(by_night, CLOSING + SECOND) == ClosedService("consultants", Opening(1, "8:30", "27.11"))
    assert consultants_closed(by_night, OPENING) is None
    assert consultants_closed(None, CLOSING) is None, "an office that says nothing closes nobody"


@pytest.mark.clause("7.1.6", owner="terminal_app")
def test_at_closing_time_the_button_says_so_and_one_touch_leads_to_what_works():
    by_day, by_night = told(video_open=True, changes=CLOSING), told(video_open=False, changes=OPENING)
    chrome = ChromePresenter(load_brand().brand)
    assert chrome.view(state_at(CLOSING - SECOND, by_day)).consultant_words == ""
    assert chrome.view(state_at(CLOSING + SECOND, by_day)).consultant_words == "Сейчас консультанты не работают"
    closed = state_at(CLOSING + SECOND, by_night)
    assert "завтра в\u00a08:30" in chrome.view(closed).consultant_hint
    call, effects = tell(*UP, Press(chrome.press("consultant", closed), closed=True))
    assert (call.screen, call.notice, effects) == (Screen.NOTICE, Notice.DESK_CLOSED, []), "no call is begun"
    over = replace(closed, screen=Screen.NOTICE, notice=call.notice)
    notice = NoticePresenter(over)
    view = notice.view(over)
    assert view.title == "Сейчас консультанты не работают"
    assert "8:30" in view.sentence
    assert (view.first, notice.press(view.first_key, over)) == ("Оставить сообщение", OpenService("message"))
    assert (view.second, notice.press("book", over)) == ("Записаться на приём", OpenService("booking"))
    assert chrome.view(over).ways, "and the other ways stand in the window below"


def test_a_terminal_that_books_nothing_offers_no_booking():
    places = told(video_open=False, changes=OPENING)
    state = state_at(CLOSING, places, Screen.NOTICE, notice=Notice.DESK_CLOSED)
    state = replace(
        state, availability=replace(state.availability, offer=replace(state.availability.offer, left_out=["booking"]))
    )
    notice = NoticePresenter(state)
    assert (notice.view(state).second, notice.press("book", state)) == ("", None)


def test_in_the_hours_the_same_touch_begins_a_call():
    call, _ = tell(*UP)
    assert step(call, Press(ipc.StartCall()), 0.0)[0].screen is Screen.CALL_WAY
