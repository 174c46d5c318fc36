"""A service that is not given: a stable word for programs, and a sentence for a screen or page."""

from __future__ import annotations


class ServiceRefusedError(Exception):
    """Raised by the rooms of the office, answered to a terminal as `ServiceRefused`, to a page as its HTTP error."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
