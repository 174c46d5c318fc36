"""What stands around every screen, always in the same places, and the windows over it."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import whole_rubles
from terminal_app.content import Brand
from terminal_app.ipc.call_messages import Pays, StopHelp
from terminal_app.ipc.messages import (
    CALL_PANES,
    CustomerActive,
    EndTraining,
    GoBack,
    GoHome,
    InsertTrainingNote,
    Notice,
    Screen,
    StartCall,
    TerminalState,
    UiToCore,
)
from terminal_app.ipc.modes import ChooseModes
from terminal_app.ipc.pages import OpenService
from terminal_app.ui import theme
from terminal_app.ui.locale import plural, t, unbroken
from terminal_app.ui.presenters.help import helped, pays, reads
from terminal_app.ui.presenters.modes import ModeChoice, chosen, mode_choices
from terminal_app.ui.presenters.opening import opens_words
from terminal_app.ui.presenters.plate import PlateView, strip_view

WITH_BACK = {
    Screen.ACCOUNT_ENTRY,
    Screen.BILL_SCAN,
    Screen.ACCOUNT_CONFIRM,
    Screen.SECOND_ATTRIBUTE,
    Screen.AMOUNT,
    Screen.BASKET,
    Screen.MEANS,
    Screen.CASH_IN,
    Screen.CARD_PAYMENT,
    Screen.QR_PAYMENT,
    Screen.CALL_WAY,
    Screen.CALL_PAD,
    Screen.CALL_TYPING,
    Screen.CALL_NOTES,
    Screen.CALL_CARD,
}
WITHOUT_HOME = {
    Screen.ATTRACT,
    Screen.PAYING,
    Screen.RECEIPT,
    Screen.CALL_WAY,
    Screen.CALL_WAITING,
    *CALL_PANES,
    Screen.CALL_RESULT,
    Screen.OUT_OF_SERVICE,
}
IN_CALL = {Screen.CALL_WAY, Screen.CALL_WAITING, *CALL_PANES}
OVER_MONEY = (Notice.MONEY_INSIDE, Notice.PAY_LESS)
IDLE_DIALOG, OTHER_WAYS_DIALOG, MODES_DIALOG, TRAINING_DIALOG = "idle", "other_ways", "modes", "training"
FORGOTTEN_S = 120.0  # longer than core asks «Вы ещё здесь?» and waits
WINDOWS = {"other_ways": OTHER_WAYS_DIALOG, "modes": MODES_DIALOG}
LAYOUT, WAYS = "layout", "ways"
WITH_SERVICES = {Screen.ATTRACT, Screen.BALANCE}  # and every page of a service
TRAINING_NOTES_MINOR = (100_00, 500_00, 1000_00, 5000_00)


@dataclass(frozen=True, slots=True)
class Way:
    icon: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class TrainingNote:
    key: str
    text: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class ChromeView:
    back: bool
    home: bool
    home_label: str
    consultant: bool
    consultant_words: str  # instead of the button's own; empty: it stays
    consultant_hint: str
    consultant_able: bool
    consultant_short: str  # why he is not, in the room that large words leave
    helps: bool  # the consultant is offered, not only there
    phone: str
    hours: str
    banner_who: str  # who works there
    banner: str  # of service mode, in place of the company's name; empty: a customer is served
    dialog: str  # empty: none
    idle_sentence: str
    ways: tuple[Way, ...]
    modes: tuple[ModeChoice, ...]
    codes: bool  # the company's pages as codes can be opened from here
    layout: bool  # where the terminal's parts are can be told from here
    training: bool  # the console of training stands where the consultant does
    notes: tuple[TrainingNote, ...]
    plate: PlateView  # of who is on the line
    helped: bool  # a form or a payment beside the talk: his picture is small, the way back stands in his button's place
    pays: bool
    back_to_talk: tuple[str, str, str]  # of that button: words, short words, hint; empty words: he pays first


class ChromePresenter:
    """Knows only which window the customer opened: «Другие способы обратиться», the modes, training's console."""

    def __init__(self, brand: Brand) -> None:
        self._brand = brand
        self._window = ""

    def screen_changed(self) -> None:
        self._window = ""

    def left_alone(self, state: TerminalState, untouched_s: float) -> bool:
        """On the first screen no visit ends: a window that somebody left there goes by itself; True when it does."""
        forgotten = bool(self._window) and state.screen is Screen.ATTRACT and untouched_s >= FORGOTTEN_S
        if forgotten:
            self._window = ""
        return forgotten

    def view(self, state: TerminalState) -> ChromeView:
        hint, able = _consultant(state)
        return ChromeView(
            banner=t("training.banner" if state.training else "service.banner") if state.service else "",
            banner_who=state.service_who if state.service else "",
            back=(state.screen in WITH_BACK or (state.page is not None and state.page.back)) and not state.busy,
            home=_may_go_home(state),
            home_label=t("chrome.finish" if _finishes(state) else "chrome.home"),
            consultant=not _in_call(state) and not state.service,
            consultant_words=_closed_words(state),
            consultant_hint=hint,
            consultant_able=able,
            consultant_short=_consultant_short(state),
            helps=able and state.help_offered,
            phone="" if state.service else state.support_phone,
            hours="" if state.service else unbroken(state.support_hours),
            dialog=self._dialog(state),
            idle_sentence=_idle_sentence(state),
            ways=other_ways(self._brand, state),
            modes=mode_choices(state.modes),
            layout=_opens(LAYOUT, state),
            codes=_opens(WAYS, state),
            training=state.training,
            notes=_training_notes(state) if state.training else (),
            plate=strip_view(state),
            helped=helped(state),
            pays=pays(state) is not Pays.NO or reads(state),
            back_to_talk=_back_to_talk(state),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        """The command of a key that stands on every screen."""
        view = self.view(state)
        if state.training and (command := self._at_console(key, state)) is not None:
            return command
        if (modes := chosen(key, state.modes)) is not None:
            return ChooseModes(modes)
        if key in WINDOWS:
            self._window = WINDOWS[key]
        elif (key == LAYOUT and view.layout) or (key == WAYS and view.codes):
            self._window = ""
            return OpenService(key)
        elif key == "close_window":
            self._window = ""
        elif key == "stop_help" and view.helped and view.back_to_talk[0]:
            return StopHelp()
        elif key == "stay":
            return CustomerActive()
        elif key == "back" and view.back:
            return GoBack()
        elif (key == "home" and view.home) or key == "leave":
            return GoHome()
        elif key == "consultant" and view.consultant:
            return StartCall()
        return None

    def _at_console(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == "training":  # no entry of WINDOWS: outside training there is no console
            self._window = TRAINING_DIALOG
        if key == "end_training":
            return EndTraining()
        for value_minor, note in zip(TRAINING_NOTES_MINOR, _training_notes(state), strict=True):
            if note.key == key and note.enabled:
                self._window = ""  # the money that goes in is seen
                return InsertTrainingNote(value_minor)
        return None

    def _dialog(self, state: TerminalState) -> str:
        if state.idle_left_s > 0:
            return IDLE_DIALOG
        return self._window


def _in_call(state: TerminalState) -> bool:
    """He is on his way to the consultant: a page over the call too."""
    return state.screen in IN_CALL or helped(state) or (state.call is not None and state.page is not None)


def _back_to_talk(state: TerminalState) -> tuple[str, str, str]:
    if reads(state):
        return t("pays.back"), t("pays.back_short"), t("document.back_hint")
    match pays(state):
        case Pays.NO:
            return t("help.stop"), t("help.stop_short"), t("help.stop_hint")
        case Pays.FREE:
            return t("pays.back"), t("pays.back_short"), t("pays.back_hint")
        case Pays.HELD:
            return "", "", ""


def _training_notes(state: TerminalState) -> tuple[TrainingNote, ...]:
    """A note can be put in where the simulated slot is open."""
    is_open = state.cash is not None and state.cash.acceptor_ready
    return tuple(
        TrainingNote(f"note_{value_minor}", t("training.insert", amount=whole_rubles(value_minor)), is_open)
        for value_minor in TRAINING_NOTES_MINOR
    )


def _finishes(state: TerminalState) -> bool:
    """In training the customer's screens stand as they are for him."""
    return (state.service and not state.training) or state.screen is Screen.BALANCE


def _may_go_home(state: TerminalState) -> bool:
    """Not while money lies inside, nor while the bank's terminal lets the card go."""
    leaving = state.screen is Screen.CARD_PAYMENT and state.busy
    return state.screen not in WITHOUT_HOME and not _in_call(state) and state.notice not in OVER_MONEY and not leaving


def other_ways(brand: Brand, state: TerminalState) -> tuple[Way, ...]:
    """«Другие способы обратиться», with this terminal's phone and hours in them."""
    values = {"phone": state.support_phone, "hours": state.support_hours}
    return tuple(Way(way.icon, way.title, unbroken(way.text.format(**values))) for way in brand.other_ways)


def _opens(service: str, state: TerminalState) -> bool:
    """From a window, over a screen that services begin on."""
    there = state.screen in WITH_SERVICES or state.page is not None
    return there and state.availability.offer.serves(service) and not (state.service or state.busy)


def _consultant(state: TerminalState) -> tuple[str, bool]:
    """What the button promises. It is answered by core in every case."""
    if not state.availability.server:
        return t("chrome.consultant_no_link"), False
    closed = state.availability.offer.consultants
    if closed is not None:
        return opens_words(closed.opens, "desk") if closed.opens is not None else t("desk.message"), False
    if state.availability.agents_on_duty <= 0:
        return t("chrome.consultant_nobody"), False
    if not state.availability.camera:
        return t("chrome.consultant_no_camera"), True
    return t("chrome.consultant_ready"), True


def _consultant_short(state: TerminalState) -> str:
    if not state.availability.server:
        return t("chrome.consultant_no_link_short")
    if state.availability.offer.consultants is not None:
        return ""  # the button itself says so
    return t("chrome.consultant_nobody_short") if state.availability.agents_on_duty <= 0 else ""


def _closed_words(state: TerminalState) -> str:
    """Out of hours the button says so, and leads to what works (clause 7.1.6)."""
    if not state.availability.server or state.availability.offer.consultants is None:
        return ""
    return t("desk.closed_short" if theme.large() else "desk.closed")


def _idle_sentence(state: TerminalState) -> str:
    money = state.cash is not None and state.cash.inserted_minor + state.cash.in_doubt_minor > 0
    seconds = plural("seconds", state.idle_left_s)
    return t("idle.money" if money else "idle.sentence", seconds=seconds)
