"""What customers said in a survey, kept on disk until the office has stored it. Nothing personal is in it."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import msgspec

from signaling_server.contract.self_service import ServiceAnswer
from signaling_server.contract.services import ServiceRefused
from signaling_server.contract.visits import RatingGiven, RatingStored
from terminal_app.core.library import Ask

FILE = "ratings.json"
RATINGS_MAX = 500  # the oldest go first: months without a line
RETRY_S = 120.0

_log = logging.getLogger(__name__)


class Ratings:
    """One is on its way at a time. An answer or a refusal ends it; silence leaves it for later."""

    def __init__(self, folder: Path, ask: Ask) -> None:
        self._path = folder / FILE
        self._ask = ask
        self._linked = self._asked = False
        self._timer: asyncio.TimerHandle | None = None
        self.kept: list[RatingGiven] = []
        try:
            self.kept = msgspec.json.decode(self._path.read_bytes(), type=list[RatingGiven])
        except FileNotFoundError:
            pass
        except (OSError, msgspec.DecodeError) as error:
            _log.warning("kept ratings are not read: %s", error)

    def add(self, rating: RatingGiven) -> None:
        """Durable when this returns, if the disk can be written."""
        self._change([*self.kept, rating][-RATINGS_MAX:])
        self._send()

    def link_changed(self, *, linked: bool) -> None:
        self._linked = linked
        self._send()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _send(self) -> None:
        if not (self._linked and self.kept) or self._asked:
            return
        self._asked = True
        first = self.kept[0]
        self._ask(first, lambda answer: self._answered(first, answer))

    def _answered(self, rating: RatingGiven, answer: ServiceAnswer | None) -> None:
        self._asked = False
        if isinstance(answer, (RatingStored, ServiceRefused)):
            if isinstance(answer, ServiceRefused):
                _log.warning("the office does not take a rating: %s", answer.reason)
            self._change([kept for kept in self.kept if kept.submission_id != rating.submission_id])
            self._send()
        else:
            self.close()
            self._timer = asyncio.get_running_loop().call_later(RETRY_S, self._send)

    def _change(self, ratings: list[RatingGiven]) -> None:
        self.kept = ratings
        new = self._path.with_suffix(".new")
        try:
            with new.open("wb") as file:
                file.write(msgspec.json.encode(ratings))
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            _log.error("ratings are not kept: %s", error.strerror)
