"""A real core process, its devices simulated on real ports in the test's own loop, the real sandbox, a customer."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from device_drivers.simulators.control import command
from device_drivers.simulators.core import DeviceSimulator
from device_drivers.simulators.host import SimulatorHost
from device_drivers.simulators.keep import Keeper, MemoryKeeper
from device_drivers.simulators.ports import Port, PtyPort
from payment.sandbox.seed import DEMO_ACCOUNT
from terminal_app.core.library import FILE as LIBRARY_FILE
from terminal_app.core.office_facts import FILE as FACTS_FILE
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel, connect
from terminal_app.ipc.messages import Screen, TerminalState
from tests.integration.billing_sandbox import SandboxProcess

ROOT = Path(__file__).resolve().parents[2]
ATTRIBUTE = "4321"
WAIT_S = 30.0
LOOK_S = 0.05
PUSHES_MAX = 100  # the slot refuses a note while it is shut or another is inside


class CoreBench:
    """`device(...)` what it needs, then `start()`."""

    def __init__(self, folder: Path, stack: contextlib.AsyncExitStack) -> None:
        self.folder = folder
        self.settings = ""
        self.program: tuple[str, ...] = ("-m", "terminal_app")
        self._stack = stack
        self._devices: dict[str, str] = {}
        self.sandbox: SandboxProcess | None = None
        self.core: asyncio.subprocess.Process | None = None
        self.states: list[TerminalState] = []
        self._news = asyncio.Condition()
        self._channel: Channel[TerminalState] | None = None

    async def device(
        self,
        device_class: str,
        protocol: str,
        simulator: DeviceSimulator,
        *,
        options: str = "",
        port: Port | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        """Plugs a simulator in, on a pseudo-terminal unless `port` says otherwise."""
        link = self.folder / f"{device_class}.port"
        host = SimulatorHost(
            simulator, keeper or MemoryKeeper(simulator, None), port or PtyPort(link), self._control(device_class)
        )
        await self._stack.enter_async_context(host.running())
        listen = host.where().get("listen")
        line = f"tcp://{listen}" if listen else f"serial://{link}"
        self.setting(device_class, f"{protocol}+{line}{options}")

    def setting(self, device_class: str, url: str) -> None:
        self._devices[device_class] = url

    async def hand(self, device_class: str, **request: object) -> dict[str, Any]:
        answer = await command(self._control(device_class), request)
        assert answer["ok"], answer
        return answer

    def _control(self, device_class: str) -> Path:
        return self.folder / f"{device_class}.sock"

    async def start(self) -> None:
        """Core, and a screen that only remembers."""
        if self.sandbox is None:
            self.sandbox = SandboxProcess(self.folder / "sandbox.sqlite").start()
        devices = {"camera": "", "sound": "", **self._devices}
        lines = "".join(f'{name} = "{url}"\n' for name, url in devices.items())
        config = self.folder / "terminal.toml"
        billing = f'[billing]\nosmp_url = "{self.sandbox.url}/osmp"\naccounts_url = "{self.sandbox.url}"\n'
        config.write_text(f'data_dir = "data"\n[devices]\n{lines}{billing}{self.settings}')
        words = [*self.program, "core", "--config", str(config), "--run-dir", str(self.folder)]
        with (self.folder / "core.log").open("ab") as log:
            self.core = await asyncio.create_subprocess_exec(
                sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=log
            )
        self._channel = await asyncio.wait_for(connect(self.folder / "core.sock", TerminalState), WAIT_S)
        self._channel.send(ipc.UiHello(os.getpid()))
        self._listener = asyncio.create_task(self._listen(self._channel))

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.core is not None
        if self.core.returncode is None:
            self.core.send_signal(number)
        code = await asyncio.wait_for(self.core.wait(), WAIT_S)
        self._listener.cancel()
        await asyncio.gather(self._listener, return_exceptions=True)
        assert self._channel is not None
        await self._channel.close()
        (self.folder / "core.sock").unlink(missing_ok=True)
        return code

    def log(self) -> str:
        return (self.folder / "core.log").read_text("utf-8")

    # --- the customer -----------------------------------------------------------------------------------------------

    def press(self, message: ipc.UiToCore) -> None:
        assert self._channel is not None
        self._channel.send(message)

    async def sees(self, holds: Callable[[TerminalState], bool], what: str = "") -> TerminalState:
        """Waits for a state of the screen."""

        def found() -> bool:
            return bool(self.states) and holds(self.states[-1])

        try:
            async with self._news, asyncio.timeout(WAIT_S):
                await self._news.wait_for(found)
        except TimeoutError:
            last = self.states[-1] if self.states else None
            raise AssertionError(f"not seen: {what}; last {last}; core said {self.log()[-2000:]}") from None
        return self.states[-1]

    async def sees_screen(self, screen: Screen) -> TerminalState:
        return await self.sees(lambda state: state.screen is screen and not state.busy, screen.value)

    async def sees_page(self, name: str, *, busy: bool = False) -> TerminalState:
        return await self.sees(
            lambda state: state.page is not None and state.page.name == name and state.busy is busy, name
        )

    async def knows_the_office(self) -> None:
        """Key, topics and texts are kept for the time without a line."""
        kept = [self.folder / "data" / name for name in (FACTS_FILE, LIBRARY_FILE)]
        for _ in range(int(WAIT_S / LOOK_S)):
            if all(path.exists() for path in kept):
                return
            await asyncio.sleep(LOOK_S)
        raise AssertionError(f"the office was not heard in {WAIT_S} s; core said {self.log()[-2000:]}")

    async def comes_to_amount(self) -> TerminalState:
        """From the first screen to the question how much."""
        await self.sees(lambda state: state.availability.billing and state.screen is Screen.ATTRACT, "the first screen")
        steps: tuple[tuple[Screen, ipc.UiToCore], ...] = (
            (Screen.ATTRACT, ipc.StartPayment()),
            (Screen.ACCOUNT_ENTRY, ipc.SubmitAccount(DEMO_ACCOUNT)),
            (Screen.ACCOUNT_CONFIRM, ipc.ConfirmAccount()),
            (Screen.SECOND_ATTRIBUTE, ipc.SubmitSecondAttribute(ATTRIBUTE)),
            (Screen.BALANCE, ipc.ChooseAmount(0)),
        )
        for screen, press in steps:
            await self.sees_screen(screen)
            self.press(press)
        return await self.sees_screen(Screen.AMOUNT)

    async def inserts(self, value_minor: int) -> None:
        """A note goes in and is counted."""
        before = self.states[-1].cash.inserted_minor if self.states[-1].cash else 0
        await self.sees(lambda state: state.cash is not None and state.cash.acceptor_ready, "the acceptor is ready")
        for _ in range(PUSHES_MAX):
            if (await command(self._control("bill_validator"), {"do": "insert", "value_minor": value_minor}))["ok"]:
                break
            await asyncio.sleep(0.05)
        await self.sees(
            lambda state: state.cash is not None and state.cash.inserted_minor == before + value_minor, "the note"
        )

    async def _listen(self, channel: Channel[TerminalState]) -> None:
        while (state := await channel.receive()) is not None:
            async with self._news:
                self.states.append(state)
                self._news.notify_all()


@contextlib.asynccontextmanager
async def core_bench(folder: Path) -> AsyncIterator[CoreBench]:
    async with contextlib.AsyncExitStack() as stack:
        bench = CoreBench(folder, stack)
        try:
            yield bench
        finally:
            if bench.core is not None and bench.core.returncode is None:
                bench.core.kill()
                await bench.stop()
            if bench.sandbox is not None:
                bench.sandbox.kill()
