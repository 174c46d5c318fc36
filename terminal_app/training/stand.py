"""One process that service mode starts for training: the real core on simulated devices and a sandbox of billing.

Everything it writes lies in its own folder; it is told no address, no file and no device of the real terminal.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import web

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.core import DeviceSimulator, SimulatorError
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.host import SimulatorHost
from device_drivers.simulators.keep import Keeper, MemoryKeeper, PaperKeeper
from device_drivers.simulators.ports import PtyPort
from device_drivers.simulators.vendotek import VendotekSimulator
from payment.sandbox.seed import PAYEE_INN, PAYEE_PERSONAL_ACCOUNT
from payment.sandbox.server import make_app
from terminal_app.config import Billing, ConfigError, Devices, Payee, TerminalConfig
from terminal_app.core.process import Core

SETTINGS_FILE = "settings.json"


def load_settings(folder: Path) -> TerminalConfig:
    """What the real core wrote for us. Raises: ConfigError, also for settings of a terminal that is no training one."""
    path = folder / SETTINGS_FILE
    try:
        config = msgspec.json.decode(path.read_bytes(), type=TerminalConfig)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    if not config.training:
        raise ConfigError(f"{path} is not of a training stand")
    return config


async def run_stand(folder: Path) -> None:
    """Until SIGTERM, which the kernel sends as well when the core that started us is gone."""
    told = load_settings(folder)
    async with contextlib.AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(_sandbox(folder / "sandbox.sqlite"))
        printer = EscposSimulator()
        paper = folder / "paper"
        paper.mkdir()
        devices = Devices(
            bill_validator=await _plugged(stack, folder, "bill_validator", "ccnet", CcnetSimulator(initialize_s=0.2)),
            receipt_printer=await _plugged(
                stack, folder, "receipt_printer", "escpos", printer, PaperKeeper(printer, paper)
            ),
            payment_card_reader=await _plugged(stack, folder, "payment_card_reader", "vendotek", VendotekSimulator()),
            camera="",
            sound="",
        )
        config = msgspec.structs.replace(
            told,
            data_dir=str(folder / "data"),
            devices=devices,
            billing=Billing(osmp_url=f"{sandbox}/osmp", accounts_url=sandbox),
            payee=Payee(inns=[PAYEE_INN], personal_accounts=[PAYEE_PERSONAL_ACCOUNT]),
        )
        session = await stack.enter_async_context(aiohttp.ClientSession())
        await Core(config, None, session).run(folder)


@contextlib.asynccontextmanager
async def _sandbox(database: Path) -> AsyncIterator[str]:
    runner = web.AppRunner(make_app(database), shutdown_timeout=1, access_log=None)
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _plugged(
    stack: contextlib.AsyncExitStack,
    folder: Path,
    name: str,
    protocol: str,
    simulator: DeviceSimulator,
    keeper: Keeper | None = None,
) -> str:
    """The simulated device's URL; its hand is `NAME.sock`. Raises: ConfigError."""
    link = folder / f"{name}.port"
    host = SimulatorHost(simulator, keeper or MemoryKeeper(simulator, None), PtyPort(link), folder / f"{name}.sock")
    try:
        await stack.enter_async_context(host.running())
    except SimulatorError as error:
        raise ConfigError(str(error)) from error
    return f"{protocol}+serial://{link}"
