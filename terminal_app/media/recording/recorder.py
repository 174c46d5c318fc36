"""Writes what passes the tap into sealed chunks of a second, in a thread of its own: the call waits for nothing.

A recording is a folder: `head.json` with its key, sealed to the office, and chunks named by their numbers. The key lies
in this process alone; the disk never holds it, nor a packet that is not sealed. When the disk is full, or too slow, the
recording ends and says so, and the call goes on. core takes the chunks to the office after the call.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from signaling_server.contract.recorded import KEY_SIZE, ChunkSeal, Record, key_context, pack
from signaling_server.contract.recording import CHUNKS_MAX, RecordingHead
from signaling_server.contract.sealing import seal
from terminal_app.ipc.media_messages import RecordingChanged, StartRecording
from terminal_app.ipc.recordings import HEAD, chunk_name
from terminal_app.media.recording.passed import Passed
from terminal_app.media.recording.streams import Streams
from terminal_app.media.recording.tap import Tap

CHUNK_S = 1.0
WAITING_BYTES_MAX = 32_000_000  # a minute of both directions: the disk stands still
FOLDER_BYTES_MAX = 8_000_000_000  # of all recordings that wait for the office: some six hours
DISK_FREE_BYTES_MIN = 1_000_000_000  # the money journal lies on the same disk

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DiskLimits:
    folder_bytes_max: int = FOLDER_BYTES_MAX
    free_bytes_min: int = DISK_FREE_BYTES_MIN


class Recorder:
    """One recording at a time. Every method on the event loop; `tell` is called in the writer's thread."""

    def __init__(
        self, folder: Path, tap: Tap, tell: Callable[[RecordingChanged], None], limits: DiskLimits | None = None
    ) -> None:
        self._folder = folder
        self._tap = tap
        self._tell = tell
        self._limits = limits or DiskLimits()
        self._writer: _Writer | None = None

    @property
    def call_id(self) -> str:
        """Empty: nothing is recorded."""
        return self._writer.command.call_id if self._writer is not None else ""

    def start(self, command: StartRecording) -> None:
        """`RecordingChanged` follows: it is on, or failed."""
        if self._writer is not None and self._writer.command.recording_id == command.recording_id:
            return
        self.stop()
        self._writer = _Writer(self._folder, command, self._tell, self._limits, self._stopped_by_itself)
        self._tap.listen(self._writer.take)
        self._writer.start()

    def stop(self, *, discard: bool = False) -> None:
        """The last chunk is on disk when it returns; or, discarded, nothing of this recording is. Blocking, shortly."""
        self._tap.listen(None)
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.stop()
            if discard:
                shutil.rmtree(writer.folder, ignore_errors=True)

    def _stopped_by_itself(self) -> None:
        self._tap.listen(None)


class _Writer(threading.Thread):
    def __init__(
        self,
        root: Path,
        command: StartRecording,
        tell: Callable[[RecordingChanged], None],
        limits: DiskLimits,
        stopped: Callable[[], None],
    ) -> None:
        super().__init__(name="recording", daemon=True)
        self.command = command
        self.folder = root / command.recording_id
        self._root = root
        self._tell = tell
        self._limits = limits
        self._stopped = stopped
        self._key = secrets.token_bytes(KEY_SIZE)
        self._seal = ChunkSeal(self._key, command.recording_id)
        self._streams = Streams(command.notice_us / 1_000_000)
        self._passed: deque[Passed] = deque()
        self._waiting_bytes = 0
        self._number = 0
        self._kept_bytes = 0  # in all recordings that wait for the office
        self._over = threading.Event()

    def take(self, passed: Passed) -> None:
        """From any thread, and never for long."""
        if self._waiting_bytes <= WAITING_BYTES_MAX:  # counted by several threads: it is a limit, not a balance
            self._passed.append(passed)
            self._waiting_bytes += len(passed.data)

    def stop(self) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        try:
            self._begin()
            while not self._over.wait(CHUNK_S):
                self._write(self._taken(), last=False)
            self._drain()
            self._write(self._streams.rest(), last=True)
        except _EndedError as error:
            self._fail(str(error))
        except OSError as error:
            logger.error("the recording ends: %s", error.strerror)
            self._fail("disk")
        except Exception:  # of our own making: nobody may believe that it goes on
            logger.exception("the recording ends")
            self._fail("media")

    def _fail(self, reason: str) -> None:
        self._stopped()
        self._passed.clear()
        self._say(on=False, reason=reason)

    def _begin(self) -> None:
        command = self.command
        if self.folder.exists():
            raise _EndedError("media")  # a key serves one recording
        self.folder.mkdir(mode=0o700, parents=True)
        sealed_key = seal(
            self._key,
            bytes.fromhex(command.seal_key_hex),
            key_context(command.recording_id, command.call_id),
        )
        head = RecordingHead(command.call_id, command.seal_key_id, sealed_key)
        _write_file(self.folder / HEAD, msgspec.json.encode(head))
        self._kept_bytes = _size_of(self._root)
        self._check_disk()
        self._say(on=True)

    def _taken(self) -> list[Record]:
        self._drain()
        return self._streams.due(time.monotonic())

    def _drain(self) -> None:
        if self._waiting_bytes > WAITING_BYTES_MAX:
            raise _EndedError("slow_disk")
        self._waiting_bytes = 0
        while self._passed:
            self._streams.take(self._passed.popleft())

    def _write(self, records: list[Record], *, last: bool) -> None:
        if not records and not last:
            return
        if self._number >= CHUNKS_MAX:
            raise _EndedError("too_long")
        chunk = self._seal.close(self._number, pack(records), last=last)
        self._check_disk(len(chunk))
        _write_file(self.folder / chunk_name(self._number), chunk)
        self._number += 1

    def _check_disk(self, more_bytes: int = 0) -> None:
        self._kept_bytes += more_bytes
        full = shutil.disk_usage(self._root).free < self._limits.free_bytes_min
        if full or self._kept_bytes > self._limits.folder_bytes_max:
            raise _EndedError("disk")

    def _say(self, *, on: bool, reason: str = "") -> None:
        self._tell(RecordingChanged(self.command.call_id, self.command.recording_id, on, reason))


class _EndedError(Exception):
    """The recording cannot go on; the text is the reason's word."""


def _size_of(root: Path) -> int:
    return sum(file.stat().st_size for folder in os.scandir(root) if folder.is_dir() for file in os.scandir(folder))


def _write_file(path: Path, content: bytes) -> None:
    """There whole or not at all. Not forced to the disk: a power cut may take the last second."""
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    os.replace(fresh, path)
