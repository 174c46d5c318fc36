"""Help of the agent with a form: only after the customer's touch, only for listed fields, his own touch each time."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from payment.contract import CashInSnapshot, CashSettings
from signaling_server.contract.help import (
    FieldProposed,
    HelpField,
    HelpOffered,
    HelpState,
    HelpTold,
    HelpWithdrawn,
    ProposalAnswer,
)
from signaling_server.contract.messages import CallAccepted, CallEnded, CallEndReason
from terminal_app.contacts import Contacts
from terminal_app.core import call_help
from terminal_app.core.call import Call, CallTick, Press, ToOffice
from terminal_app.core.call_help import FIELDS, Form, form_of
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.tasks import registry
from terminal_app.core.visit_values import Visit
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import AnswerProposal, StopHelp
from terminal_app.ipc.messages import Availability, Screen, TerminalState
from terminal_app.ipc.pages import Choice, Choose, Entry, EntryKind, Page, PageKind, Phrase
from terminal_app.ui.keyboard_layout import TYPE
from terminal_app.ui.presenters.account_entry import AccountEntryPresenter
from terminal_app.ui.presenters.page_entry import PageEntryPresenter

sys.path.append(str(Path(__file__).parent))
from test_call_cards import card
from test_task_pages import FEW_TOPICS, reachable
from test_terminal_call import PLATE, TO_LIVE, tell

from signaling_server.contract.notes import CardKind

AROUND = Surroundings(Availability(server=True), Contacts(), "", CashSettings(terminal_id="t"))
PHONE_PAGE = Page("written.phone", PageKind.ENTRY, entry=Entry(EntryKind.PHONE, length_max=16))
TEXT_PAGE = Page(
    "written.text", PageKind.ENTRY, Phrase(text="Что случилось?"), entry=Entry(EntryKind.LONG_TEXT, length_max=2_000)
)
ALLOWS = Press(Choose(call_help.PAGE, call_help.ALLOW))


def at_page(page: Page) -> Visit:
    screens = {PageKind.ENTRY: Screen.PAGE_ENTRY, PageKind.TEXT: Screen.PAGE_TEXT, PageKind.LIST: Screen.PAGE_LIST}
    return Visit(screen=screens.get(page.kind, Screen.PAGE_SUMMARY), page=page)


def at_form(visit: Visit) -> CallTick:
    return CallTick(form=form_of(visit))


def proposed(value: str, form: str = "written.phone", proposal_id: str = "p1") -> FieldProposed:
    return FieldProposed("c1", proposal_id, form, value)


def helping(visit: Visit) -> Call:
    return tell(*TO_LIVE, at_form(visit), HelpOffered("c1"), ALLOWS)[0]


def shown(visit: Visit, call: Call) -> TerminalState:
    return terminal_state(visit, call, CashInSnapshot(), AROUND)


def last_told(effects) -> HelpTold:
    return [effect.message for effect in effects if isinstance(effect, ToOffice)][-1]


@pytest.mark.clause("9.6.3c", owner="terminal_app")
def test_nothing_is_proposed_before_the_customer_has_touched_allow():
    visit = at_page(PHONE_PAGE)
    call, effects = tell(*TO_LIVE, at_form(visit))
    assert effects == [ToOffice(HelpTold("c1", form_stands=True))], "which form it is, nobody is told yet"
    call, effects = tell(proposed("+79210000067"), call=call)
    assert (call.help.proposal, last_told(effects).answer) == (None, ProposalAnswer.REFUSED)
    call, effects = tell(HelpOffered("c1"), call=call)
    assert (shown(visit, call).page, last_told(effects).state) == (call_help.OFFER, HelpState.OFFERED)
    call, _ = tell(proposed("+79210000067", proposal_id="p2"), call=call)
    assert call.help.proposal is None
    call, effects = tell(ALLOWS, call=call)
    assert last_told(effects) == HelpTold(
        "c1", HelpState.ON, True, "written.phone", HelpField.PHONE, 16, "p2", ProposalAnswer.REFUSED
    )
    state = shown(visit, call)
    assert (state.screen, state.page) == (Screen.PAGE_ENTRY, PHONE_PAGE), "the form stands beside the talk"
    assert state.call is not None
    assert state.call.help.on


def test_a_customer_who_wants_to_do_it_himself_is_left_in_the_talk():
    visit = at_page(PHONE_PAGE)
    call, effects = tell(*TO_LIVE, at_form(visit), HelpOffered("c1"), Press(Choose(call_help.PAGE, "no")))
    assert (last_told(effects).state, shown(visit, call).screen) == (HelpState.NONE, Screen.CALL_LIVE)


@pytest.mark.clause("9.6.3c", owner="terminal_app")
@pytest.mark.parametrize(
    "ends",
    [Press(StopHelp()), HelpWithdrawn("c1"), Press(ipc.HangUp()), CallEnded("c1", CallEndReason.AGENT_ENDED)],
    ids=["his button", "the agent", "he hangs up", "the call is over"],
)
def test_help_ends_at_once_with_all_that_was_proposed(ends):
    visit = at_page(PHONE_PAGE)
    call, _ = tell(proposed("+79210000067"), call=helping(visit))
    call, _ = tell(ends, call=call)
    assert (call.help.state, call.help.proposal) == (HelpState.NONE, None)
    assert shown(visit, call).screen in (Screen.CALL_LIVE, Screen.CALL_RESULT)
    again, _ = tell(proposed("+79210000067", proposal_id="p9"), call=call)
    assert again.help.proposal is None
    assert shown(visit, again).call.help.value == ""


def test_a_value_stands_in_the_field_only_after_his_touch_and_he_may_decline_it():
    visit = at_page(TEXT_PAGE)
    call, effects = tell(proposed("Счётчик гудит", "written.text"), call=helping(visit))
    assert (last_told(effects).proposal_id, last_told(effects).answer) == ("p1", None)
    presenter = PageEntryPresenter(shown(visit, call))
    presenter.press(TYPE + "а", shown(visit, helping(visit)))
    view = presenter.view(shown(visit, call))
    assert (view.proposal.value, view.text) == ("Счётчик гудит", "А"), "what he typed is under it"
    assert presenter.press("next", shown(visit, call)) is None
    declined, effects = tell(Press(presenter.press("decline_proposal", shown(visit, call))), call=call)
    assert last_told(effects).answer is ProposalAnswer.DECLINED
    assert presenter.view(shown(visit, declined)).text == "А"
    taken, effects = tell(Press(presenter.press("take_proposal", shown(visit, call))), call=call)
    assert last_told(effects).answer is ProposalAnswer.TAKEN
    after = presenter.view(shown(visit, taken))
    assert (after.proposal, after.text, after.may_go_on) == (None, "Счётчик гудит", True)
    assert tell(Press(AnswerProposal("p1", taken=True)), call=taken) == (taken, []), "a second touch"


def test_the_number_of_the_account_is_proposed_on_the_keypad_too():
    visit = Visit(screen=Screen.ACCOUNT_ENTRY)
    call, _ = tell(proposed("100 000 017", Screen.ACCOUNT_ENTRY.value), call=helping(visit))
    presenter = AccountEntryPresenter(shown(visit, call))
    assert presenter.press("take_proposal", shown(visit, call)) == AnswerProposal("p1", taken=True)
    assert presenter.view(shown(visit, helping(visit))).number == "100 000 017"


@pytest.mark.parametrize(
    ("page", "value"),
    [
        (PHONE_PAGE, "12"),
        (PHONE_PAGE, "позвоните мне"),
        (PHONE_PAGE, "+7٩٢١٠٠٠٠٠١١"),  # digits of another script
        (Page("readings.N1.t1", PageKind.ENTRY, entry=Entry(EntryKind.DIGITS, length_max=6)), "١٢"),
        (Page("written.email", PageKind.ENTRY, entry=Entry(EntryKind.EMAIL)), "анна@пример"),
        (Page("written.name", PageKind.ENTRY, entry=Entry(EntryKind.NAME, length_max=10)), "Константинопольская"),
        (Page("readings.N1.t1", PageKind.ENTRY, entry=Entry(EntryKind.DIGITS, length_max=6)), "12,5"),
        (TEXT_PAGE, "   "),
    ],
)
def test_what_cannot_stand_in_the_field_is_not_shown_and_the_agent_is_told(page, value):
    call, effects = tell(proposed(value, page.name), call=helping(at_page(page)))
    assert (call.help.proposal, last_told(effects).answer) == (None, ProposalAnswer.UNFIT)


OUT_OF_REACH = [
    Page("phone_code", PageKind.ENTRY, entry=Entry(EntryKind.DIGITS, length_max=6)),
    Page("consent", PageKind.TEXT, choices=[Choice("agree")]),
    Page("written.phone", PageKind.ENTRY, entry=Entry(EntryKind.PHONE, secret=True)),  # whatever it is called
    Page("service_mode.pin", PageKind.ENTRY, entry=Entry(EntryKind.DIGITS, secret=True)),
    Page("booking_cancel", PageKind.ENTRY, entry=Entry(EntryKind.DIGITS)),
]


@pytest.mark.clause("9.6.3c", owner="terminal_app")
@pytest.mark.parametrize("page", OUT_OF_REACH, ids=lambda page: page.name)
def test_consent_codes_and_pin_are_out_of_reach_whatever_the_wire_says(page):
    visit = at_page(page)
    call = helping(visit)
    assert last_told(tell(HelpOffered("c1"), at_form(visit), call=tell(*TO_LIVE)[0])[1]).field is None
    for form in (page.name, "written.text", Screen.ACCOUNT_ENTRY.value, "agree"):
        after, effects = tell(proposed("123456", form, f"p-{form}"), call=call)
        assert (after.help.proposal, last_told(effects).answer) == (None, ProposalAnswer.REFUSED)
        assert shown(visit, after).call.help.value == ""


@pytest.mark.parametrize("screen", sorted(set(Screen) - call_help.BESIDE))
def test_where_money_moves_the_call_lies_over_all_and_help_is_over(screen):
    call = helping(at_page(PHONE_PAGE))
    visit = Visit(screen=screen)
    assert call.covers(screen), "even before the next tick"
    after, effects = tell(at_form(visit), call=call)
    assert (after.help.state, last_told(effects)) == (HelpState.NONE, HelpTold("c1"))
    assert shown(visit, after).screen is Screen.CALL_LIVE


def test_the_second_attribute_is_the_customers_alone_and_help_waits_beside_it():
    visit = Visit(screen=Screen.SECOND_ATTRIBUTE)
    call, effects = tell(at_form(visit), call=helping(Visit(screen=Screen.ACCOUNT_ENTRY)))
    assert (last_told(effects).form, last_told(effects).field) == ("second_attribute", None)
    after, effects = tell(proposed("0067", "second_attribute"), call=call)
    assert (after.help.proposal, last_told(effects).answer) == (None, ProposalAnswer.REFUSED)
    assert shown(visit, after).screen is Screen.SECOND_ATTRIBUTE


def test_of_all_pages_of_all_services_only_the_fields_of_the_list_are_in_reach():
    found: dict[str, HelpField] = {}
    for service in registry.SERVICES:
        nobody = replace(FEW_TOPICS, account=None, balance=None)
        contexts = (FEW_TOPICS, nobody) if service in ("written", "booking") else (FEW_TOPICS,)
        for page, _ in (seen for context in contexts for seen in reachable(service, context)):
            field = call_help.field_of(page)
            if field is not None:
                found[page.name] = field
    readings = {name for name, field in found.items() if field is HelpField.READING}
    assert readings, "readings are proposed"
    assert found.keys() - readings <= FIELDS.keys()
    assert {"written.text", "written.address", "written.phone", "written.account"} <= found.keys()
    assert not [name for name in found if "code" in name or "consent" in name or "ticket" in name]


def test_a_proposal_goes_with_its_form_and_a_card_comes_over_the_form_and_leaves_it():
    phone, text = at_page(PHONE_PAGE), at_page(TEXT_PAGE)
    call, _ = tell(proposed("+79210000067"), call=helping(phone))
    assert PageEntryPresenter(shown(text, call)).view(shown(text, call)).proposal is None, "before the next tick"
    call, _ = tell(at_form(text), call=call)
    assert (call.help.proposal, call.help.state) == (None, HelpState.ON)
    call, _ = tell(card(CardKind.CONFIRM), call=call)
    assert shown(text, call).screen is Screen.CALL_CARD
    call, _ = tell(Press(ipc.GoBack()), call=call)
    assert shown(text, call).screen is Screen.PAGE_ENTRY


def test_a_page_loaded_anew_is_told_how_it_stands_with_help():
    call, effects = tell(CallAccepted("c1", PLATE, [], media_epoch=2), call=helping(at_page(PHONE_PAGE)))
    assert last_told(effects).state is HelpState.ON
    assert call.help.form == Form("written.phone", HelpField.PHONE, EntryKind.PHONE, 16)
