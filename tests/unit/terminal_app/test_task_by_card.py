"""A card in place of the account's number: begins by itself, proves nothing, and only where it was agreed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as replace_struct

from signaling_server.contract.services import CardAsked, CardTold, ServiceRefused
from terminal_app.config import Devices, Rules, TerminalConfig
from terminal_app.core import visit as visits
from terminal_app.core.tasks import task as tasks
from terminal_app.core.tasks.by_card import ByCard
from terminal_app.core.tasks.task import AskOffice, Context, Facts, Silence, Told
from terminal_app.core.visit_events import (
    AccountFound,
    AccountMissing,
    CallConsultant,
    CardHeld,
    DoForTask,
    FindAccount,
    TaskTold,
)
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import (
    AccountView,
    Availability,
    ConfirmAccount,
    GoBack,
    GoHome,
    Notice,
    Screen,
    StartPayment,
    SubmitAccount,
)
from terminal_app.ipc.offer import Offer
from terminal_app.ipc.pages import Choose, OpenService

CARD, ACCOUNT = "04a1b2c3d4e580", "100000017"
VIEW = AccountView(ACCOUNT, "Бел•••••• И. П.", "г. Санкт-Петербург, Невский пр., д. 1••, кв. ••")
UNKNOWN = ServiceRefused("-", "unknown_card", "Эта карта не связана со счётом. Введите номер счёта")
CONTEXT = Context(availability=Availability(billing=True, server=True, card_reader=True), facts=Facts(sms=True))
RULES = VisitRules(context=CONTEXT)
WITHOUT = VisitRules(context=replace(CONTEXT, availability=Availability(billing=True, server=True)))


def walk(*events: object, visit: Visit | None = None, rules: VisitRules = RULES) -> tuple[Visit, list[object]]:
    visit, effects = visit or Visit(), []
    for event in events:
        visit, effects = visits.step(visit, event, rules, 100.0)
    return visit, effects


def told(visit: Visit, answer: tasks.Event) -> tuple[Visit, list[object]]:
    return walk(TaskTold(visit.stay.asked, answer), visit=visit)


def named() -> Visit:
    visit, _ = walk(CardHeld(CARD))
    return told(visit, Told(CardTold("-", ACCOUNT)))[0]


@pytest.mark.parametrize("before", [(), (StartPayment(),)])
def test_a_card_held_on_the_first_screens_begins_by_itself(before):
    visit, effects = walk(*before, CardHeld(CARD))
    assert (visit.page.name, visit.busy) == ("by_card", True)
    assert effects == [DoForTask(1, AskOffice(CardAsked("-", CARD)))]


def test_the_number_of_the_card_is_kept_in_no_value_of_the_visit():
    visit, _ = walk(CardHeld(CARD))
    assert CARD not in repr(visit)
    assert CARD not in repr(CardHeld(CARD))
    assert CARD not in repr(tasks.Held(CARD))
    assert CARD not in repr(told(visit, Silence())[0])


def test_a_card_stands_for_the_number_and_the_second_attribute_is_asked_all_the_same():
    visit, _ = walk(CardHeld(CARD))
    visit, effects = told(visit, Told(CardTold("-", ACCOUNT)))
    assert effects == [FindAccount(ACCOUNT)]
    assert (visit.screen, visit.busy, visit.stay) == (Screen.ACCOUNT_ENTRY, True, None)
    visit, _ = walk(AccountFound(VIEW), visit=visit)
    assert (visit.screen, visit.balance) == (Screen.ACCOUNT_CONFIRM, None)
    visit, _ = walk(ConfirmAccount(), visit=visit)
    assert (visit.screen, visit.balance, visit.by_bill) == (Screen.SECOND_ATTRIBUTE, None, False)


def test_a_card_after_a_bill_is_no_bill():
    billed = replace(Visit(), screen=Screen.ACCOUNT_ENTRY, by_bill=True)
    visit, _ = walk(CardHeld(CARD), visit=billed)
    visit, _ = told(visit, Told(CardTold("-", ACCOUNT)))
    visit, _ = walk(AccountFound(VIEW), ConfirmAccount(), visit=visit)
    assert visit.screen is Screen.SECOND_ATTRIBUTE


def test_what_he_came_for_goes_on_with_the_card():
    visit, _ = walk(OpenService("menu"), Choose("menu", "readings"), CardHeld(CARD))
    assert (visit.page.name, visit.purpose) == ("by_card", "readings")
    visit, _ = told(visit, Told(CardTold("-", ACCOUNT)))
    visit, _ = walk(AccountFound(VIEW), ConfirmAccount(), visit=visit)
    assert visit.stay.service == "readings"


@pytest.mark.parametrize(
    ("answer", "says"),
    [(Told(UNKNOWN), ("", UNKNOWN.sentence)), (Silence(), ("page.no_answer", ""))],
)
def test_a_card_that_leads_nowhere_says_why_and_offers_other_ways(answer, says):
    visit, _ = walk(CardHeld(CARD))
    visit, effects = told(visit, answer)
    assert (visit.page.sentence.key, visit.page.sentence.text, effects) == (*says, [])
    assert [choice.key for choice in visit.page.choices] == ["account", "consultant"]
    assert walk(Choose("by_card", "account"), visit=visit)[0].screen is Screen.ACCOUNT_ENTRY
    assert walk(Choose("by_card", "consultant"), visit=visit)[1] == [CallConsultant()]
    assert walk(GoBack(), visit=visit)[0].screen is Screen.ACCOUNT_ENTRY
    _, effects = walk(CardHeld("0102030405"), visit=visit)
    assert effects == [DoForTask(2, AskOffice(CardAsked("-", "0102030405")))]


def test_a_card_that_cannot_be_read_is_told_of_to_who_is_asked_for_an_account_only():
    assert walk(CardHeld(""))[0].screen is Screen.ATTRACT
    visit, effects = walk(StartPayment(), CardHeld(""))
    assert (visit.page.sentence.key, effects) == ("by_card.unreadable", [])
    visit, effects = walk(CardHeld(CARD), visit=visit)
    assert effects == [DoForTask(1, AskOffice(CardAsked("-", CARD)))]


def test_an_account_that_billing_does_not_know_is_told_of_beside_the_number():
    visit, _ = walk(AccountMissing(), visit=named())
    assert (visit.screen, visit.input_error) == (Screen.ACCOUNT_ENTRY, Notice.ACCOUNT_NOT_FOUND)


@pytest.mark.parametrize("before", [(), (StartPayment(),), (OpenService("menu"),)])
def test_without_an_agreement_or_a_reader_a_card_means_nothing(before):
    visit, _ = walk(*before, rules=WITHOUT)
    after, effects = walk(CardHeld(CARD), visit=visit, rules=WITHOUT)
    assert (replace(after, active_at_s=visit.active_at_s), effects) == (visit, [])


def test_where_no_payment_is_offered_a_card_begins_none_and_still_serves_who_was_asked_for_his_account():
    able = replace_struct(CONTEXT.availability, offer=Offer(left_out=["pay"]))
    closed = VisitRules(context=replace(CONTEXT, availability=able))
    assert walk(CardHeld(CARD), rules=closed)[0].screen is Screen.ATTRACT
    visit, _ = walk(OpenService("menu"), Choose("menu", "readings"), CardHeld(CARD), rules=closed)
    assert visit.page.name == "by_card"


def test_a_card_held_elsewhere_or_while_something_is_asked_changes_nothing():
    for visit in (
        walk(OpenService("menu"))[0],
        walk(StartPayment(), SubmitAccount(ACCOUNT))[0],
        walk(StartPayment(), OpenService("by_phone"))[0],
        walk(AccountFound(VIEW), visit=named())[0],
        walk(CardHeld(CARD))[0],
        replace(Visit(), screen=Screen.CASH_IN, active_at_s=100.0),
    ):
        assert walk(CardHeld("0102030405"), visit=visit) == (visit, [])


def test_the_answer_to_a_card_whose_holder_has_gone_names_nobody():
    visit, _ = walk(CardHeld(CARD))
    number = visit.stay.asked
    visit, _ = walk(GoHome(), StartPayment(), TaskTold(number, Told(CardTold("-", ACCOUNT))), visit=visit)
    assert (visit.account_typed, visit.account) == ("", None)


def test_a_press_that_means_nothing_to_a_card_changes_nothing():
    for event in (tasks.Chosen("pay"), tasks.Entered("1"), tasks.Stored()):
        assert ByCard().step(event, CONTEXT) == (ByCard(), [])


def test_cards_that_were_agreed_need_a_reader_in_the_settings():
    with pytest.raises(ValueError, match="card_reader"):
        TerminalConfig(rules=Rules(cards_identify=True))
    assert TerminalConfig(devices=Devices(card_reader="pcsc://"), rules=Rules(cards_identify=True))
    assert not TerminalConfig(devices=Devices(card_reader="pcsc://")).rules.cards_identify
