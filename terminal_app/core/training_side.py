"""Training in service mode: the customer's whole path on a stand of its own, whose screen is shown in place of ours.

The stand is another process (terminal_app/training) with its own core, journal, devices and billing, all simulated, in
a folder that is thrown away. This core only passes on its screen and the presses: its own journal, cashier and devices
take no part. Whatever ends this core ends the stand, and a new core knows of no training.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from terminal_app.config import Acquirer, Billing, Devices, Fiscal, Office, Payee, Power, TerminalConfig
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel, ChannelError, connect
from terminal_app.ipc.messages import TerminalState
from terminal_app.layout import Layout
from terminal_app.supervisor import ChildError, Family, Program

FOLDER = "training"  # in the folder of sockets
START_S_MAX = 40.0
PUSHES_MAX = 30  # so often a note is held to a slot that does not draw it in yet
PUSH_S = 0.1
LINE_SIZE_MAX = 65_536

_log = logging.getLogger(__name__)


def training_settings(real: TerminalConfig) -> TerminalConfig:
    """What the stand is told: limits and contacts of this terminal, and nothing that leads to anything real."""
    return msgspec.structs.replace(
        real,
        training=True,
        layout=Layout(),  # of the terminal's own parts
        data_dir="",
        devices=Devices(camera="", sound=""),
        office=Office(time_zone=real.office.time_zone, identity_dir=""),
        billing=Billing(),
        acquirer=Acquirer(),
        bank_hosts=[],
        fiscal=Fiscal(),
        payee=Payee(),
        rules=msgspec.structs.replace(real.rules, cards_identify=False),  # the reader is not the stand's
        power=Power(shutdown_command=()),
    )


class TrainingSide:
    """One stand at a time. `told(True)`: it is ready; `told(False)`: it could not be started or fell."""

    def __init__(self, config: TerminalConfig, *, changed: Callable[[], None], told: Callable[[bool], None]) -> None:
        self._settings = training_settings(config)
        self._changed, self._told = changed, told
        self._folder: Path | None = None
        self._channel: Channel[TerminalState] | None = None
        self._life: asyncio.Task[None] | None = None
        self._pushing: asyncio.Task[None] | None = None
        self.state: TerminalState | None = None  # of the stand, once it is ready

    def live_in(self, run_dir: Path) -> None:
        """What a core that was killed left of its training is thrown away."""
        self._folder = run_dir / FOLDER
        shutil.rmtree(self._folder, ignore_errors=True)

    def begin(self) -> None:
        before = self._life
        self._life = asyncio.create_task(self._live(before))

    def end(self) -> None:
        """Its screen is gone at once; the stand and its folder a moment later."""
        self.state = self._channel = None
        if self._life is not None:
            self._life.cancel()

    async def close(self) -> None:
        self.end()
        if self._life is not None:
            await asyncio.gather(self._life, return_exceptions=True)

    def press(self, message: msgspec.Struct) -> None:
        if self._channel is not None:
            self._channel.send(message)

    def insert(self, value_minor: int) -> None:
        """A simulated note at the simulated slot; while one is held there, a second one is not."""
        if self.state is not None and (self._pushing is None or self._pushing.done()):
            self._pushing = asyncio.create_task(self._push(value_minor))

    async def _push(self, value_minor: int) -> None:
        assert self._folder is not None
        line = json.dumps({"do": "insert", "value_minor": value_minor}).encode() + b"\n"
        for _ in range(PUSHES_MAX):
            try:
                reader, writer = await asyncio.open_unix_connection(
                    self._folder / "bill_validator.sock", limit=LINE_SIZE_MAX
                )
                writer.write(line)
                taken = bool(json.loads(await reader.readline() or b"{}").get("ok"))
                writer.close()
            except (OSError, ValueError):
                return  # the stand went away
            if taken:
                return
            await asyncio.sleep(PUSH_S)

    async def _live(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.gather(before, return_exceptions=True)
        assert self._folder is not None
        family = Family()
        try:
            await self._run(family, self._folder)
        except (OSError, TimeoutError, ChildError, ChannelError) as error:
            _log.error("the training stand: %s", str(error) or "was not ready in time")
        finally:
            self.state = self._channel = None
            await family.stop()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._told(False)

    async def _run(self, family: Family, folder: Path) -> None:
        """Returns when the stand ends by itself."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        (folder / "settings.json").write_bytes(msgspec.json.encode(self._settings))
        words = [sys.executable, "-m", "terminal_app", "training", "--folder", str(folder)]
        child = await family.add(Program("training", words))
        ended = asyncio.create_task(child.ended())
        try:
            async with asyncio.timeout(START_S_MAX) as limit:
                joining: asyncio.Task[Channel[TerminalState]] = asyncio.create_task(
                    connect(folder / "core.sock", TerminalState)
                )
                await asyncio.wait({joining, ended}, return_when=asyncio.FIRST_COMPLETED)
                if not joining.done():
                    joining.cancel()
                    raise ChildError("it ended before it was ready")
                channel = joining.result()
                channel.send(ipc.UiHello(os.getpid()))
                while (state := await channel.receive()) is not None:
                    able = state.availability
                    if self._channel is not None:
                        self.state = state
                        self._changed()
                    elif able.cash and able.billing:
                        self.state, self._channel = state, channel
                        limit.reschedule(None)
                        self._told(True)
        finally:
            ended.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ended
