"""Where encoded packets pass on their way to the wire and from it: one tap for the process.

aiortc makes its encoders and receivers by itself, so they cannot be handed a recorder; they take a source's number here
and let every packet pass. Nothing is copied or kept while nobody listens. Called from several threads.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from signaling_server.contract.recorded import Stream as Stream
from terminal_app.media.recording.passed import Passed, is_key

KEY_EVERY_S = 10.0  # a player seeks to a key frame: so far back it has to decode at most
KEY_AGAIN_S = 1.0  # asked of the far end, one may be lost


class Tap:
    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._listener: Callable[[Passed], None] | None = None
        self._key_s: dict[int, float] = {}  # when a source had, or was asked for, its last key frame

    def new_source(self) -> int:
        return next(self._numbers)

    def listen(self, listener: Callable[[Passed], None] | None) -> None:
        """None: nobody does any more."""
        self._key_s = {}
        self._listener = listener

    @property
    def open(self) -> bool:
        """Somebody listens: what is not there in one piece is worth putting together."""
        return self._listener is not None

    def picture(self, stream: Stream, source: int, timestamp: int, data: bytes) -> None:
        if (listener := self._listener) is None or not data:
            return
        now_s = time.monotonic()
        if key := is_key(data):
            self._key_s[source] = now_s
        listener(Passed(stream, source, timestamp, key, data, now_s))

    def sound(self, stream: Stream, source: int, timestamp: int, data: bytes) -> None:
        if (listener := self._listener) is not None and data:
            listener(Passed(stream, source, timestamp, True, data, time.monotonic()))

    def wants_key(self, source: int) -> bool:
        """True when this source's next picture should be a key frame; then not again for a while."""
        if self._listener is None:
            return False
        now_s = time.monotonic()
        if now_s - self._key_s.get(source, float("-inf")) < KEY_EVERY_S:
            return False
        self._key_s[source] = now_s - KEY_EVERY_S + KEY_AGAIN_S
        return True


TAP = Tap()
