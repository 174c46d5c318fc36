"""Plays a document that a screen wants read: the sentence it names, and back how the saying ended."""

from __future__ import annotations

from collections.abc import Callable

from terminal_app.ui import locale, theme
from terminal_app.ui.presenters.reading import Ended, Sentence
from terminal_app.ui.voice.voice import Voice


class Reader:
    """From the drawing thread; `ended` is called by the voice's."""

    def __init__(self, voice: Voice, ended: Callable[[Sentence, Ended], None]) -> None:
        self._voice = voice
        self._ended = ended
        self._now: Sentence | None = None

    @property
    def reading(self) -> bool:
        return self._now is not None

    def follow(self, wanted: Sentence | None) -> None:
        """Says what is wanted now, once; with nothing wanted any more it falls silent."""
        if wanted == self._now:
            return
        self._now = wanted
        if wanted is None:
            self._voice.hush()
        else:
            said = wanted
            self._voice.say(
                [said.text], locale.language(), slow=theme.modes.slow, ended=lambda how: self._ended(said, how)
            )
