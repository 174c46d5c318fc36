"""The first screen: greeting, what the terminal can do right now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from terminal_app.content import Slide
from terminal_app.ipc.messages import Availability, StartBillScan, StartPayment, TerminalState, UiToCore
from terminal_app.ipc.offer import Offer
from terminal_app.ipc.pages import OpenService
from terminal_app.schedule import OFFERED
from terminal_app.ui import theme
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.modes import ModeChoice, mode_choices
from terminal_app.ui.presenters.no_cash import no_cash
from terminal_app.ui.presenters.opening import opens_words
from terminal_app.ui.presenters.page_words import ChoiceView
from terminal_app.ui.presenters.presenter import Presenter

SERVICES = {"readings": "readings", "services": "menu", "organisations": "organisations"}
SERVED_BY = {"pay": "pay", "scan": "pay", **SERVICES}


@dataclass(frozen=True, slots=True)
class AttractView:
    title: str
    question: str
    calm: bool  # the place is closed: no picture, no greeting
    choices: tuple[ChoiceView, ...]
    warning: str  # empty: all works
    modes: tuple[ModeChoice, ...]
    slides: tuple[Slide, ...]  # for the room that is left; none while something is to be told


class AttractPresenter(Presenter[AttractView]):
    """A missing device takes away only what needs it, and the tile says so; a touch is always answered."""

    def view(self, state: TerminalState) -> AttractView:
        able = state.availability
        entries = (
            _entry("pay", "wallet", "home.pay_hint" if able.billing else "home.no_billing"),
            _entry("scan", "qr", _scan_hint(able)),
            _entry("readings", "meter", "home.readings_hint" if able.billing else "home.no_billing"),
            _entry("services", "all_services", "home.services_hint"),
            _entry("organisations", "people", "home.organisations_hint"),
        )
        title, question = greeting(able.offer)
        warning = self._warning(state)
        return AttractView(
            title=title,
            question=question,
            calm=able.offer.place_closed is not None,
            choices=tuple(_offered(entry, able.offer) for entry in entries if _shown(entry.key, able.offer)),
            warning=warning,
            modes=mode_choices(state.modes),
            slides=() if warning or able.offer.place_closed else tuple(theme.brand.slides),
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
        if not state.availability.offer.serves(SERVED_BY["pay"]):
            return ""  # nobody is asked for money now
        if not state.availability.cash:
            return no_cash(state.availability, "home.no_cash")
        if not state.availability.printer:
            return t("home.no_printer")
        return ""


def greeting(offer: Offer) -> tuple[str, str]:
    """While the place is closed: its hours, when it opens, and that something works even so."""
    if offer.place_closed is None:
        return t("home.title"), t("home.question")
    spans = [t("home.span", start=start, end=end) for start, end in offer.place_closed.hours]
    hours = t("home.hours", spans=t("home.and").join(spans)) if spans else ""
    told = [f"{opens_words(offer.place_closed.opens)}."] if offer.place_closed.opens is not None else []
    told += [t("home.still_works")] if any(map(offer.serves, OFFERED)) else []
    return hours or t("home.closed"), " ".join(told)


def _shown(key: str, offer: Offer) -> bool:
    return SERVED_BY[key] not in offer.left_out


def _offered(entry: ChoiceView, offer: Offer) -> ChoiceView:
    closed = offer.closed_service(SERVED_BY[entry.key])
    return entry if closed is None else replace(entry, hint=opens_words(closed.opens), enabled=False)


def _entry(key: str, icon: str, hint: str) -> ChoiceView:
    return ChoiceView(key, t(f"home.{key}"), t(hint), icon, enabled=True)


def _scan_hint(able: Availability) -> str:
    """A bill is held to the scanner where there is one, else to the camera."""
    if not (able.camera or able.scanner):
        return "home.no_camera"
    if not able.billing:
        return "home.no_billing"
    return "home.scan_hint_scanner" if able.scanner else "home.scan_hint"
