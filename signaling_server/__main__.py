"""The office as a command: `python -m signaling_server serve | agent | order | migrate | contract`."""

from __future__ import annotations

import argparse
import sys

from signaling_server.contract import generator


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    result: int = options.run(options)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m signaling_server", description="The office of the terminals.")
    commands = parser.add_subparsers(required=True, metavar="command")
    contract = commands.add_parser("contract", help="write schema.json and contract.gen.ts from the message contract")
    contract.add_argument("--check", action="store_true", help="write nothing, fail when a file is stale")
    contract.set_defaults(run=_contract)
    return parser


def _contract(options: argparse.Namespace) -> int:
    if not options.check:
        for path in generator.write():
            print(path)
        return 0
    for path in (stale := generator.stale()):
        print(f"{path} is stale: run python -m signaling_server contract", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
