"""The first screen: greeting, what the terminal can do right now."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import Availability, StartBillScan, StartPayment, TerminalState, UiToCore
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.modes import ModeChoice, mode_choices
from terminal_app.ui.presenters.no_cash import no_cash
from terminal_app.ui.presenters.page_words import ChoiceView
from terminal_app.ui.presenters.presenter import Presenter

SERVICES = {"readings": "readings", "services": "menu", "organisations": "organisations"}


@dataclass(frozen=True, slots=True)
class AttractView:
    choices: tuple[ChoiceView, ...]
    warning: str  # empty: all works
    modes: tuple[ModeChoice, ...]


class AttractPresenter(Presenter[AttractView]):
    """A missing device takes away only what needs it, and the tile says so; a touch is always answered."""

    def view(self, state: TerminalState) -> AttractView:
        able = state.availability
        return AttractView(
            choices=(
                _entry("pay", "wallet", "home.pay_hint" if able.billing else "home.no_billing"),
                _entry("scan", "qr", _scan_hint(able)),
                _entry("readings", "meter", "home.readings_hint" if able.billing else "home.no_billing"),
                _entry("services", "all_services", "home.services_hint"),
                _entry("organisations", "people", "home.organisations_hint"),
            ),
            warning=self._warning(state),
            modes=mode_choices(state.modes),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == "pay":
            return StartPayment()
        if key == "scan":
            return StartBillScan()
        if key in SERVICES:
            return OpenService(SERVICES[key])
        return None

    def _warning(self, state: TerminalState) -> str:
        if not state.availability.cash:
            return no_cash(state.availability, "home.no_cash")
        if not state.availability.printer:
            return t("home.no_printer")
        return ""


def _entry(key: str, icon: str, hint: str) -> ChoiceView:
    return ChoiceView(key, t(f"home.{key}"), t(hint), icon, enabled=True)


def _scan_hint(able: Availability) -> str:
    """A bill is held to the scanner where there is one, else to the camera."""
    if not (able.camera or able.scanner):
        return "home.no_camera"
    if not able.billing:
        return "home.no_billing"
    return "home.scan_hint_scanner" if able.scanner else "home.scan_hint"
