"""Nothing known is asked again: what was begun goes with the call and stays here; a phone typed once is offered."""

from __future__ import annotations

import pytest

from signaling_server.contract.messages import CallRequested, DraftLine, WayToTalk
from terminal_app.core import call as calls
from terminal_app.core.state import call_context
from terminal_app.core.tasks.task import KeepReadings
from terminal_app.core.visit_values import Visit
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import GoBack, GoHome, Screen
from terminal_app.ipc.pages import Choose, OpenService
from terminal_app.ui.presenters.page_words import said
from tests.unit.terminal_app.touching_customer import Customer

PHONE = "+79210001234"


def who_types_readings() -> Customer:
    customer = Customer()
    customer.comes_to_the_meters(OpenService("readings"))
    customer.types("14406")
    return customer


@pytest.mark.clause("5.1.9", owner="terminal_app")
def test_readings_that_were_begun_go_with_the_call_and_can_be_finished_after_the_talk():
    customer = who_types_readings()
    before = customer.visit
    call, _ = calls.step(calls.Call(), calls.LinkChanged(up=True), 0.0)
    call, _ = calls.step(call, calls.Press(ipc.StartCall()), 0.0)
    press = calls.Press(ipc.ChooseWay(WayToTalk.SPEAK), "r1", call_context(customer.visit, ""))
    call, effects = calls.step(call, press, 0.0)
    (request,) = [e.message for e in effects if isinstance(e, calls.ToOffice)]
    assert isinstance(request, CallRequested)
    assert request.context.draft == [DraftLine("T1", "14406")]
    assert request.context.account_masked == "•••3456"
    call, _ = calls.step(call, calls.Press(ipc.HangUp()), 0.0)
    assert call.screen is None
    assert customer.visit == before, "the call lies over the visit"
    for text in ("13185", "17053"):
        customer.types(text)
    customer.touch(Choose("readings.check", "give"))
    customer.asked(KeepReadings)


@pytest.mark.clause("5.1.9", owner="terminal_app")
def test_nothing_but_what_was_typed_for_the_meter_goes_along():
    customer = who_types_readings()
    assert call_context(Visit(), "").draft == []
    customer.touch(GoHome())
    assert call_context(customer.visit, "").draft == []
    customer = Customer()
    writes(customer)
    customer.types("Счётчик гудит, мой телефон 8 921 000-12-34")
    assert call_context(customer.visit, "").draft == []


def writes(customer: Customer) -> None:
    customer.touch(OpenService("written"))
    for key in ("question", "topic_0", "topic_0"):
        customer.touch(Choose(customer.visit.page.name, key))


def at_phone(customer: Customer) -> None:
    writes(customer)
    customer.types("Счётчик гудит")
    customer.touch(Choose("written.way", "sms"))
    assert customer.visit.page.name == "written.phone"


def keys(customer: Customer) -> list[str]:
    return [choice.key for choice in customer.visit.page.choices]


@pytest.mark.clause("5.1.6", owner="terminal_app")
def test_a_phone_that_was_typed_is_offered_masked_in_the_next_service_and_taken_by_one_touch():
    customer = Customer()
    at_phone(customer)
    assert "known_phone" not in keys(customer), "none is known yet"
    customer.types(PHONE)
    at_phone(customer)
    (known,) = [choice for choice in customer.visit.page.choices if choice.key == "known_phone"]
    assert said(known.title).replace("\u00a0", " ") == "На номер +7 *** *** 12-34"
    assert PHONE not in repr(customer.visit.page), "the glass shows no more than the tail"
    customer.touch(Choose("written.phone", "known_phone"))
    assert customer.visit.stay.task.draft.phone == PHONE
    assert customer.visit.page.name == "written.name"


@pytest.mark.clause("5.1.6", owner="terminal_app")
def test_another_phone_may_be_typed_all_the_same_and_is_the_one_offered_then():
    customer = Customer()
    at_phone(customer)
    customer.types(PHONE)
    at_phone(customer)
    customer.types("+79210005678")
    assert customer.visit.stay.task.draft.phone == "+79210005678"
    assert customer.visit.phone == "+79210005678"
    customer.touch(GoBack())
    assert "known_phone" not in keys(customer), "it stands in the field already"


def test_half_a_phone_is_none():
    customer = Customer()
    at_phone(customer)
    customer.types("+7921")
    assert customer.visit.phone == ""


def test_a_press_that_comes_late_or_for_no_phone_means_nothing():
    customer = Customer()
    at_phone(customer)
    customer.touch(Choose("written.phone", "known_phone"))
    assert customer.visit.page.name == "written.phone"
    customer.types(PHONE)
    customer.touch(Choose("written.name", "known_phone"))
    assert customer.visit.page.name == "written.name"


def test_the_phone_is_wiped_with_the_visit():
    customer = Customer()
    at_phone(customer)
    customer.types(PHONE)
    customer.touch(GoHome())
    assert customer.visit.screen is Screen.ATTRACT
    assert PHONE not in repr(customer.visit)
    at_phone(customer)
    assert "known_phone" not in keys(customer)
