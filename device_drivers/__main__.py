"""Tools of the field: list | probe | test | trace | decode | encode | simulate."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from device_drivers.catalog import DEVICE_CLASSES
from device_drivers.command_line import Parser
from device_drivers.contract.errors import DeviceError, DeviceUrlError
from device_drivers.simulators.core import SimulatorError
from device_drivers.simulators.escpos import ROWS_PER_S
from device_drivers.simulators.host import SimulatorHost, stop_signal
from device_drivers.simulators.paper import PaperError
from device_drivers.simulators.ports import Port, PtyPort, TcpPort
from device_drivers.simulators.script import ScriptStep, read_script
from device_drivers.tools.live import run_probe, run_test, run_trace
from device_drivers.tools.own import OWN_DEVICES
from device_drivers.tools.protocols import DIRECTIONS, TOOLS, Asked, UsageError

DECODED = tuple(sorted(TOOLS))
ENCODED = tuple(sorted(name for name, tools in TOOLS.items() if tools.encode is not None))
SIMULATED = tuple(sorted(name for name, tools in TOOLS.items() if tools.simulate is not None))
VARIANTS = tuple(sorted({variant for tools in TOOLS.values() for variant in tools.variants}))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one tool; 0 when it did what was asked."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (UsageError, SimulatorError, PaperError, DeviceError, DeviceUrlError) as error:
        print(f"device_drivers: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m device_drivers", description=__doc__)
    tools = parser.add_subparsers(required=True, metavar="TOOL")

    tool = tools.add_parser("list", help="device classes, and the protocols or schemes of their URLs")
    tool.add_argument("--json", action="store_true", help="one JSON object")
    tool.set_defaults(run=_list)

    tool = tools.add_parser("decode", help="bytes in words, as JSON; exit 1 when they are invalid")
    tool.add_argument("protocol", choices=DECODED)
    tool.add_argument("hex", help="a whole frame, or status bytes of a printer")
    tool.add_argument("--dir", choices=DIRECTIONS, help="who said it; without it the host is tried first")
    _add_form(tool)
    tool.add_argument("--request", default="", help="escpos: the question the status answers, as 100401")
    tool.add_argument("--json", action="store_true", help="the output is always JSON")
    tool.set_defaults(run=_decode)

    tool = tools.add_parser("encode", help="a message as bytes")
    tool.add_argument("protocol", choices=ENCODED)
    tool.add_argument("name", help="as decode names it: POLL, 'ENABLE BILL TYPES', 'ESCROW POSITION'")
    tool.add_argument("fields", nargs="*", metavar="field=value", help="enabled_types=2,3,4 bill_type=7")
    _add_form(tool)
    tool.add_argument("--json", action="store_true", help="one JSON object instead of bare hex")
    tool.set_defaults(run=_encode)
    _add_simulate(tools.add_parser("simulate", help="a device on a pseudo-terminal or on TCP, moved through a socket"))
    _add_live(tools)
    return parser


def _add_live(tools: argparse._SubParsersAction[Parser]) -> None:
    """What opens a port. The terminal's software is stopped first: a port has one owner."""
    probe = tools.add_parser("probe", help="is it there? asks only what moves no cash, takes no sale, prints nothing")
    probe.set_defaults(run=run_probe)
    test = tools.add_parser("test", help="leads a technician through the device; a printer prints, a note comes back")
    test.set_defaults(run=run_test)
    trace = tools.add_parser("trace", help="what goes over the wire, in words; of a port, or of a file kept before")
    trace.add_argument("--save", type=Path, help="a new file for the bytes; never of a bank terminal")
    trace.add_argument("--seconds", type=float, default=0.0, help="how long; without it until Ctrl+C")
    trace.add_argument("--key", default="", help="the key of enciphered messages")
    trace.set_defaults(run=run_trace)
    for tool in (probe, test, trace):
        tool.add_argument("url", help="ccnet+serial:///dev/ttyUSB0; trace: or a file")
    for tool in (probe, test):
        tool.add_argument("--json", action="store_true", help="one JSON object at the end")
    for tool in (test, trace):
        tool.add_argument(
            "--class", dest="device_class", default="", choices=("", *DEVICE_CLASSES), help="cctalk: which"
        )


def _add_form(tool: argparse.ArgumentParser) -> None:
    tool.add_argument(
        "--variant", default="", help=f"which form of the protocol: {', '.join(VARIANTS) or 'none has any'}"
    )
    tool.add_argument("--key", default="", help="the key of an enciphered message")


def _add_simulate(tool: argparse.ArgumentParser) -> None:
    tool.add_argument("protocol", choices=SIMULATED)
    place = tool.add_mutually_exclusive_group(required=True)
    place.add_argument("--link", type=Path, help="where the port appears, a pseudo-terminal")
    place.add_argument(
        "--listen", metavar="HOST:PORT", help="a port of TCP instead, as a serial server has; PORT 0: any"
    )
    tool.add_argument("--control", type=Path, required=True, help="unix socket, one JSON object a line")
    tool.add_argument("--script", type=Path, help="what happens to the device, a timed request of the hand a line")
    tool.add_argument("--memory", type=Path, help="file that outlives the power")
    tool.add_argument("--initialize-s", type=float, default=2.0, help="how long a start lasts")
    _add_form(tool)
    tool.add_argument("--echo", action="store_true", help="id003, cctalk: a half-duplex line, the host hears itself")
    tool.add_argument("--coins", action="store_true", help="cctalk: a coin acceptor, not a bill validator")
    tool.add_argument("--paper", type=Path, help="escpos: folder for slip-0001.png and .txt")
    tool.add_argument("--rows-per-s", type=float, default=ROWS_PER_S, help="escpos: printing speed")
    tool.add_argument("--json", action="store_true", help="only the ready line, which is always JSON")
    tool.set_defaults(run=_simulate)


def _list(options: argparse.Namespace) -> int:
    names = dict.fromkeys((*DEVICE_CLASSES, *OWN_DEVICES))
    classes = {name: sorted((*DEVICE_CLASSES.get(name, ()), *OWN_DEVICES.get(name, ()))) for name in names}
    if options.json:
        print(json.dumps(classes))
    else:
        for name, protocols in classes.items():
            print(f"{name}: {', '.join(protocols)}")
    return 0


def _decode(options: argparse.Namespace) -> int:
    raw, tools = _bytes(options.hex), TOOLS[options.protocol]
    asked = _asked(options, options.dir, _bytes(options.request))
    try:
        name, fields = tools.decode(raw, asked)
    except tools.errors as error:
        print(json.dumps({"valid": False, "name": "", "fields": {}, "error": str(error)}))
        return 1
    print(json.dumps({"valid": True, "name": name, "fields": fields}))
    return 0


def _encode(options: argparse.Namespace) -> int:
    pairs = [field.partition("=") for field in options.fields]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        raise UsageError(f"a field is written name=value, not {wrong[0]}")
    values = {name: value for name, _, value in pairs}
    if len(values) < len(pairs):
        twice = next(name for name in values if sum(name == other for other, _, _ in pairs) > 1)
        raise UsageError(f"the field {twice} is given twice")
    if any("\udc80" <= letter <= "\udcff" for field in options.fields for letter in field):
        raise UsageError("a field is text in UTF-8")  # bytes of the shell that are none come as lone surrogates
    tools = TOOLS[options.protocol]
    assert tools.encode is not None
    try:
        wire = tools.encode(options.name, values, _asked(options)).hex()
    except tools.errors as error:
        raise UsageError(str(error)) from error
    print(json.dumps({"hex": wire}) if options.json else wire)
    return 0


def _asked(options: argparse.Namespace, direction: str | None = None, request: bytes = b"") -> Asked:
    known = TOOLS[options.protocol].variants
    if options.variant and options.variant not in known:
        raise UsageError(f"{options.protocol} has {'the variants ' + ', '.join(known) if known else 'no variants'}")
    return Asked(direction, options.variant, options.key, request)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UsageError(f"{text} is not hex") from None


def _simulate(options: argparse.Namespace) -> int:
    tools = TOOLS[options.protocol]
    assert tools.simulate is not None
    if options.listen is not None and not options.variant and "tcp" in tools.variants:
        options.variant = "tcp"  # a line of its own form; without a word of it, that is what is listened for
    _asked(options)
    script = () if options.script is None else read_script(_text(options.script))
    simulator, keeper = tools.simulate(options)
    host = SimulatorHost(simulator, keeper, _port(options), options.control)
    with _own_link(options.link):
        asyncio.run(_run_simulator(host, script, options))
    return 0


@contextlib.contextmanager
def _own_link(link: Path | None) -> Iterator[None]:
    """The port's place is one simulator's for as long as it runs; the kernel lets go of what was killed."""
    if link is None:
        yield
        return
    if not link.name:
        raise UsageError("--link needs the name of a file")
    lock = link.with_name(f".{link.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("ab")
    except OSError as error:
        raise UsageError(f"the link {link} cannot be made: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"another simulator has its port at {link}; name another place") from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _port(options: argparse.Namespace) -> Port:
    if options.listen is None:
        return PtyPort(options.link)
    host, _, number = options.listen.rpartition(":")
    if not host or not number.isdecimal() or int(number) > 65535:
        raise UsageError(f"--listen is written HOST:PORT, not {options.listen}")
    return TcpPort(host, int(number))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no text in UTF-8") from error


def _started(options: argparse.Namespace, where: dict[str, str]) -> str:
    """What a person wants to know who has just started it."""
    port = f"tcp://{where['listen']}" if "listen" in where else f"serial://{Path(where['link']).absolute()}"
    return (
        f"{options.protocol}: a simulated device, no money and no paper is real\n"
        f"its port: {port}\n"
        f"its hand: {options.control}, a unix socket; one JSON object a line, "
        '{"do": "state"} tells how it is (docs/devices.md)\n'
        "Ctrl-C ends it"
    )


def _say(answer: dict[str, object]) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)


async def _run_simulator(host: SimulatorHost, script: Sequence[ScriptStep], options: argparse.Namespace) -> None:
    stopped = stop_signal()
    async with host.running():
        if not options.json:
            print(_started(options, host.where()), file=sys.stderr, flush=True)
        _say({"ready": True, **host.where(), "control": str(options.control)})
        playing = asyncio.create_task(host.play(script, _say))
        await stopped.wait()
        playing.cancel()


if __name__ == "__main__":
    sys.exit(main())
