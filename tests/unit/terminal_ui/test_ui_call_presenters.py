"""Presenters of the call's screens: the way to talk, the wait, the talk, the case."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.messages import CaseRegistered, Plate, WayToTalk
from terminal_app.ipc.call_messages import PrintCases, Printing
from terminal_app.ipc.messages import Availability, CallView, Liveness, Screen, TerminalState
from terminal_app.ui.presenters.call_live import CallLivePresenter
from terminal_app.ui.presenters.call_result import CallResultPresenter
from terminal_app.ui.presenters.call_waiting import CallWaitingPresenter
from terminal_app.ui.presenters.call_way import CallWayPresenter

ABLE = Availability(camera=True, sound=True, server=True, agents_on_duty=1)
STATE = TerminalState(revision=1, screen=Screen.CALL_WAITING, availability=ABLE)


@pytest.mark.parametrize(
    ("position", "min_s", "max_s", "place", "forecast"),
    [
        (0, 0, 0, "Отправляем вызов…", ""),
        (1, 0, 40, "Вы следующий", "Ответят меньше чем через минуту"),
        (2, 60, 240, "Перед вами 1 человек", "Ожидание: 1–4 минуты"),
        (6, 0, 121, "Перед вами 5 человек", "Ожидание: около 3 минут"),
    ],
)
def test_the_place_and_the_forecast(position, min_s, max_s, place, forecast):
    state = replace(STATE, call=CallView(position=position, wait_min_s=min_s, wait_max_s=max_s))
    view = CallWaitingPresenter(state).view(state)
    assert (view.place, view.forecast) == (place, forecast)


@pytest.mark.parametrize(
    ("position", "forecast"),
    [(2, "Восстанавливаем. Ваше место в очереди пока за вами"), (0, "Восстанавливаем, подождите немного")],
)
def test_without_the_link_no_place_and_no_forecast_are_promised(position, forecast):
    state = replace(STATE, call=CallView(position=position, wait_max_s=240, link_lost=True))
    view = CallWaitingPresenter(state).view(state)
    assert (view.place, view.forecast) == ("Связь прервалась", forecast)


@pytest.mark.parametrize("way", [WayToTalk.WRITE, WayToTalk.TYPE])
def test_who_writes_or_types_is_told_what_he_can_do_now(way):
    state = replace(STATE, call=CallView(way=way))
    dark = replace(state, availability=replace(ABLE, camera=False))
    waiting = CallWaitingPresenter(state).view(state).advice
    assert "на экране" in waiting
    assert CallWaitingPresenter(dark).view(dark).advice == waiting  # pad and keyboard need no camera
    assert "на бумаге перед камерой" in CallLivePresenter(state).view(state).advice
    assert "Пишите на экране" in CallLivePresenter(dark).view(dark).advice


def test_who_speaks_needs_no_advice():
    state = replace(STATE, call=CallView(way=WayToTalk.SPEAK))
    assert CallWaitingPresenter(state).view(state).advice == ""
    assert CallLivePresenter(state).view(state).advice == ""


@pytest.mark.parametrize(("camera", "note"), [(True, "камера и микрофон"), (False, "включится микрофон")])
def test_a_touch_promises_to_switch_on_only_what_there_is(camera, note):
    state = replace(STATE, availability=replace(ABLE, camera=camera))
    assert note in CallWayPresenter(state).view(state).note


@pytest.mark.parametrize("liveness", list(Liveness))
@pytest.mark.parametrize("has_video", [True, False])
def test_the_plate_stands_in_every_state_of_the_call(liveness, has_video):
    plate = Plate("АО «Энергосбыт»", "Белова", "Анна", "", "консультант")
    state = replace(STATE, call=CallView(plate=plate, liveness=liveness, agent_has_video=has_video))
    view = CallLivePresenter(state).view(state)
    assert (view.plate.company, view.plate.full_name, view.plate.position) == (
        "АО «Энергосбыт»",
        "Белова Анна",
        "консультант",
    )


def test_a_case_not_registered_yet_is_said_so():
    state = replace(STATE, call=CallView())
    assert CallResultPresenter(state).view(state).sentence == "Регистрируем ваше обращение…"
    known = replace(STATE, call=CallView(cases=[CaseRegistered("c1", "2026-17", "23.11.2026", "")]))
    (case,) = CallResultPresenter(known).view(known).cases
    assert (case.number, case.date, case.answer) == ("2026-17", "Дата 23.11.2026", "")


@pytest.mark.clause("5.1.3c", owner="terminal_app")
def test_by_when_and_how_the_answer_comes_stands_with_every_case_and_may_be_printed():
    in_work = CaseRegistered("c1", "26-18", "23.11.2026", "Перерасчёт", "07.12.2026", AnswerWay.SMS)
    able = replace(STATE, availability=replace(STATE.availability, printer=True))
    one = replace(able, call=CallView(cases=[in_work]))
    presenter = CallResultPresenter(one)
    assert presenter.view(one).cases[0].answer.replace("\u00a0", " ") == "Ответим до 07.12.2026 по СМС"
    assert presenter.press("print", one) == PrintCases()
    busy = replace(one, call=CallView(cases=[in_work], printing=Printing.BUSY))
    assert presenter.press("print", busy) is None
    without = replace(one, availability=replace(one.availability, printer=False))
    assert (presenter.view(without).print_words, presenter.press("print", without)) == ("", None)
    several = replace(able, call=CallView(cases=[in_work, in_work]))
    assert "по СМС" in presenter.view(several).cases[1].topic.replace("\u00a0", " ")
