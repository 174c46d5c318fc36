"""Tools of the field: list | simulate | decode | encode."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from device_drivers.catalog import DEVICE_CLASSES
from device_drivers.ccnet import describe as ccnet
from device_drivers.ccnet import frames
from device_drivers.ccnet.frames import FrameError
from device_drivers.ccnet.messages import MessageError
from device_drivers.escpos import status as escpos
from device_drivers.escpos.status import StatusError
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.core import DeviceSimulator, SimulatorError
from device_drivers.simulators.escpos import ROWS_PER_S, EscposSimulator
from device_drivers.simulators.host import SimulatorHost, stop_signal
from device_drivers.simulators.keep import Keeper, MemoryKeeper, PaperKeeper, load_memory
from device_drivers.simulators.paper import PaperError, next_slip_number

DIRECTIONS = (ccnet.HOST_TO_DEVICE, ccnet.DEVICE_TO_HOST)


class UsageError(Exception):
    """What was asked makes no sense; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one tool; 0 when it did what was asked."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (UsageError, SimulatorError, PaperError) as error:
        print(f"device_drivers: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m device_drivers", description=__doc__)
    tools = parser.add_subparsers(required=True, metavar="TOOL")

    tool = tools.add_parser("list", help="device classes and the protocols each speaks")
    tool.add_argument("--json", action="store_true", help="one JSON object")
    tool.set_defaults(run=_list)

    tool = tools.add_parser("decode", help="bytes in words, as JSON; exit 1 when they are invalid")
    tool.add_argument("protocol", choices=("ccnet", "escpos"))
    tool.add_argument("hex", help="a whole frame, or status bytes of a printer")
    tool.add_argument("--dir", choices=DIRECTIONS, help="who said it; without it the host is tried first")
    tool.add_argument("--request", default="", help="escpos: the question the status answers, as 100401")
    tool.add_argument("--json", action="store_true", help="the output is always JSON")
    tool.set_defaults(run=_decode)

    tool = tools.add_parser("encode", help="a message as bytes")
    tool.add_argument("protocol", choices=("ccnet",))
    tool.add_argument("name", help="as decode names it: POLL, 'ENABLE BILL TYPES', 'ESCROW POSITION'")
    tool.add_argument("fields", nargs="*", metavar="field=value", help="enabled_types=2,3,4 bill_type=7")
    tool.add_argument("--json", action="store_true", help="one JSON object instead of bare hex")
    tool.set_defaults(run=_encode)
    _add_simulate(tools.add_parser("simulate", help="a device on a pseudo-terminal, moved through a socket"))
    return parser


def _add_simulate(tool: argparse.ArgumentParser) -> None:
    tool.add_argument("protocol", choices=("ccnet", "escpos"))
    tool.add_argument("--link", type=Path, required=True, help="where the port appears")
    tool.add_argument("--control", type=Path, required=True, help="unix socket, one JSON object a line")
    tool.add_argument("--memory", type=Path, help="ccnet: file that outlives the power")
    tool.add_argument("--initialize-s", type=float, default=2.0, help="ccnet: how long a start lasts")
    tool.add_argument("--paper", type=Path, help="escpos: folder for slip-0001.png and .txt")
    tool.add_argument("--rows-per-s", type=float, default=ROWS_PER_S, help="escpos: printing speed")
    tool.add_argument("--json", action="store_true", help="the ready line is always JSON")
    tool.set_defaults(run=_simulate)


def _list(options: argparse.Namespace) -> int:
    classes = {name: sorted(protocols) for name, protocols in DEVICE_CLASSES.items()}
    if options.json:
        print(json.dumps(classes))
    else:
        for name, protocols in classes.items():
            print(f"{name}: {', '.join(protocols)}")
    return 0


def _decode(options: argparse.Namespace) -> int:
    raw, request = _bytes(options.hex), _bytes(options.request)
    try:
        if options.protocol == "escpos":
            name, fields = escpos.describe(raw, request or None)
        else:
            name, fields = _decode_ccnet(raw, options.dir)
    except (FrameError, MessageError, StatusError) as error:
        print(json.dumps({"valid": False, "name": "", "fields": {}, "error": str(error)}))
        return 1
    print(json.dumps({"valid": True, "name": name, "fields": fields}))
    return 0


def _decode_ccnet(raw: bytes, direction: str | None) -> tuple[str, ccnet.Fields]:
    data = frames.decode(raw).data
    if direction is not None:
        return ccnet.describe(data, direction)
    try:
        return ccnet.describe(data, ccnet.HOST_TO_DEVICE)
    except MessageError:
        return ccnet.describe(data, ccnet.DEVICE_TO_HOST)


def _encode(options: argparse.Namespace) -> int:
    pairs = [field.partition("=") for field in options.fields]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        raise UsageError(f"a field is written name=value, not {wrong[0]}")
    try:
        data = ccnet.encode_data(options.name, {name: value for name, _, value in pairs})
        wire = frames.encode(frames.Frame(frames.BILL_VALIDATOR, data)).hex()
    except (FrameError, MessageError) as error:
        raise UsageError(str(error)) from error
    print(json.dumps({"hex": wire}) if options.json else wire)
    return 0


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UsageError(f"{text} is not hex") from None


def _simulate(options: argparse.Namespace) -> int:
    simulator, keeper = _simulated(options)
    asyncio.run(_run_simulator(SimulatorHost(simulator, keeper, options.link, options.control), options))
    return 0


def _simulated(options: argparse.Namespace) -> tuple[DeviceSimulator, Keeper]:
    if options.protocol == "ccnet":
        if not 0 <= options.initialize_s <= 60:
            raise UsageError("--initialize-s is a number from 0 to 60")
        memory = None if options.memory is None else load_memory(options.memory)
        validator = CcnetSimulator(memory, initialize_s=options.initialize_s)
        return validator, MemoryKeeper(validator, options.memory)
    if options.paper is None:
        raise UsageError("a printer needs --paper, the folder its slips fall into")
    if not 0.5 <= options.rows_per_s <= 1000:
        raise UsageError("--rows-per-s is a number from 0.5 to 1000")
    printer = EscposSimulator(rows_per_s=options.rows_per_s, first_number=next_slip_number(options.paper))
    return printer, PaperKeeper(printer, options.paper)


async def _run_simulator(host: SimulatorHost, options: argparse.Namespace) -> None:
    stopped = stop_signal()
    async with host.running():
        print(json.dumps({"ready": True, "link": str(options.link), "control": str(options.control)}), flush=True)
        await stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
