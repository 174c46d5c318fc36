"""Booked for the video consultant: at the booked time the call passes before those without a booking, and once."""

from __future__ import annotations

import pytest
from desk_scene import Scene as DeskScene
from service_scene import service_scene
from test_bookings import MINUTE_MS, asked, moment_ms
from test_router import make_router, offers

from signaling_server.cases.classifier import load_topics
from signaling_server.contract.messages import CallContext, CallOffered, CallQueued, CallRequested, WayToTalk
from signaling_server.contract.visits import CheckInAsked
from signaling_server.desk.desk import Desk
from signaling_server.desk.router import Router
from signaling_server.desk.turns import Band

START_MS = moment_ms(24, 10)


def queue(*calls: tuple[str, float, float | None]) -> Router:
    """Calls with the time they came and the one they are booked for; the only agent on duty talks."""
    router = make_router("busy")
    router.add_call("talk", 1.0, 1.0)
    (ringing,) = offers(router)
    router.accept("busy", "talk", ringing.token, 1.0)
    for call_id, at_s, due_at_s in calls:
        router.add_call(call_id, at_s, at_s, due_at_s=due_at_s)
    return router


def test_before_his_time_he_waits_as_everybody_and_from_it_on_he_is_next():
    router = queue(("first", 10.0, None), ("second", 20.0, None), ("booked", 30.0, 100.0))
    router.tick(99.0)
    assert router.waiting() == ["first", "second", "booked"]
    assert router.wakes_at_s() == 100.0
    router.tick(100.0)
    assert router.waiting() == ["booked", "first", "second"]
    router.end_call("talk", 101.0)
    router.close_wrap_up("talk", 102.0)
    assert [offer.call_id for offer in offers(router)] == ["booked"]


def test_who_needs_special_help_still_comes_first_and_of_two_booked_the_earlier_time():
    router = queue(("late", 10.0, 300.0), ("early", 20.0, 200.0))
    router.add_call("help", 30.0, 30.0, band=Band.OUT_OF_TURN)
    router.tick(300.0)
    assert router.waiting() == ["help", "early", "late"]


def test_who_comes_after_his_time_is_next_at_once():
    router = queue(("plain", 10.0, None), ("booked", 400.0, 200.0))
    assert router.waiting() == ["booked", "plain"]


@pytest.mark.parametrize(("due_at_s", "order"), [(100.0, "hero first second"), (300.0, "first second hero")])
def test_who_comes_back_from_an_agent_keeps_the_time_he_booked(due_at_s, order):
    """His category was rejected: he is no longer out of turn, but still who he was before."""
    router = queue(("first", 10.0, None), ("second", 20.0, None))
    router.add_call("hero", 30.0, 30.0, band=Band.OUT_OF_TURN, due_at_s=due_at_s)
    router.end_call("talk", 200.0)
    router.close_wrap_up("talk", 200.0)
    (ringing,) = offers(router)
    router.accept("busy", "hero", ringing.token, 200.0)
    router.return_call("hero", 30.0, Band.GENERAL, 210.0, reachable=True)
    assert router.waiting() == order.split()
    router.tick(300.0)
    assert router.waiting()[0] == "hero"


class OneClock:
    """The services' clock, as the desk's scene moves it."""

    def __init__(self, services: object) -> None:
        self._clock = services.clock

    @property
    def at_s(self) -> float:
        return self._clock.s

    @at_s.setter
    def at_s(self, now_s: float) -> None:
        self._clock.s = now_s

    def now_s(self) -> float:
        return self._clock.s


@pytest.mark.clause("3-СЭО", owner="signaling_server/desk")
async def test_a_marked_ticket_takes_its_place_in_the_queue_of_the_desk_and_is_spent_by_the_talk(tmp_path):
    async with service_scene(tmp_path) as services:
        told = await services.bookings.book("t1", asked(place_id="desk"))
        office = await services.bookings.book("t1", asked("s2"))
        clock = OneClock(services)
        clock.at_s = (START_MS - 10 * MINUTE_MS) / 1_000
        assert await services.bookings.video_due_at_s(told.ticket) is None, "he has not come"
        for ticket in (told.ticket, office.ticket):
            marked = await services.bookings.check_in(CheckInAsked("r", ticket))
            assert marked.video is (ticket == told.ticket)
        assert await services.bookings.video_due_at_s(office.ticket) is None, "not for the video"
        scene = DeskScene(tmp_path)
        scene.database, scene.clock = services.database, clock
        scene.desk = Desk(services.database, clock, company="", topics=load_topics(), appointments=services.bookings)
        agent, page = await scene.agent("anna", ready=False)
        other, other_page = await scene.agent("petrov")
        calls = {}
        for name, ticket in (("taken", ""), ("plain", ""), ("booked", told.ticket)):
            terminal, booth = await scene.terminal(name)
            context = CallContext(ticket=ticket)
            await scene.desk.terminal_said(terminal, CallRequested(f"r-{name}", WayToTalk.SPEAK, context=context))
            calls[booth.last(CallQueued).call_id] = name
        await scene.accept(other, other_page)
        await scene.pass_s(11 * 60)
        await scene.ready(agent, page)
        offered = page.last(CallOffered).call
        assert (calls[offered.call_id], offered.context.ticket) == ("booked", told.ticket)
        assert len((await services.bookings.arrivals()).arrivals) == 2
        await scene.accept(agent, page)
        arrived = [one.ticket for one in (await services.bookings.arrivals()).arrivals]
        assert arrived == [office.ticket], "he is on nobody's list any more"
        assert await services.bookings.video_due_at_s(told.ticket) is None, "the ticket is spent"
