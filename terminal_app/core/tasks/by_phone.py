"""Who has no number of his account at hand is known by his phone: a code by SMS, then the accounts bound to it. Pure.

Nothing is asked of billing before the code is right, and nothing here tells whether a phone is a customer's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from payment.billing.account_values import AccountDetails, AccountsOfPhone, AccountSummary
from signaling_server.contract.services import CodeProved, CodePurpose
from terminal_app.core.account_views import account_view, balance_view
from terminal_app.core.tasks.asked import CONSULTANT, Stopped, led_on
from terminal_app.core.tasks.phone_code import Phone, code_asked
from terminal_app.core.tasks.task import (
    AskByPhone,
    AskOfPhone,
    BillingTold,
    Chosen,
    Context,
    Event,
    Identified,
    Silence,
    Step,
)
from terminal_app.ipc.pages import Choice, Page, PageKind, Phrase

STOPPED = "by_phone.stopped"
ACCOUNT = Choice("account", Phrase("page.account"))  # the ways that need no SMS
WAYS = (ACCOUNT, CONSULTANT)
TAIL = 4  # digits of an account by which its owner tells it from his other one


@dataclass(frozen=True, slots=True)
class Looking:
    """The phone is his: which accounts are bound to it?"""

    phone: str

    def page(self, context: Context) -> Page:
        return Page("by_phone.accounts", PageKind.LIST, back=False)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case BillingTold(answer=AccountsOfPhone(accounts=())):
                return _stopped("by_phone.none"), []
            case BillingTold(answer=AccountsOfPhone(accounts=(only,))):
                return Which(self.phone, (only,), only), [AskByPhone(only.account, self.phone)]
            case BillingTold(answer=AccountsOfPhone(accounts=several)):
                return Which(self.phone, several), []
            case BillingTold() | Silence():
                return _stopped("by_phone.no_billing"), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Which:
    """Several accounts are bound to the phone: he knows his by the masked address."""

    phone: str
    accounts: tuple[AccountSummary, ...]
    chosen: AccountSummary | None = None

    def page(self, context: Context) -> Page:
        choices = [_choice(at, account) for at, account in enumerate(self.accounts)]
        return Page("by_phone.accounts", PageKind.LIST, choices=[*choices, ACCOUNT], back=False)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="account"):
                return led_on(self, event)
            case Chosen(key=key) if (account := self._account(key)) is not None:
                return replace(self, chosen=account), [AskByPhone(account.account, self.phone)]
            case BillingTold(answer=AccountDetails() as details) if self.chosen is not None:
                return self, [Identified(account_view(self.chosen), balance_view(details))]
            case BillingTold():  # the contract was changed a moment ago
                return _stopped("by_phone.none"), []
            case Silence():
                return _stopped("by_phone.no_billing"), []
            case _:
                return self, []

    def _account(self, key: str) -> AccountSummary | None:
        named = {_key(at): account for at, account in enumerate(self.accounts)}
        return named.get(key)


def begin(context: Context) -> Step:
    if not context.availability.billing:
        return _stopped("by_phone.no_billing"), []
    if not context.availability.server:
        return _stopped("page.no_answer"), []
    if not context.facts.sms:
        return _stopped("by_phone.no_sms"), []
    return Phone("by_phone", code_asked(CodePurpose.IDENTIFY), _proved, STOPPED, WAYS), []


def _proved(phone: Phone, proved: CodeProved) -> Step:
    return Looking(phone.phone), [AskOfPhone(phone.phone)]


def _stopped(sentence: str) -> Stopped:
    return Stopped(STOPPED, Phrase(sentence), WAYS)


def _key(at: int) -> str:
    return f"account_{at}"


def _choice(at: int, account: AccountSummary) -> Choice:
    hint = Phrase("by_phone.account_ends", {"tail": account.account[-TAIL:]})
    return Choice(_key(at), Phrase(text=account.address_masked), hint)
