"""A service that is not given: a stable word for programs, and a sentence for the customer's screen."""

from __future__ import annotations


class ServiceRefusedError(Exception):
    """Raised by the rooms of the office, answered to the terminal as `ServiceRefused`."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
