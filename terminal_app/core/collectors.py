"""Who may empty this terminal's cassette: told by the office, kept on disk, so that it works without a network.

A PIN is here as a stretched hash only; the file is for the terminal's user.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from payment.encashment.collector import Collector
from signaling_server.contract.money import CollectorCard, CollectorsTold

COLLECTORS_FILE = "collectors.json"

_log = logging.getLogger(__name__)


class Collectors:
    """The office's last word; none before it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / COLLECTORS_FILE
        self._cards: Sequence[CollectorCard] = ()
        try:
            self._cards = msgspec.json.decode(self._path.read_bytes(), type=CollectorsTold).collectors
        except FileNotFoundError:
            pass  # the office has not said yet
        except (OSError, msgspec.MsgspecError) as error:
            _log.error("nobody may empty the cassette until the office tells anew who may: %s", error)

    def by_card(self) -> dict[str, Collector]:
        return {
            card.card_id: Collector(
                card.collector_id, card.name, card.card_id, bytes.fromhex(card.salt), bytes.fromhex(card.pin_hash)
            )
            for card in self._cards
        }

    def told(self, message: CollectorsTold) -> None:
        """From now on these, and nobody else."""
        self._cards = message.collectors
        fresh = self._path.with_name(f".{self._path.name}.new")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "wb") as file:
                file.write(msgspec.json.encode(message))
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, self._path)
        except OSError as error:
            _log.error("who may empty the cassette is known until the next start only: %s", error)
