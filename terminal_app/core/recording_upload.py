"""Recordings on their way to the office, after the call: chunk by chunk, each gone from here when the office has it.

What is left on the disk is what is left to do, so a cut anywhere costs one chunk sent twice. Nothing goes up while a
call is on: its picture needs the line. Chunks are sealed; nobody here can read them any more.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from signaling_server.contract.recorded import is_last
from terminal_app.ipc.recordings import HEAD, chunk_number

LOOK_S = 5.0
REST_S = 600.0  # after a refusal that a person has to look into
BROKEN_OFF_S = 60.0  # nothing was written for so long
TAKEN = 204
GIVEN_UP = frozenset({404, 410})  # the office knows of no notice, or the customer declined
TOLD = ".told"  # the office has the key

Put = Callable[[str, bytes], Awaitable[int]]  # the office's status; raises OSError
_log = logging.getLogger(__name__)


class RecordingUpload:
    """`may_send`: there is a link, and no call is on."""

    def __init__(self, folder: Path, put: Put, may_send: Callable[[], bool]) -> None:
        self._folder = folder
        self._put = put
        self._may_send = may_send

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            rest_s = LOOK_S
            if self._may_send():
                try:
                    for recording in await asyncio.to_thread(self._waiting):
                        rest_s = max(rest_s, await self.send(recording))
                except OSError as error:
                    _log.info("a recording waits: %s", error)
            await asyncio.sleep(rest_s)

    async def send(self, recording: Path) -> float:
        """As much as may be sent now; how long to rest after it, in seconds. Raises OSError."""
        path = f"/recordings/{recording.name}"
        head = recording / HEAD
        if not (recording / TOLD).exists():
            status = await self._put(path, await asyncio.to_thread(head.read_bytes))
            if status != TAKEN:
                return await self._refused(recording, status)
            await asyncio.to_thread((recording / TOLD).touch)
        last = False
        for number, chunk in await asyncio.to_thread(_chunks, recording):
            if not self._may_send():
                return 0.0
            sealed = await asyncio.to_thread(chunk.read_bytes)
            last = is_last(sealed)
            status = await self._put(f"{path}/{number}", sealed)
            if status != TAKEN:
                return await self._refused(recording, status)
            await asyncio.to_thread(chunk.unlink)
        await asyncio.to_thread(_clear_if_over, recording, last=last)
        return 0.0

    async def _refused(self, recording: Path, status: int) -> float:
        if status in GIVEN_UP:
            _log.warning("recording %s is not wanted: HTTP %d", recording.name, status)
            await asyncio.to_thread(shutil.rmtree, recording, True)
            return 0.0
        _log.error("recording %s is not taken: HTTP %d", recording.name, status)
        return REST_S

    def _waiting(self) -> list[Path]:
        """Oldest first. A folder without a head was begun in the moment of a power cut: nothing in it can be read."""
        if not self._folder.is_dir():
            return []
        found = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in found:
            if not (path / HEAD).exists():
                shutil.rmtree(path, ignore_errors=True)
        return [path for path in found if path.exists()]


def _clear_if_over(recording: Path, *, last: bool) -> None:
    """Its last chunk is at the office, or media fell and none will come."""
    if last or time.time() - recording.stat().st_mtime > BROKEN_OFF_S:
        shutil.rmtree(recording, ignore_errors=True)


def _chunks(recording: Path) -> list[tuple[int, Path]]:
    numbers = ((chunk_number(path.name), path) for path in recording.iterdir())
    return sorted((number, path) for number, path in numbers if number is not None)
