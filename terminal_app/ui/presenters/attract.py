"""The first screen: greeting, what the terminal can do right now."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import StartBillScan, StartPayment, TerminalState, UiToCore
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.modes import ModeChoice, mode_choices
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class AttractView:
    pay_hint: str
    scan_hint: str
    warning: str  # empty: all works
    modes: tuple[ModeChoice, ...]


class AttractPresenter(Presenter[AttractView]):
    """A missing device takes away only what needs it, and the tile says so; a touch is always answered."""

    def view(self, state: TerminalState) -> AttractView:
        able = state.availability
        no_billing = t("home.no_billing")
        return AttractView(
            pay_hint=t("home.pay_hint") if able.billing else no_billing,
            scan_hint=t("home.no_camera") if not able.camera else t("home.scan_hint") if able.billing else no_billing,
            warning=self._warning(state),
            modes=mode_choices(state.modes),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == "pay":
            return StartPayment()
        if key == "scan":
            return StartBillScan()
        return None

    def _warning(self, state: TerminalState) -> str:
        if not state.availability.cash:
            return t("home.no_cash")
        if not state.availability.printer:
            return t("home.no_printer")
        return ""
