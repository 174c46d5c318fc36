"""Money as a command: `python -m payment --help` lists them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from device_drivers.command_line import Parser
from payment.billing import register_command as register
from payment.command import BAD_INPUT, Command, CommandError
from payment.encashment import command as encash
from payment.journal import command as journal
from payment.reconciliation import command as reconcile
from payment.reports import command as report
from payment.sandbox import bill_command as qr
from payment.sandbox import command as sandbox
from payment.simulation import command as simulate

COMMANDS = (
    Command("journal", "list, verify or sum up a terminal's money journal", journal.add_arguments, journal.run),
    Command("encash", "collections of a terminal: list, slips, recount", encash.add_arguments, encash.run),
    Command(
        "reconcile",
        "a terminal's day against billing, fiscal drive and devices",
        reconcile.add_arguments,
        reconcile.run,
    ),
    Command("report", "a day or a collection of a terminal as PDF", report.add_arguments, report.run),
    Command("register", "write the register of a day for billing", register.add_arguments, register.run),
    Command("sandbox", "run an invented billing to pay into", sandbox.add_arguments, sandbox.run),
    Command("simulate", "try to lose money in simulated visits", simulate.add_arguments, simulate.run),
    Command("qr", "draw a paper bill with its payment QR", qr.add_arguments, qr.run),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit status."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        status = command.run(options)
        sys.stdout.flush()  # here, not at the end of Python, where a reader that has gone is an error of its own
        return status
    except CommandError as error:
        print(f"payment {command.name}: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the flush at the end has nobody to go to
        return 141  # as a program that the signal ends: `| head` has read enough


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m payment", description="What is owed, taken and proved.")
    subparsers = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        subparser = subparsers.add_parser(command.name, help=command.help, description=command.help)
        command.add_arguments(subparser)
        subparser.set_defaults(command=command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
