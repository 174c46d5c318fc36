"""Before the wait: special help without a proof, a category of the law, and the way back to one's own place."""

from __future__ import annotations

import msgspec
import pytest

from payment.contract import CashInSnapshot, CashSettings
from signaling_server.contract import messages as office
from signaling_server.contract.messages import CallContext, Plate
from signaling_server.contract.turns import Turn, TurnCategory
from signaling_server.desk.turns import Band, band_of
from terminal_app.contacts import Contacts
from terminal_app.core import call as calls
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.visit_values import Visit
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Availability, Screen, TerminalState
from terminal_app.ipc.pages import Choose
from terminal_app.ui.presenters.call_waiting import CallWaitingPresenter
from terminal_app.ui.presenters.call_way import CallWayPresenter
from terminal_app.ui.presenters.page_list import PageListPresenter
from terminal_app.ui.presenters.page_words import CHOICE

LAW = (TurnCategory("hero", "Герой России"), TurnCategory("chernobyl", "Чернобыль"))
AROUND = Surroundings(Availability(server=True, agents_on_duty=1), Contacts(), "", CashSettings(terminal_id="t"))


class Customer:
    """Touches the keys of the real presenters; the office is told by hand."""

    def __init__(self) -> None:
        self.call, _ = calls.step(calls.Call(), calls.LinkChanged(up=True), 0.0)
        self.sent: list[object] = []
        self.press(ipc.StartCall())

    @property
    def state(self) -> TerminalState:
        return terminal_state(Visit(), self.call, CashInSnapshot(), AROUND)

    def press(self, command: ipc.UiToCore | None) -> None:
        assert command is not None
        self.tell(calls.Press(command, "r1", CallContext("balance"), categories=LAW))

    def tell(self, event: calls.Event) -> None:
        self.call, effects = calls.step(self.call, event, 1.0)
        self.sent += [effect.message for effect in effects if not isinstance(effect, calls.ToPrinter)]

    def touch(self, key: str) -> None:
        presenters = {Screen.CALL_WAY: CallWayPresenter, Screen.PAGE_LIST: PageListPresenter}
        self.press(presenters[self.state.screen](self.state).press(key, self.state))

    def asked(self) -> Turn:
        (request,) = [message for message in self.sent if isinstance(message, office.CallRequested)]
        return request.context.turn


@pytest.mark.clause("6.3.3e", owner="terminal_app")
def test_special_help_is_asked_for_before_the_wait_by_two_touches_and_no_proof():
    customer = Customer()
    customer.touch("turn")
    page = customer.state.page
    assert page is not None
    assert page.choices[0].key == "special_help", "it stands first, before what the law asks a document for"
    customer.touch(CHOICE + "special_help")
    assert not [message for message in customer.sent if isinstance(message, office.CallRequested)]
    customer.touch("speak")
    assert customer.asked() == Turn(special_help=True)
    assert band_of(customer.asked()) is Band.OUT_OF_TURN


@pytest.mark.clause("6.3.3d", owner="terminal_app")
def test_a_category_of_the_offices_list_is_declared_and_goes_with_the_call():
    customer = Customer()
    customer.touch("turn")
    page = customer.state.page
    assert page is not None
    assert [choice.title.text for choice in page.choices[1:]] == ["Герой России", "Чернобыль"]
    customer.touch(CHOICE + "category_1")
    assert CallWayPresenter(customer.state).view(customer.state).turn == "Вне очереди: Чернобыль"
    customer.touch("write")
    assert customer.asked() == Turn(category_id="chernobyl", title="Чернобыль")


def test_nobody_is_out_of_turn_who_did_not_say_so_and_it_may_be_taken_back():
    plain = Customer()
    plain.touch("speak")
    assert plain.asked() == Turn()
    customer = Customer()
    customer.touch("turn")
    customer.touch(CHOICE + "special_help")
    customer.touch("turn")
    customer.touch(CHOICE + "in_turn")
    customer.touch("type")
    assert customer.asked() == Turn()


def test_back_leads_to_the_question_how_to_talk_and_home_out_of_the_call():
    customer = Customer()
    customer.touch("turn")
    customer.press(ipc.GoBack())
    assert customer.state.screen is Screen.CALL_WAY
    customer.touch("turn")
    customer.press(Choose("turn", "category_9"))
    customer.press(Choose("menu", "special_help"))
    assert (customer.state.screen, customer.call.turn) == (Screen.PAGE_LIST, Turn())
    customer.press(ipc.GoHome())
    assert customer.state.screen is Screen.ATTRACT


def test_who_stands_long_before_the_question_is_given_back_to_his_visit():
    customer = Customer()
    customer.touch("turn")
    customer.call, _ = calls.step(customer.call, calls.CallTick(), calls.WAY_S_MAX + 1.0)
    assert customer.state.screen is Screen.ATTRACT


@pytest.mark.clause("6.3.3d", owner="terminal_app")
def test_who_showed_no_document_waits_again_in_his_own_place_and_is_told_why():
    customer = Customer()
    customer.touch("turn")
    customer.touch(CHOICE + "category_0")
    customer.touch("speak")
    plate = Plate("АО «Энергосбыт»", "Соколова", "Анна", "", "консультант")
    customer.tell(office.CallQueued("r1", "c1", 1, 0, 30))
    customer.tell(office.CallAccepted("c1", plate, []))
    assert customer.state.screen is Screen.CALL_LIVE
    customer.sent.clear()
    customer.tell(office.CallQueued("r1", "c1", 3, 60, 600))
    assert customer.sent == [media.StopCall(), media.WarmUp([])], "no picture of him leaves the terminal now"
    state = customer.state
    assert (state.screen, state.call.position, state.call.plate) == (Screen.CALL_WAITING, 3, None)
    assert "с прежним временем" in CallWaitingPresenter(state).view(state).advice
    customer.tell(office.CallAccepted("c1", plate, [], media_epoch=2))
    assert customer.sent[-1] == media.MakeSdpOffer("c1", 2, [])
    assert msgspec.structs.asdict(customer.state.call)["plate"] == plate
