"""The voice: says the last thing it was told, at once; a new one interrupts. Its own thread, so drawing never waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from terminal_app.ipc.modes import Language
from terminal_app.ui.presenters.reading import Ended
from terminal_app.ui.voice.espeak import Sound, VoiceUnavailableError, make_sound
from terminal_app.ui.voice.words_en import spoken_en
from terminal_app.ui.voice.words_ru import spoken_ru

SAYERS: dict[Language, Callable[[str], str]] = {Language.RUSSIAN: spoken_ru, Language.ENGLISH: spoken_en}

_log = logging.getLogger(__name__)


class Loudspeaker(Protocol):
    """Where sound goes."""

    audible: bool  # somebody can hear it

    def play(self, sound: Sound, stopped: Callable[[], bool]) -> None:
        """Returns when it is over or `stopped` says so."""


class Voice:
    """`say` and `hush` from the drawing thread."""

    def __init__(self, loudspeaker: Loudspeaker) -> None:
        self._loudspeaker = loudspeaker
        self._told = threading.Condition()
        self._phrases: tuple[str, ...] = ()
        self._language, self._slow = Language.RUSSIAN, False
        self._ended: Callable[[Ended], None] | None = None  # who waits for the end of what was told last
        self._turn = 0  # grows with everything told: what belongs to an older turn is over
        self.last_said: tuple[str, ...] = ()
        threading.Thread(target=self._run, name="voice", daemon=True).start()

    def say(
        self,
        phrases: Sequence[str],
        language: Language,
        *,
        slow: bool,
        ended: Callable[[Ended], None] | None = None,
    ) -> None:
        """Texts as they stand on the screen; what was being said is cut short. The voice's thread calls `ended`."""
        words = tuple(spoken for text in phrases if (spoken := SAYERS[language](text)))
        with self._told:
            self._turn += 1
            self._phrases, self._language, self._slow = words, language, slow
            forgotten, self._ended = self._ended, ended  # of what was told and never begun
            if words:
                self.last_said = words
            self._told.notify()
        if forgotten is not None:
            forgotten(Ended.CUT)

    def repeat(self) -> None:
        with self._told:
            self._turn += 1
            self._phrases = self.last_said
            self._told.notify()

    def hush(self) -> None:
        self.say((), self._language, slow=self._slow)

    def forget(self) -> None:
        """The visit is over: nothing of it can be said again."""
        self.hush()
        self.last_said = ()

    def _run(self) -> None:
        done = 0
        while True:
            with self._told:
                while self._turn == done:
                    self._told.wait()
                done, phrases, language, slow = self._turn, self._phrases, self._language, self._slow
                ended, self._ended = self._ended, None
            how = Ended.WHOLE
            for phrase in phrases:
                if self._turn != done:
                    break
                if not self._speak(phrase, language, slow, done):
                    how = Ended.FAILED
            if ended is not None:
                ended(Ended.CUT if self._turn != done else how)

    def _speak(self, phrase: str, language: Language, slow: bool, turn: int) -> bool:
        """False: nobody can have heard it."""
        try:
            sound = make_sound(phrase, language, slow=slow)
            self._loudspeaker.play(sound, lambda: self._turn != turn)
        except VoiceUnavailableError as error:
            _log.warning("nothing is said: %s", error)
            return False
        return self._loudspeaker.audible
