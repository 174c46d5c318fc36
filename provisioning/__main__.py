"""From a bare PC to a terminal of the fleet, as a command: `python -m provisioning setup`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from device_drivers.command_line import WRONG_USE, Parser
from provisioning.contract import CodeError
from provisioning.terminal.enroll import EnrolError, OrderSlip, enroll


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        result: int = options.run(options)
    except KeyboardInterrupt:
        return 130
    return result


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m provisioning", description="Prepares a terminal for the fleet.")
    commands = parser.add_subparsers(required=True, metavar="command")
    setup = commands.add_parser(
        "setup",
        help="exchange the one-time code of an order for this terminal's certificate",
        description="Orders are placed in the office: python -m signaling_server order. A second run does nothing.",
    )
    setup.add_argument("--server", required=True, help="https address of the terminals' port, https://host:8443")
    setup.add_argument("--order", required=True, help="the order's id")
    setup.add_argument("--code", required=True, help="the order's one-time code")
    setup.add_argument("--authority-sha256", required=True, help="the authority's fingerprint, printed with the order")
    setup.add_argument("--identity", required=True, type=Path, help="directory to keep the identity in")
    setup.add_argument("--json", action="store_true", help="print the result as one JSON line")
    setup.set_defaults(run=_setup)
    return parser


def _setup(options: argparse.Namespace) -> int:
    slip = OrderSlip(options.server, options.order.strip().upper(), options.code, options.authority_sha256.strip())
    try:
        identity = asyncio.run(enroll(slip, options.identity))
    except CodeError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except EnrolError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Каталог {options.identity} недоступен: {error.strerror}", file=sys.stderr)
        return 1
    result = {
        "terminal_id": identity.terminal_id,
        "title": identity.title,
        "site": identity.site,
        "identity": str(identity.folder),
        "valid_until": identity.valid_until.isoformat(),
    }
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(f"Терминал «{identity.title}» получил удостоверение, действует до {identity.valid_until:%d.%m.%Y}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
