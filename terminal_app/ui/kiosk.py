"""The customer's screen as a Kivy program: states of core in, presses out. Importing it opens the window."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.text import LabelBase
from kivy.core.window import Window
from kivy.graphics import InstructionGroup

from terminal_app.ipc.call_messages import RecordingNoticed
from terminal_app.ipc.channel import ThreadChannel
from terminal_app.ipc.messages import (
    CALL_PANES,
    CoreToUi,
    CustomerActive,
    HoldLogo,
    Introduced,
    Screen,
    TerminalState,
    UiAlive,
    UiHello,
)
from terminal_app.ipc.modes import DEFAULT_MODES, Modes
from terminal_app.ui import locale, theme
from terminal_app.ui.narrator import Narrator
from terminal_app.ui.presenters.away import away_view
from terminal_app.ui.presenters.chrome import ChromePresenter
from terminal_app.ui.presenters.help import helped
from terminal_app.ui.presenters.plate import introduction
from terminal_app.ui.presenters.press_gate import PressGate
from terminal_app.ui.presenters.reading import Ended, Sentence
from terminal_app.ui.presenters.simulated import simulated
from terminal_app.ui.reader import Reader
from terminal_app.ui.robot import RobotSocket
from terminal_app.ui.router import Router, place_of
from terminal_app.ui.screens.away import AwayScreen
from terminal_app.ui.screens.chrome import DIALOGS, Chrome, Dialog
from terminal_app.ui.screens.screen import load_kv
from terminal_app.ui.voice.voice import Voice
from terminal_app.ui.widgets.frame import striped_frame
from terminal_app.ui.widgets.pager import PAGE_DOWN, PAGE_UP, Pager
from terminal_app.ui.widgets.surface import Surface
from terminal_app.ui.widgets.video import rings

ALIVE_S = 1.0
LAYOUT_LAPS_MAX = 80  # a screen of words in cards in halves settles within so many laps of one frame; Kivy's own is 20
ACTIVE_S_MIN = 1.0  # one `CustomerActive` a second is enough for core
WITH_VIDEO = {Screen.BILL_SCAN, Screen.PAGE_PHOTO, Screen.CALL_WAITING, *CALL_PANES}


class KioskApp(App):
    """Never is the state: what it shows came from core, and without core it says so."""

    title = "Терминал"
    use_kivy_settings = False

    def __init__(self, run_dir: Path, metrics: theme.Metrics, voice: Voice, robot_socket: Path | None) -> None:
        super().__init__()
        Clock.max_iteration = LAYOUT_LAPS_MAX
        theme.use(metrics)
        self.voice = voice
        for name, path in theme.FONT_FILES.items():
            LabelBase.register(name=name, fn_regular=str(path))
        rings.open(run_dir)
        self.frames_drawn = 0
        self._state: TerminalState | None = None
        self._away_since_s: float | None = Clock.get_time()
        self._active_at_s = float("-inf")
        self._gate = PressGate()
        self._chrome_presenter = ChromePresenter(theme.brand)
        self._channel: ThreadChannel[TerminalState] = ThreadChannel(
            run_dir / "core.sock",
            CoreToUi,
            hello=UiHello(pid=os.getpid()),
            post=lambda state: _on_main(lambda: self._show(state)),
            on_connected=lambda up: _on_main(lambda: self._connected(up)),
        )
        self._reader = Reader(voice, lambda sentence, how: _on_main(lambda: self._sentence_ended(sentence, how)))
        self._robot = RobotSocket(robot_socket, self) if robot_socket is not None else None

    def build(self) -> Surface:
        load_kv()
        Window.clearcolor = theme.colours.background
        Window.bind(on_flip=self._count_frame)
        self._narrator = Narrator(self)
        Window.bind(on_key_down=self._narrator.key_down, on_key_up=self._narrator.key_up)
        self.surface = Surface(
            on_act=self.press, on_touched=self._touched, on_secret=self._logo_held, on_drawn=self._drawn
        )
        self._chrome = Chrome(view=None)
        self.surface.secret = self._chrome.logo
        self._frame = InstructionGroup()
        self.surface.canvas.after.add(self._frame)
        self._router = Router(self._chrome)
        self._away = AwayScreen(view=away_view(0.0))
        self._dialog: Dialog | None = None
        self.surface.add_widget(self._chrome)
        self.surface.add_widget(self._away)
        return self.surface

    def _dress(self, modes: Modes, *, training: bool = False) -> None:
        """Another way to be served, or training begins or ends: all is built anew, what was typed stays."""
        theme.wear(modes, practising=training)
        self._frame.clear()
        if training:
            self._frame.add(striped_frame(*self.surface.size))
        locale.use(modes.language, plain=modes.plain)
        Window.clearcolor = theme.colours.background
        self.surface.clear_widgets()
        self._dialog = None
        self._chrome = Chrome(view=None)
        self.surface.secret = self._chrome.logo
        self._router.move(self._chrome)
        self._away = AwayScreen(view=away_view(0.0))
        self.surface.add_widget(self._chrome)
        self.surface.filter.screen_changed(Clock.get_time())

    def on_start(self) -> None:
        Clock.schedule_interval(self._alive, ALIVE_S)
        self._channel.start()
        if self._robot is not None:
            self._robot.start()

    def on_stop(self) -> None:
        self._channel.close()
        if self._robot is not None:
            self._robot.close()

    def open_settings(self, *_: object) -> bool:
        """F1 opens nothing: a kiosk has no settings for the customer."""
        return False

    @property
    def shown(self) -> str:
        """The screen on the glass, for the robot; «away» while core is."""
        return "away" if self._away_since_s is not None or not self._router.place else self._router.place

    @property
    def revision(self) -> int:
        return self._state.revision if self._state is not None else -1

    @property
    def dialog(self) -> str:
        shown = self._dialog.kind if self._dialog is not None else None
        return next((name for name, kind in DIALOGS.items() if shown is kind), "")

    @property
    def pager(self) -> Pager | None:
        """What the paging buttons turn: the window on top, else the screen."""
        return self._dialog.pager if self._dialog is not None else self._chrome.pager

    def press(self, key: str) -> None:
        """One touch: changes what is typed here, or becomes one command."""
        state = self._state
        if state is None:
            return
        self._touched()
        if key in (PAGE_UP, PAGE_DOWN) and self.pager is not None:
            self.pager.turn(key)
            return
        command = self._chrome_presenter.press(key, state) or self._router.press(key, state)
        if command is not None and self._gate.allows(command, state.revision, Clock.get_time()):
            self._channel.send(command)
        self._draw(state)

    @property
    def reading(self) -> bool:
        """A document is being read aloud."""
        return self._reader.reading

    def _sentence_ended(self, sentence: Sentence, how: Ended) -> None:
        """One more is heard, or the reading halts; somebody listens, so the visit goes on."""
        if self._state is None:
            return
        command = self._router.said(sentence, how, self._state)
        if command is not None:
            self._channel.send(command)
            self._touched()
        self._draw(self._state)

    def _drawn(self, points: list[int], height: int) -> None:
        if self._state is not None:
            self._router.draw(points, height)
            self._draw(self._state)

    def _show(self, state: TerminalState) -> None:
        """A state of core. A new screen starts untouched, without the pictures of the one before."""
        changed = place_of(state) != self._router.place
        if changed:
            self._chrome_presenter.screen_changed()
            if state.screen not in WITH_VIDEO and not helped(state):
                rings.wipe()
            self.surface.forget_press()
            self.surface.filter.screen_changed(Clock.get_time())
        if state.modes != theme.modes or state.training is not theme.training:
            self._dress(state.modes, training=state.training)
        self._state = state
        self._narrator.introduce(introduction(state), self._introduced)
        self._draw(state)
        if changed and state.screen is Screen.ATTRACT:
            self.voice.forget()
            gc.collect()  # screens that went are rings of references: the visit's data must not wait for chance

    def _introduced(self, words: str, how: Ended) -> None:
        _on_main(lambda: self._introduction_over(words, how))

    def _introduction_over(self, words: str, how: Ended) -> None:
        """A notice that something else has cut short is said again; what was said in other words is over."""
        state = self._state
        if state is None or introduction(state) != words:
            return
        if state.call is None or not state.call.recording.noticing:
            self._channel.send(Introduced())
        elif how is Ended.CUT:
            self._narrator.introduce("", self._introduced)
            self._narrator.introduce(words, self._introduced)
        else:
            self._channel.send(RecordingNoticed(spoken=how is Ended.WHOLE))

    def _draw(self, state: TerminalState) -> None:
        view = self._chrome_presenter.view(state)
        self._chrome.view = simulated(view) if state.training else view
        self._router.show(state)
        self._reader.follow(self._router.to_say())
        self._show_away(None)
        self._show_dialog()

    def _show_dialog(self) -> None:
        view = self._chrome.view
        wanted = DIALOGS.get(view.dialog)
        if self._dialog is not None and self._dialog.kind is not wanted:
            self.surface.remove_widget(self._dialog)
            self._dialog = None
        if wanted is not None:
            if self._dialog is None:
                self._dialog = Dialog(wanted, view)
                self.surface.add_widget(self._dialog)
                self.surface.forget_press()
            self._dialog.view = view
        self.surface.modal = self._dialog
        self._narrator.screen_drawn()

    def _show_away(self, since_s: float | None) -> None:
        """None: core is there again."""
        self._away_since_s = since_s
        if since_s is None:
            if self._away.parent is not None:
                self.surface.remove_widget(self._away)
            return
        self._away.view = away_view(Clock.get_time() - since_s)
        if self._away.parent is None:
            self.surface.add_widget(self._away)
        self.surface.modal = self._away

    def _connected(self, up: bool) -> None:
        """What a core that is gone had shown goes off the glass and out of memory: the next one tells everything."""
        if not up:
            self._state = None
            if theme.modes != DEFAULT_MODES or theme.training:
                self._dress(DEFAULT_MODES)
            self._router.forget()
            self._reader.follow(None)
            rings.wipe()
            self.surface.forget_press()
            self._show_away(Clock.get_time())

    def _touched(self) -> None:
        now_s = Clock.get_time()
        if now_s - self._active_at_s >= ACTIVE_S_MIN:
            self._active_at_s = now_s
            self._channel.send(CustomerActive())

    def _logo_held(self) -> None:
        self._channel.send(HoldLogo())

    def _alive(self, _: float) -> None:
        """Asks for one drawing a second, so that the counter stands still only when drawing does."""
        if self._away_since_s is not None:
            self._show_away(self._away_since_s)
        elif self._state is not None and self._chrome_presenter.left_alone(
            self._state, Clock.get_time() - self._active_at_s
        ):
            self._draw(self._state)
        self._channel.send(UiAlive(frames_drawn=self.frames_drawn))
        self.surface.canvas.ask_update()

    def _count_frame(self, *_: object) -> None:
        self.frames_drawn += 1


def measure_window(panel_ppi: float | None, bottom_mm: float) -> theme.Metrics:
    """Raises: PanelTooSmallError, when readable sizes leave no room for the screens."""
    return theme.measure(int(Window.width), int(Window.height), panel_ppi, bottom_mm)


def _on_main(act: Any) -> None:
    Clock.schedule_once(lambda _: act(), 0)
