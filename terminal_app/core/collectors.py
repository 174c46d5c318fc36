"""Whose cards open this terminal's service mode: told by the office, kept on disk, so that it works without a network.

A PIN is here as a stretched hash only; the files are for the terminal's user. A card is of one role: a collector
empties the cassette and does nothing else, a technician does all but that.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from payment.encashment.collector import Collector
from signaling_server.contract.money import CollectorCard, CollectorsTold, TechniciansTold
from terminal_app.core.whole_file import write_whole

COLLECTORS_FILE = "collectors.json"
TECHNICIANS_FILE = "technicians.json"

_log = logging.getLogger(__name__)

Told = TypeVar("Told", CollectorsTold, TechniciansTold)


class Role(enum.StrEnum):
    COLLECTOR = "collector"
    TECHNICIAN = "technician"


def card_number(text: str) -> str:
    """One card is one number, however somebody wrote it down."""
    return text.strip().upper()


class Cards:
    """The office's last word; none before it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        collectors = _kept(folder / COLLECTORS_FILE, CollectorsTold)
        technicians = _kept(folder / TECHNICIANS_FILE, TechniciansTold)
        self._cards: dict[Role, Sequence[CollectorCard]] = {
            Role.COLLECTOR: collectors.collectors if collectors is not None else (),
            Role.TECHNICIAN: technicians.technicians if technicians is not None else (),
        }

    def by_card(self, role: Role) -> Mapping[str, Collector]:
        return {
            card_number(card.card_id): Collector(
                card.collector_id, card.name, card.card_id, bytes.fromhex(card.salt), bytes.fromhex(card.pin_hash)
            )
            for card in self._cards[role]
        }

    def knows(self, card_id: str) -> bool:
        return any(card_id in self.by_card(role) for role in Role)

    def role_of(self, card_id: str) -> Role:
        """A card that nobody knows is taken for a technician's: no PIN fits it all the same."""
        return Role.COLLECTOR if card_id in self.by_card(Role.COLLECTOR) else Role.TECHNICIAN

    def told(self, message: CollectorsTold | TechniciansTold) -> None:
        """From now on these, and nobody else."""
        match message:
            case CollectorsTold(collectors=cards):
                self._cards[Role.COLLECTOR] = cards
                _keep(self._folder / COLLECTORS_FILE, message)
            case TechniciansTold(technicians=cards):
                self._cards[Role.TECHNICIAN] = cards
                _keep(self._folder / TECHNICIANS_FILE, message)


def _kept(path: Path, kind: type[Told]) -> Told | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None  # the office has not said yet
    except (OSError, msgspec.MsgspecError) as error:
        _log.error("nobody of %s is let in until the office tells anew who may: %s", path.name, error)
        return None


def _keep(path: Path, message: CollectorsTold | TechniciansTold) -> None:
    try:
        write_whole(path, msgspec.json.encode(message))
    except OSError as error:
        _log.error("the cards of %s are known until the next start only: %s", path.name, error)
