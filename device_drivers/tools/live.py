"""probe, test and trace at a real port: the shell around the pure tools. The terminal's core must not hold the port."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import os
import select
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from device_drivers.catalog import DEVICE_CLASSES, split_device_url
from device_drivers.pump import pump
from device_drivers.session import Session
from device_drivers.tools import trace
from device_drivers.tools.own import look, own_device, stepped
from device_drivers.tools.probe import ProbeSession, Told, plan_for
from device_drivers.tools.protocols import DEVICE_TO_HOST, HOST_TO_DEVICE, TOOLS, UsageError
from device_drivers.tools.steps import steps_for
from device_drivers.tools.trace import Chunk, Drawing, Head
from device_drivers.tools.walk import Walk
from device_drivers.transport.line import Line
from device_drivers.transport.open import open_line, options_of

LOOK_S = 0.05
LINE_SIZE_MAX = 4096
LAST_NOTE_S = 2.0  # what a note still in escrow needs to come back when a test ends
Working = asyncio.Future[None]  # ends, with the reason, when the port is gone
_TOOLS_NAMES = {"sberbank": "sberbank-frame"}  # where the tools call a protocol otherwise than a URL


class TracedLine:
    """A `Line` that tells of every chunk, and which way it went."""

    def __init__(self, line: Line, tell: Callable[[str, bytes], None]) -> None:
        self._line = line
        self._tell = tell

    async def read(self, size_max: int, *, timeout_s: float) -> bytes:
        """As the line's."""
        if data := await self._line.read(size_max, timeout_s=timeout_s):
            self._tell(DEVICE_TO_HOST, data)
        return data

    async def write(self, data: bytes) -> None:
        """As the line's."""
        self._tell(HOST_TO_DEVICE, data)
        await self._line.write(data)

    def close(self) -> None:
        """As the line's."""
        self._line.close()


def class_of(protocol: str, chosen: str) -> str:
    """The device class a URL means; `chosen` decides where a protocol serves several.

    Raises:
        UsageError: no device of this class speaks it.
    """
    name = protocol.partition("?")[0]
    classes = [device_class for device_class, protocols in DEVICE_CLASSES.items() if name in protocols]
    if chosen and chosen not in classes:
        raise UsageError(f"no {chosen} speaks {name}; it is spoken by {', '.join(classes)}")
    return chosen or classes[0]


def _session_of(protocol: str, device_class: str) -> Session[Any]:
    name, _, query = protocol.partition("?")
    make: Callable[[dict[str, str]], Any] = DEVICE_CLASSES[device_class][name]
    session: Session[Any] = make(options_of(query))
    return session


@contextlib.asynccontextmanager
async def _pumped(session: Session[Any], line: Line, emit: Callable[[Any], None]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(pump(session, line, emit))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        line.close()


# --- probe --------------------------------------------------------------------------------------------------------


def run_probe(options: argparse.Namespace) -> int:
    """Exit 0: the device answers; 1: nobody does, or a printer where something else was looked for."""
    if (own := own_device(options.url)) is not None:
        found, told = asyncio.run(look(own))
        verdict = f"{options.url}: {'the device answers' if found else 'the device is not there'}"
        return _say_probed(options, told, verdict, found=found, printer=False)
    probe, told = asyncio.run(_probe(options.url, ProbeSession(plan_for(options.url))))
    return _say_probed(options, told, _probe_verdict(probe, options.url), found=probe.found, printer=probe.is_printer)


def _say_probed(options: argparse.Namespace, told: list[Told], verdict: str, *, found: bool, printer: bool) -> int:
    if options.json:
        answers = [{"name": one.name, "fields": dict(one.fields)} for one in told]
        print(json.dumps({"found": found, "printer": printer, "answers": answers}, ensure_ascii=False))
    else:
        for one in told:
            print(f"{one.name} {' '.join(f'{name}={value}' for name, value in one.fields.items())}".rstrip())
        print(verdict)
    return 0 if found else 1


def _probe_verdict(probe: ProbeSession, url: str) -> str:
    if probe.is_printer:
        return f"{url}: a printer answers at this port; nothing more was said to it"
    if probe.plan.hears and not probe.heard:
        there = "the device is there" if probe.found else "the port opens"
        return f"{url}: {there}; in {probe.plan.listen_s:.0f} s it said nothing: show it a code, press its button"
    return f"{url}: the device answers" if probe.found else f"{url}: nobody answers"


async def _probe(url: str, probe: ProbeSession) -> tuple[ProbeSession, list[Told]]:
    told: list[Told] = []
    line = await open_line(split_device_url(url)[1])
    async with _pumped(probe, line, told.append) as task:
        while not probe.done and not task.done():
            await asyncio.wait({task}, timeout=LOOK_S)
        if task.done():
            task.result()  # the port is gone: the error says why
    return probe, told


# --- test ---------------------------------------------------------------------------------------------------------


def run_test(options: argparse.Namespace) -> int:
    """Exit 0: every step is passed; 1: one is not, or the device is absent and no other step was tried."""
    if (own := own_device(options.url)) is not None:
        walk = Walk(own.device, steps_for(own.device_class, own.options))
        asyncio.run(_test(walk, stepped(own.device, _hearing(walk))))
    else:
        protocol, line_url = split_device_url(options.url)
        device_class = class_of(protocol, options.device_class)
        steps = steps_for(device_class, options_of(protocol.partition("?")[2]))
        walk = Walk(_session_of(protocol, device_class), steps)
        asyncio.run(_test(walk, _at_line(walk.session, line_url, _hearing(walk))))
    if options.json:
        told = [{"step": one.step, "result": one.result, "seen": one.seen} for one in walk.verdicts]
        print(json.dumps({"passed": walk.passed, "absent": walk.absent, "steps": told}, ensure_ascii=False))
    elif walk.absent:
        print(f"Проверка не пройдена: по адресу {options.url} никто не отвечает.")
    else:
        print("Проверка пройдена." if walk.passed else "Проверка не пройдена.")
    return 0 if walk.passed else 1


def _hearing(walk: Walk) -> Callable[[Any], None]:
    return lambda event: walk.on_event(event, time.monotonic())


@contextlib.asynccontextmanager
async def _at_line(session: Session[Any], line_url: str, emit: Callable[[Any], None]) -> AsyncIterator[Working]:
    async with _pumped(session, await open_line(line_url), emit) as task:
        yield task


async def _test(walk: Walk, working: contextlib.AbstractAsyncContextManager[Working]) -> None:
    """`working`: the device at work for as long as it is entered."""
    session = walk.session
    async with working as task:
        with _typed_lines() as answers:
            walk.begin(time.monotonic())
            try:
                while not walk.done and not task.done():
                    while not answers.empty():
                        _answer(walk, answers.get_nowait())
                    walk.on_time(time.monotonic())
                    _say(walk)
                    await asyncio.sleep(LOOK_S)
            finally:
                _say(walk)
                if hasattr(session, "disable"):
                    session.disable()
                    await asyncio.sleep(LAST_NOTE_S)
        if task.done():
            task.result()  # the port is gone: the error says why


def _say(walk: Walk) -> None:
    for line in walk.take_said():
        print(line, file=sys.stderr, flush=True)


def _answer(walk: Walk, line: str | None) -> None:
    if line is None:
        walk.on_end_of_answers()
    else:
        walk.on_answer(line, time.monotonic())


@contextlib.contextmanager
def _typed_lines() -> Iterator[asyncio.Queue[str | None]]:
    """What the person types, a line each, None at its end."""
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    loop, stopped = asyncio.get_running_loop(), threading.Event()

    def read() -> None:
        for line in _lines(stopped):
            loop.call_soon_threadsafe(queue.put_nowait, line)
        loop.call_soon_threadsafe(queue.put_nowait, None)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield queue
    finally:
        stopped.set()
        thread.join()


def _lines(stopped: threading.Event) -> Iterator[str]:
    """Lines of standard input. Nothing waits in a read: such a thread would outlive the test and its modules."""
    try:
        typed = sys.stdin.fileno()
    except (AttributeError, OSError):  # closed, or no file
        yield from sys.stdin or ()
        return
    begun = b""
    while not stopped.is_set():
        if select.select([typed], [], [], LOOK_S)[0]:
            chunk = os.read(typed, LINE_SIZE_MAX)
            *lines, begun = (begun + chunk).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)
            if not chunk and begun:
                yield begun.decode(errors="replace")
            if not chunk or len(begun) > LINE_SIZE_MAX:
                return


# --- trace --------------------------------------------------------------------------------------------------------


def run_trace(options: argparse.Namespace) -> int:
    """A file is drawn; a port is driven by its driver, with nothing enabled, and drawn as it goes."""
    if not 0 <= options.seconds < math.inf:
        raise UsageError("--seconds is a number from 0")
    if "://" not in options.url:
        head, chunks = trace.read_trace(Path(options.url), options.key)
        for line in trace.drawn(head, chunks):
            print(line)
        return 0
    if own_device(options.url) is not None:
        raise UsageError(f"{options.url}: its driver opens it by itself, there is no line to trace; probe it")
    protocol, line_url = split_device_url(options.url)
    session = _session_of(protocol, class_of(protocol, options.device_class))
    head = _head(protocol, options.key)
    kept = None if options.save is None else _Kept(options.save, head)
    try:
        asyncio.run(_trace(session, line_url, head, kept, options.seconds))
    finally:
        if kept is not None:
            kept.close()
    return 0


def _head(protocol: str, key: str) -> Head:
    name, _, query = protocol.partition("?")
    if _TOOLS_NAMES.get(name, name) not in TOOLS:
        raise UsageError(f"{name} is not read in words; there are {', '.join(sorted(TOOLS))}")
    own = options_of(query)
    form = own.get("variant", own.get("framing", ""))
    return Head(_TOOLS_NAMES.get(name, name), form, key or (own.get("key", "") if name == "cctalk" else ""))


class _Kept:
    """The file of a trace. It is made for the first chunk: where nothing was traced there is none."""

    def __init__(self, path: Path, head: Head) -> None:
        """Raises UsageError for what is known to fail before anything is traced."""
        if head.protocol in trace.PRIVATE:
            raise UsageError(f"the bytes of {head.protocol} are not kept: they may hold card data or a customer's name")
        if path.exists():
            raise UsageError(f"{path} cannot be written: it exists already")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise UsageError(f"{path} cannot be written: its folder is not there or not ours")
        self._path, self._head = path, head
        self._out: TextIO | None = None

    def write(self, chunk: Chunk) -> None:
        """Raises UsageError."""
        try:
            if self._out is None:
                self._out = self._path.open("x", encoding="utf-8")
                trace.write_head(self._out, self._head)
            trace.write_chunk(self._out, chunk)
        except OSError as error:
            raise UsageError(f"{self._path} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """After the last chunk."""
        if self._out is not None:
            self._out.close()


async def _trace(session: Session[Any], line_url: str, head: Head, kept: _Kept | None, seconds: float) -> None:
    drawing, began_s = Drawing(head), time.monotonic()

    def tell(direction: str, data: bytes) -> None:
        chunk = Chunk(time.monotonic() - began_s, direction, data)
        if kept is not None:
            kept.write(chunk)
        for line in drawing.draw(chunk):
            print(line, flush=True)

    line = TracedLine(await open_line(line_url), tell)
    async with _pumped(session, line, lambda event: print(f"{'':12} # {event}", flush=True)) as task:
        await asyncio.wait({task}, timeout=seconds or None)
        if task.done():
            task.result()
