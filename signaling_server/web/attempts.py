"""How often somebody may try. In memory: a restart forgives."""

from __future__ import annotations

from collections import deque

KEYS_MAX = 10_000  # the longest untouched key is forgotten first


class TooManyAttemptsError(Exception):
    """Come back after `retry_after_s`."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class AttemptLimit:
    """At most so many attempts of one key in a sliding window."""

    def __init__(self, attempts_max: int, window_s: float) -> None:
        self._attempts_max = attempts_max
        self._window_s = window_s
        self._attempts: dict[str, deque[float]] = {}

    def take(self, key: str, now_s: float) -> None:
        """Counts an attempt. Raises TooManyAttemptsError; a refused attempt does not count."""
        attempts = self._attempts.pop(key, deque())
        self._attempts[key] = attempts
        while attempts and attempts[0] <= now_s - self._window_s:
            attempts.popleft()
        while len(self._attempts) > KEYS_MAX:
            del self._attempts[next(iter(self._attempts))]
        if len(attempts) >= self._attempts_max:
            raise TooManyAttemptsError(int(attempts[0] + self._window_s - now_s) + 1)
        attempts.append(now_s)

    def forgive(self, key: str) -> None:
        """It was the right person after all."""
        self._attempts.pop(key, None)
