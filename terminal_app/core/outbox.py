"""What a customer left for the office, kept on disk until the office has stored it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from signaling_server.contract.self_service import ServiceAnswer, ServiceRequest
from signaling_server.contract.services import ServiceRefused
from terminal_app.core.office_requests import Ask
from terminal_app.core.whole_file import write_whole

RETRY_S = 120.0

Item = TypeVar("Item", bound=Hashable)

_log = logging.getLogger(__name__)


class Outbox(Generic[Item]):
    """One message is on its way at a time. An answer or a refusal ends it; silence leaves it for later.

    `letter` makes a message of the first items; `stored` is the office's answer to it.
    """

    def __init__(
        self,
        path: Path,
        ask: Ask,
        kind: type[list[Item]],
        letter: Callable[[Sequence[Item]], ServiceRequest],
        stored: type[ServiceAnswer],
        *,
        items_max: int,
        letter_items_max: int = 1,
    ) -> None:
        """A file that cannot be read is left behind and told in the log. The oldest of more than `items_max` go."""
        self._path, self._ask, self._letter, self._stored = path, ask, letter, stored
        self._items_max, self._letter_items_max = items_max, letter_items_max
        self._linked = self._asked = False
        self._timer: asyncio.TimerHandle | None = None
        self.kept: list[Item] = []
        try:
            self.kept = msgspec.json.decode(path.read_bytes(), type=kind)
        except FileNotFoundError:
            pass
        except (OSError, msgspec.DecodeError) as error:
            _log.warning("%s is not read: %s", path.name, error)

    def add(self, *items: Item) -> None:
        """Durable when this returns, if the disk can be written."""
        self._change([*self.kept, *items][-self._items_max :])
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
        first = self.kept[: self._letter_items_max]
        self._ask(self._letter(first), lambda answer: self._answered(first, answer))

    def _answered(self, sent: list[Item], answer: Any) -> None:
        self._asked = False
        if isinstance(answer, (self._stored, ServiceRefused)):
            if isinstance(answer, ServiceRefused):
                _log.warning("the office does not take from %s: %s", self._path.name, answer.reason)
            gone = set(sent)
            self._change([kept for kept in self.kept if kept not in gone])
            self._send()
        else:
            self.close()
            self._timer = asyncio.get_running_loop().call_later(RETRY_S, self._send)

    def _change(self, items: list[Item]) -> None:
        self.kept = items
        try:
            write_whole(self._path, msgspec.json.encode(items))
        except OSError as error:
            _log.error("%s is not kept: %s", self._path.name, error.strerror)
