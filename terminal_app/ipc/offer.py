"""What the terminal does not offer at this moment, and when it will: for whoever draws it."""

from __future__ import annotations

import enum

from msgspec import Struct


class CashStop(enum.StrEnum):
    """Why no cash is taken. The office's page knows the same words."""

    NONE = ""
    NOT_FITTED = "not_fitted"
    ACCEPTOR = "acceptor"
    JAMMED = "jammed"
    CHEATED = "cheated"
    CASSETTE_FULL = "cassette_full"
    CASSETTE_REMOVED = "cassette_removed"
    CASSETTE_JAMMED = "cassette_jammed"
    JOURNAL = "journal"
    FISCAL = "fiscal"
    BILLING = "billing"
    POWER = "power"
    DOOR = "door"


class Opening(Struct, frozen=True):
    """`in_days` 0: today."""

    in_days: int
    time: str  # «9:00»
    date: str  # «30.11»


class ClosedService(Struct, frozen=True):
    """By its name of core/tasks/registry.py, or `pay`. `opens` None: nobody knows when."""

    name: str
    opens: Opening | None = None


class ClosedPlace(Struct, frozen=True):
    """The place itself is shut: `hours` of the day that it opens on, each from and until."""

    hours: list[tuple[str, str]] = []
    opens: Opening | None = None


class Offer(Struct, frozen=True):
    """Nothing said: everything is offered."""

    left_out: list[str] = []
    closed: list[ClosedService] = []
    place_closed: ClosedPlace | None = None
    consultants: ClosedService | None = None  # they do not serve now, by the office's hours

    def closed_service(self, name: str) -> ClosedService | None:
        return next((each for each in self.closed if each.name == name), None)

    def serves(self, name: str) -> bool:
        return name not in self.left_out and self.closed_service(name) is None
