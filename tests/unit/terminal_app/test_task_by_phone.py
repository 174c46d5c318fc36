"""Known by phone and code: nothing personal before the code, one account or a choice, a way on from every refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from payment.billing.account_values import AccountDetails, AccountsOfPhone, AccountSummary
from signaling_server.contract.services import CodeAsked, CodeEntered, CodeProved, CodePurpose, CodeSent, ServiceRefused
from terminal_app.core import visit as visits
from terminal_app.core.account_views import account_view, balance_view
from terminal_app.core.tasks import task as tasks
from terminal_app.core.tasks.task import AskByPhone, AskOffice, AskOfPhone, BillingTold, Context, Facts, Silence, Told
from terminal_app.core.visit_events import CallConsultant, DoForTask, TaskTold, Tick
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import Availability, GoBack, GoHome, Screen, StartPayment
from terminal_app.ipc.pages import Choose, Enter, OpenService

PHONE, CODE = "+79990004321", "428170"
OWN = AccountSummary("100000017", "Бел•••••• И. П.", "г. Санкт-Петербург, Невский пр., д. 1••, кв. ••")
OTHER = AccountSummary("100000116", "Вас••••• Т. Ф.", "г. Санкт-Петербург, 8-я линия В. О., д. 2•, кв. ••")
DETAILS = AccountDetails("100000017", 100_00, 100_00, 0, 0, "октябрь 2026", "2026-10", charges=(), as_of="23.11.2026")
SENT = CodeSent("-", "code-1", "+7 999 ***-**-21", 600, 60, 3)
PROVED = CodeProved("-", "code-1", CodePurpose.IDENTIFY, [])
CONTEXT = Context(availability=Availability(billing=True, server=True), facts=Facts(sms=True), now_ms=1_000_000)
RULES = VisitRules(context=CONTEXT)


class Customer:
    """Presses, and what the office and billing say to the last question."""

    def __init__(self, rules: VisitRules = RULES, service: str = "") -> None:
        self.rules, self.visit, self.now_s = rules, Visit(), 100.0
        self.effects: list[object] = []
        self.does(OpenService(service) if service else StartPayment())

    def does(self, *events: object) -> Customer:
        for event in events:
            self.now_s += 1
            self.visit, self.effects = visits.step(self.visit, event, self.rules, self.now_s)
        return self

    def types(self, text: str) -> Customer:
        assert self.visit.page is not None
        return self.does(Enter(self.visit.page.name, text))

    def chooses(self, key: str) -> Customer:
        assert self.visit.page is not None
        return self.does(Choose(self.visit.page.name, key))

    def is_told(self, *answers: object) -> Customer:
        for answer in answers:
            assert self.visit.stay is not None
            said = {AccountsOfPhone: BillingTold, AccountDetails: BillingTold, type(None): BillingTold, Silence: None}
            wrap = said.get(type(answer), Told)
            self.does(TaskTold(self.visit.stay.asked, wrap(answer) if wrap else answer))
        return self

    def asked(self) -> object:
        (effect,) = self.effects
        assert isinstance(effect, DoForTask)
        return effect.question

    @property
    def page(self) -> str:
        return self.visit.page.name if self.visit.page is not None else ""


def at_code(**of: object) -> Customer:
    return Customer(**of).does(OpenService("by_phone")).types(PHONE).is_told(SENT)


def proved(**of: object) -> Customer:
    return at_code(**of).types(CODE).is_told(PROVED)


def refused(reason: str) -> ServiceRefused:
    return ServiceRefused("-", reason, f"Отказ: {reason}")


def test_one_account_of_the_phone_is_opened_after_the_code_and_nothing_is_known_before():
    customer = Customer().does(OpenService("by_phone"))
    assert (customer.visit.screen, customer.page) == (Screen.PAGE_ENTRY, "by_phone")
    assert customer.types(PHONE).asked() == AskOffice(CodeAsked("-", PHONE, CodePurpose.IDENTIFY))
    assert customer.is_told(SENT).page == "phone_code"
    assert customer.types(CODE).asked() == AskOffice(CodeEntered("-", "code-1", PHONE, CODE))
    assert customer.visit.account is customer.visit.balance is None
    assert customer.is_told(PROVED).asked() == AskOfPhone(PHONE), "billing hears of the phone only now"
    assert customer.is_told(AccountsOfPhone((OWN,))).asked() == AskByPhone("100000017", PHONE)
    assert customer.visit.balance is None
    customer.is_told(DETAILS)
    assert customer.visit.screen is Screen.BALANCE
    assert (customer.visit.account, customer.visit.balance) == (account_view(OWN), balance_view(DETAILS))


def test_nothing_of_phone_and_code_is_left_once_it_is_known_who_he_is():
    customer = proved().is_told(AccountsOfPhone((OWN,)), DETAILS)
    assert customer.visit.stay is customer.visit.page is None
    assert customer.visit.phone == PHONE, "offered, masked, where one is asked for again in this visit"
    assert PHONE not in repr(replace(customer.visit, phone=""))
    assert CODE not in repr(customer.visit)


def test_several_accounts_are_told_apart_by_masked_address_and_the_end_of_the_number():
    customer = proved().is_told(AccountsOfPhone((OWN, OTHER)))
    assert (customer.visit.screen, customer.effects) == (Screen.PAGE_LIST, [])
    first, second, number = customer.visit.page.choices
    assert (first.title.text, second.title.text) == (OWN.address_masked, OTHER.address_masked)
    assert second.hint.values == {"tail": "0116"}
    assert "100000116" not in repr(customer.visit.page)
    assert customer.chooses(second.key).asked() == AskByPhone("100000116", PHONE)
    customer.is_told(replace_account(DETAILS, "100000116"))
    assert customer.visit.account == account_view(OTHER)
    assert number.key == "account"


def replace_account(details: AccountDetails, account: str) -> AccountDetails:
    return AccountDetails(account, *(getattr(details, name) for name in details.__struct_fields__[1:]))


def test_none_of_the_accounts_is_his_and_he_types_the_number():
    customer = proved().is_told(AccountsOfPhone((OWN, OTHER))).chooses("account")
    assert (customer.visit.screen, customer.visit.stay, customer.visit.account) == (Screen.ACCOUNT_ENTRY, None, None)


def test_what_he_came_for_goes_on_and_its_way_back_passes_no_phone():
    menu = Customer(service="menu").chooses("informing")
    assert (menu.visit.screen, menu.visit.purpose) == (Screen.ACCOUNT_ENTRY, "informing")
    customer = menu.does(OpenService("by_phone")).types(PHONE).is_told(SENT).types(CODE)
    customer.is_told(PROVED, AccountsOfPhone((OWN,)), DETAILS)
    assert (customer.visit.stay.service, customer.visit.purpose) == ("informing", "")
    customer.is_told(Silence()).does(GoBack())
    assert customer.page == "menu"
    assert PHONE not in repr(replace(customer.visit, phone=""))


def test_back_leads_through_phone_to_the_number_and_to_what_waited_under_it():
    customer = Customer(service="menu").chooses("informing").does(OpenService("by_phone")).types(PHONE).is_told(SENT)
    assert customer.does(GoBack()).page == "by_phone"
    customer.does(GoBack())
    assert (customer.visit.screen, customer.visit.purpose) == (Screen.ACCOUNT_ENTRY, "informing")
    assert customer.does(GoBack()).page == "menu"


def test_an_unknown_phone_is_told_of_only_to_who_proved_it():
    customer = proved().is_told(AccountsOfPhone(()))
    assert (customer.page, customer.visit.page.sentence.key) == ("by_phone.stopped", "by_phone.none")
    assert customer.chooses("account").visit.screen is Screen.ACCOUNT_ENTRY


@pytest.mark.parametrize(
    ("context", "says"),
    [
        (replace(CONTEXT, facts=Facts()), "by_phone.no_sms"),
        (replace(CONTEXT, availability=Availability(billing=True)), "page.no_answer"),
        (replace(CONTEXT, availability=Availability(server=True)), "by_phone.no_billing"),
    ],
)
def test_without_sms_office_or_billing_it_says_so_at_once_and_offers_others(context, says):
    customer = Customer(VisitRules(context=context)).does(OpenService("by_phone"))
    assert (customer.page, customer.visit.page.sentence.key) == ("by_phone.stopped", says)
    assert [choice.key for choice in customer.visit.page.choices] == ["account", "consultant"]
    assert customer.chooses("consultant").effects == [CallConsultant()]
    customer.rules = RULES
    assert customer.does(GoBack(), OpenService("by_phone")).page == "by_phone", "it heals by itself"


@pytest.mark.parametrize("reason", ["no_sms", "too_many", "locked"])
def test_a_refusal_that_typing_does_not_mend_offers_other_ways(reason):
    customer = Customer().does(OpenService("by_phone")).types(PHONE).is_told(refused(reason))
    assert (customer.page, customer.visit.page.sentence.text) == ("by_phone.stopped", f"Отказ: {reason}")
    again = at_code()
    again.rules = VisitRules(context=replace(CONTEXT, now_ms=CONTEXT.now_ms + 60_000))
    again.does(Tick()).chooses("again").is_told(refused(reason))
    assert again.page == "by_phone.stopped"
    assert again.chooses("account").visit.screen is Screen.ACCOUNT_ENTRY


@pytest.mark.parametrize("reason", ["bad_phone", "too_soon"])
def test_a_phone_that_gets_no_code_yet_stays_to_be_mended(reason):
    customer = Customer().does(OpenService("by_phone")).types("+7123").is_told(refused(reason))
    assert (customer.page, customer.visit.page.entry.error.text) == ("by_phone", f"Отказ: {reason}")
    assert customer.visit.page.entry.draft == "+7123"


@pytest.mark.parametrize("reason", ["wrong_code", "no_tries", "code_expired", "unknown_code"])
def test_a_wrong_or_old_code_opens_nothing_and_the_page_stays(reason):
    customer = at_code().types("000000").is_told(refused(reason))
    assert (customer.page, customer.visit.page.entry.error.text) == ("phone_code", f"Отказ: {reason}")
    assert customer.visit.account is None


@pytest.mark.parametrize("typed", ["", "12345", "12 34 56", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16"])
def test_what_is_no_code_is_not_sent(typed):
    assert at_code().types(typed).effects == []


def test_a_new_code_is_sent_after_a_pause_and_no_sooner():
    customer = at_code()
    assert customer.chooses("again").effects == []
    customer.rules = VisitRules(context=replace(CONTEXT, now_ms=CONTEXT.now_ms + 60_000))
    assert customer.does(Tick()).chooses("again").asked() == AskOffice(CodeAsked("-", PHONE, CodePurpose.IDENTIFY))
    customer.is_told(CodeSent("-", "code-2", "+7 999 ***-**-21", 600, 60, 3))
    assert customer.types(CODE).asked() == AskOffice(CodeEntered("-", "code-2", PHONE, CODE))


@pytest.mark.parametrize("answers", [(Silence(),), (AccountsOfPhone((OWN,)), Silence()), (None,)])
def test_a_billing_that_is_silent_stops_it_without_a_word_of_anybody(answers):
    customer = proved().is_told(*answers)
    assert (customer.page, customer.visit.page.sentence.key) == ("by_phone.stopped", "by_phone.no_billing")
    assert customer.visit.account is None
    assert customer.does(GoBack()).page == "phone_code", "the code still opens it"


def test_a_phone_that_is_no_longer_bound_opens_nothing():
    customer = proved().is_told(AccountsOfPhone((OWN,)), None)
    assert (customer.visit.page.sentence.key, customer.visit.balance) == ("by_phone.none", None)


def test_an_office_that_is_silent_stops_the_phone_and_lets_the_code_be_typed_again():
    assert Customer().does(OpenService("by_phone")).types(PHONE).is_told(Silence()).page == "by_phone.stopped"
    customer = at_code().types(CODE).is_told(Silence())
    assert (customer.page, customer.visit.page.entry.error.key) == ("phone_code", "page.no_answer")
    assert customer.types(CODE).is_told(PROVED).asked() == AskOfPhone(PHONE)


def test_an_answer_for_one_who_has_gone_identifies_nobody():
    customer = proved()
    number = customer.visit.stay.asked
    customer.does(GoHome(), StartPayment(), TaskTold(number, BillingTold(AccountsOfPhone((OWN,)))))
    assert (customer.visit.account, customer.visit.stay) == (None, None)


def test_an_answer_to_the_way_that_was_left_is_none_to_the_service_under_it():
    customer = Customer(service="menu").chooses("informing").does(OpenService("by_phone")).types(PHONE).is_told(SENT)
    asked = customer.visit.stay.asked
    customer.does(GoBack(), GoBack(), GoBack())
    assert (customer.page, customer.visit.stay.asked) == ("menu", asked)


def test_it_is_offered_where_the_account_is_asked_and_nowhere_else():
    customer = Customer(service="menu")
    assert customer.does(OpenService("by_phone")).page == "menu"
    assert customer.does(GoHome(), OpenService("by_phone")).visit.screen is Screen.ATTRACT


def test_who_walks_away_leaves_nothing_of_it():
    customer = proved().is_told(AccountsOfPhone((OWN, OTHER)))
    customer.now_s += 1_000
    customer.does(Tick())
    assert customer.visit == Visit(active_at_s=customer.visit.active_at_s, entered_at_s=customer.visit.entered_at_s)


def test_a_press_that_means_nothing_changes_nothing():
    for task in (proved().visit.stay.task, proved().is_told(AccountsOfPhone((OWN, OTHER))).visit.stay.task):
        for event in (tasks.Chosen("account_7"), tasks.Entered("1"), tasks.Stored()):
            assert task.step(event, CONTEXT) == (task, [])
