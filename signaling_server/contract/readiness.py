"""Whether a terminal is ready to serve, as it says itself (clause 5.3.1): one word, and what it lacks."""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.services import Word


class Readiness(enum.StrEnum):
    READY = "ready"  # готов
    PARTLY = "partly"  # готов частично: customers are served, something that the project promises is away
    NOT_READY = "not_ready"  # не готов: nobody can be served


class Lack(Struct, frozen=True):
    """`what` is taken from the customer or from the office; `why` is a state, a fault or a reason of CashStop."""

    what: Word  # cash, billing, office, power, or a class of devices
    why: Word


class ReadinessReport(Struct, frozen=True):
    state: Readiness
    lacks: Annotated[list[Lack], Meta(max_length=40)] = []
