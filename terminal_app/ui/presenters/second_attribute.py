"""The second attribute: the last digits of the telephone of the contract."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import Notice, SubmitSecondAttribute, TerminalState, UiToCore
from terminal_app.ui.locale import plural, t
from terminal_app.ui.presenters.help import helped
from terminal_app.ui.presenters.presenter import Presenter, typed

DIGITS = 4


@dataclass(frozen=True, slots=True)
class SecondAttributeView:
    hint: str
    digits: tuple[str, ...]  # one a box, empty where not typed yet
    error: str
    attempts: str
    may_go_on: bool
    busy: bool
    next_label: str


class SecondAttributePresenter(Presenter[SecondAttributeView]):
    """After a refusal the boxes are empty again and the number of attempts stands beside them."""

    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        self._draft = ""
        self._attempts_left = state.attempts_left

    def view(self, state: TerminalState) -> SecondAttributeView:
        if state.attempts_left != self._attempts_left:
            self._attempts_left = state.attempts_left
            self._draft = ""
        refused = state.input_error is not Notice.NONE and not self._draft
        return SecondAttributeView(
            hint=t("attribute.hint_short" if helped(state) else "attribute.hint"),  # the talk's bar needs a line of it
            digits=tuple(self._draft.ljust(DIGITS)[at].strip() for at in range(DIGITS)),
            error=t(f"notice.{state.input_error}.title") if refused else "",
            attempts=plural("attempts_left", state.attempts_left) if state.attempts_left > 0 else "",
            may_go_on=len(self._draft) == DIGITS and not state.busy,
            busy=state.busy,
            next_label=t("attribute.checking") if state.busy else t("attribute.next"),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if state.busy:
            return None
        if key == "next":
            return SubmitSecondAttribute(value=self._draft) if len(self._draft) == DIGITS else None
        self._draft = typed(self._draft, key, DIGITS)
        return None
