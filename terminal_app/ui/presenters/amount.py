"""How much to pay: the sum due, round sums above it, or one's own."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles, whole_rubles
from terminal_app.ipc.messages import ChooseAmount, TerminalState, UiToCore
from terminal_app.ipc.orders import Gather, OrderView
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.account_entry import grouped
from terminal_app.ui.presenters.presenter import Presenter, typed

ROUND_TO_MINOR = (50_00, 100_00)
AHEAD_MINOR = (500_00, 1000_00, 2000_00)  # offered when nothing is due
SUGGESTIONS_MAX = 3
RUBLES_DIGITS_MAX = 6
CONTACT_SIGNS_MAX = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    key: str
    title: str
    amount: str


@dataclass(frozen=True, slots=True)
class AmountView:
    title: str
    account: str  # which one is paid for
    suggestions: tuple[Suggestion, ...]
    typing: bool
    typed: str
    error: str
    may_go_on: bool
    busy: bool
    several: str  # leads to a list of several accounts or things; empty: the sum is for it already
    receipt: str  # asks, or says, where the electronic receipt goes; empty: none can be sent
    receipt_named: bool  # says


class AmountPresenter(Presenter[AmountView]):
    """Notes are whole rubles and no change is given, so round sums stand beside the exact one."""

    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        self._typing = False
        self._draft = ""

    def view(self, state: TerminalState) -> AmountView:
        error, order = self._error(state), state.order or OrderView()
        return AmountView(
            title=_title(order),
            account=t("basket.account", account=grouped(state.account.account)) if state.account else "",
            suggestions=tuple(
                Suggestion(f"sum_{amount_minor}", title, rubles(amount_minor))
                for title, amount_minor in _offered(state, order)
            ),
            typing=self._typing,
            typed=whole_rubles(self._draft_minor),
            error=error,
            may_go_on=self._draft_minor > 0 and not error and not state.busy,
            busy=state.busy,
            several=t("amount.several") if order.may_gather else "",
            receipt=_receipt(order),
            receipt_named=bool(order.contact),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if state.busy:
            return None
        if key == "other":
            self._typing = True
        elif key == "suggestions":
            self._typing, self._draft = False, ""
        elif key == "several":
            return Gather() if self.view(state).several else None
        elif key == "receipt":
            return OpenService("receipt_contact") if self.view(state).receipt else None
        elif key == "next":
            return ChooseAmount(amount_minor=self._draft_minor) if self.view(state).may_go_on else None
        elif key.startswith("sum_"):
            return self._suggested(key, state)
        elif not (key == "digit_0" and not self._draft):
            self._draft = typed(self._draft, key, RUBLES_DIGITS_MAX)
        return None

    @property
    def _draft_minor(self) -> int:
        return int(self._draft or "0") * 100

    def _suggested(self, key: str, state: TerminalState) -> UiToCore | None:
        offered = {suggestion.key for suggestion in self.view(state).suggestions}
        return ChooseAmount(amount_minor=int(key.removeprefix("sum_"))) if key in offered else None

    def _error(self, state: TerminalState) -> str:
        cash = state.cash
        if cash is None or not self._draft:
            return ""
        if self._draft_minor < cash.amount_min_minor:
            return t("amount.too_small", amount=rubles(cash.amount_min_minor))
        if 0 < cash.amount_max_minor < self._draft_minor:
            return t("amount.too_large", amount=rubles(cash.amount_max_minor))
        return ""


def _title(order: OrderView) -> str:
    if order.part_title:
        return t("amount.title_part", title=order.part_title)
    return t("amount.title_account" if order.gathering or order.lines else "amount.title")


def _receipt(order: OrderView) -> str:
    if not order.receipt_offered:
        return ""
    return t("amount.receipt_sent", contact=shortened(order.contact)) if order.contact else t("amount.receipt")


def shortened(contact: str) -> str:
    """A long address of e-mail in one word of a narrow button: its beginning and its end."""
    return contact if len(contact) <= CONTACT_SIGNS_MAX else f"{contact[:12]}…{contact[-6:]}"


def _offered(state: TerminalState, order: OrderView) -> list[tuple[str, int]]:
    if order.part_title:
        return [(t("amount.all"), order.part_minor)]
    sums = suggested(state.balance.due_minor if state.balance else None)
    if not order.proposed_minor:
        return sums
    others = [(title, amount_minor) for title, amount_minor in sums if amount_minor != order.proposed_minor]
    return [(t("amount.proposed"), order.proposed_minor), *others][:SUGGESTIONS_MAX]


def suggested(due_minor: int | None) -> list[tuple[str, int]]:
    """Titles and sums, each sum once, the smallest first. None: what is due is not for this customer to see."""
    if due_minor is None:
        return [(t("amount.any"), amount_minor) for amount_minor in AHEAD_MINOR]
    if due_minor <= 0:
        return [(t("amount.ahead"), amount_minor) for amount_minor in AHEAD_MINOR]
    sums = [(t("amount.all"), due_minor)]
    for step_minor in ROUND_TO_MINOR:
        rounded = -(-due_minor // step_minor) * step_minor
        if rounded not in [amount_minor for _, amount_minor in sums]:
            sums.append((t("amount.rounded", step=step_minor // 100), rounded))
    return sums[:SUGGESTIONS_MAX]
