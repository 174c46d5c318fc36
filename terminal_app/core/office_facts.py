"""What the office told of itself, kept on disk for the time without a line: its key, its topics, its ways out."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from signaling_server.contract.self_service import ServicesTold
from terminal_app.core.tasks.task import Facts
from terminal_app.core.whole_file import write_whole

FILE = "office.json"

_log = logging.getLogger(__name__)


class OfficeFacts:
    """The last `ServicesTold`. A file that cannot be read is as none: the office tells it anew."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self.services: ServicesTold | None = None
        try:
            self.services = msgspec.json.decode(self._path.read_bytes(), type=ServicesTold)
        except FileNotFoundError:
            pass
        except (OSError, msgspec.DecodeError) as error:
            _log.warning("what the office told of itself is not read: %s", error)

    @property
    def facts(self) -> Facts:
        told = self.services
        if told is None:
            return Facts()
        topics, categories = tuple(told.topics), tuple(told.categories)
        return Facts(topics, sms=told.sms, email=told.email, categories=categories, sealed=True)

    def told(self, services: ServicesTold) -> None:
        """Keeps it; whole or not at all."""
        self.services = services
        try:
            write_whole(self._path, msgspec.json.encode(services))
        except OSError as error:
            _log.error("what the office told of itself is not kept: %s", error.strerror)
