"""One slot between a thread that makes values and those who want only the newest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Mailbox(Generic[Value]):
    """The newest value wins; nobody holds the maker up. Safe between threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._value: Value | None = None
        self._listeners: list[Callable[[], None]] = []

    def put(self, value: Value | None) -> None:
        """Replaces the value; None takes it away."""
        with self._changed:
            self._number += 1
            self._value = value
            self._changed.notify_all()
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def newest(self) -> tuple[int, Value | None]:
        """The value and its number; numbers grow with every `put`."""
        with self._changed:
            return self._number, self._value

    def wait_newer(self, seen: int, timeout_s: float) -> tuple[int, Value | None]:
        """Blocks until there is a newer one than `seen`, or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > seen, timeout_s)
            return self._number, self._value

    def listen(self, listener: Callable[[], None]) -> None:
        """Calls `listener` after every `put`, in the maker's thread."""
        with self._changed:
            self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        with self._changed:
            if listener in self._listeners:
                self._listeners.remove(listener)
