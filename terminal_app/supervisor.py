"""Starts programs as children, passes their lines on, restarts those that must live, and leaves none behind."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device_drivers.command_line import WRONG_USE

STOP_S_MAX = 5.0
RESTART_S_MIN = 0.2
RESTART_S_MAX = 5.0
SETTINGS_RETRY_S = 60.0  # only a person mends those: a program that met them is tried this seldom
LINE_SIZE_MAX = 64 * 1024
_PR_SET_PDEATHSIG = 1


class ChildError(Exception):
    """A program did not start or ended too early; the text has its last words."""


def _die_with_parent() -> None:
    """Runs in the child before exec: the kernel kills it when its parent is gone, however the parent ended."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `restart`: brought back whenever it ends."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    restart: bool = False
    log: Path | None = None  # where its standard error goes; None: ours


class Child:
    """One running program. Lines of JSON on its standard output are handed to `on_line`."""

    def __init__(self, program: Program, on_line: Callable[[str, dict[str, Any]], None]) -> None:
        self.program = program
        self.pid = 0
        self.restarts = 0
        self._restart = program.restart
        self._on_line = on_line
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._spawn()
        self._task = asyncio.create_task(self._watch(), name=self.program.name)

    def keep_alive(self) -> None:
        """From now on it is brought back whenever it ends; before, an end is the owner's to hear of."""
        self._restart = True

    async def ended(self) -> int:
        """Waits until the program has ended for good; its exit code."""
        assert self._task is not None
        await self._task
        return self._exit_code()

    async def stop(self) -> None:
        self._stopping.set()
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), STOP_S_MAX)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _spawn(self) -> None:
        log = None if self.program.log is None else self.program.log.open("ab")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.program.argv,
                env={**os.environ, **self.program.env},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                limit=LINE_SIZE_MAX,
            )
        except OSError as error:
            raise ChildError(f"{self.program.name}: cannot run {self.program.argv[0]}: {error.strerror}") from error
        finally:
            if log is not None:
                log.close()
        self.pid = self._process.pid

    async def _watch(self) -> None:
        wait_s = RESTART_S_MIN
        while True:
            started_s = time.monotonic()
            await self._read_until_end()
            if self._stopping.is_set() or not self._restart:
                return
            wait_s = RESTART_S_MIN if time.monotonic() - started_s > RESTART_S_MAX else min(RESTART_S_MAX, wait_s * 2)
            if await self._told_to_stop(SETTINGS_RETRY_S if self._exit_code() == WRONG_USE else wait_s):
                return
            self.restarts += 1
            await self._spawn()

    async def _told_to_stop(self, within_s: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), within_s)
        return self._stopping.is_set()

    def _exit_code(self) -> int:
        assert self._process is not None
        return self._process.returncode or 0

    async def _read_until_end(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            with contextlib.suppress(json.JSONDecodeError):
                said = json.loads(line)
                if isinstance(said, dict):
                    self._on_line(self.program.name, said)
                    continue
            self._pass_on(line)
        await self._process.wait()

    def _pass_on(self, line: bytes) -> None:
        """What a child says that is no message belongs with its other words."""
        if self.program.log is None:
            sys.stderr.buffer.write(line)
        else:
            with self.program.log.open("ab") as log:
                log.write(line)


class Family:
    """Children that end together, the youngest first."""

    def __init__(self, on_line: Callable[[str, dict[str, Any]], None] = lambda name, line: None) -> None:
        self._children: list[Child] = []
        self._on_line = on_line

    async def add(self, program: Program) -> Child:
        child = Child(program, self._on_line)
        await child.start()
        self._children.append(child)
        return child

    def find(self, name: str) -> Child:
        return next(child for child in self._children if child.program.name == name)

    async def stop(self) -> None:
        for child in reversed(self._children):
            await child.stop()
        self._children.clear()
