"""The number of the account, typed on our keypad."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import Notice, StartBillScan, SubmitAccount, TerminalState, UiToCore
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.help import TAKE, ProposalView, answer, proposal, proposal_view
from terminal_app.ui.presenters.presenter import Presenter, typed

ACCOUNT_LENGTH_MAX = 20  # the longest number in use; how long this company's is, core's mask knows
GROUP = 3


@dataclass(frozen=True, slots=True)
class AccountEntryView:
    hint: str
    number: str  # grouped by three, as people read it aloud
    empty: bool
    error: str
    may_go_on: bool
    busy: bool
    may_scan: bool  # in a talk the camera is the talk's
    next_label: str
    proposal: ProposalView | None  # of the consultant; it takes the place of the keys


class AccountEntryPresenter(Presenter[AccountEntryView]):
    """Keeps the typed digits; an error stands beside them until they are changed."""

    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        self._draft = state.account_typed[:ACCOUNT_LENGTH_MAX]

    def view(self, state: TerminalState) -> AccountEntryView:
        refused = state.input_error is not Notice.NONE and self._draft == state.account_typed
        return AccountEntryView(
            hint=t("account.hint_card" if state.availability.card_reader else "account.hint"),
            number=grouped(self._draft),
            empty=not self._draft,
            error=t(f"notice.{state.input_error}.sentence") if refused else "",
            may_go_on=bool(self._draft) and not refused and not state.busy,
            busy=state.busy,
            may_scan=not state.busy and state.call is None,
            next_label=t("account.checking") if state.busy else t("account.next"),
            proposal=proposal_view(state, t("account.title")),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if state.busy:
            return None
        if (standing := proposal(state)) is not None:
            if key == TAKE:
                self._draft = standing.value[:ACCOUNT_LENGTH_MAX]
            return answer(key, standing)
        if key == "scan":
            return StartBillScan() if self.view(state).may_scan else None
        if key == "by_phone":
            return OpenService("by_phone")
        if key == "next":
            return SubmitAccount(account=self._draft) if self.view(state).may_go_on else None
        self._draft = typed(self._draft, key, ACCOUNT_LENGTH_MAX)
        return None


def grouped(digits: str) -> str:
    """`123456789` -> «123 456 789»."""
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))
