"""`python -m payment qr`: a bill of the sandbox's account as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from payment.command import AGREES, CommandError, check_out

SUM_MAX_MINOR = 10**9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", required=True, help="the customer's account")
    parser.add_argument("--sum-minor", type=int, required=True, metavar="N", help="kopecks to pay")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    parser.add_argument("--foreign", action="store_true", help="a bill of another company")


def run(options: argparse.Namespace) -> int:
    from payment.codes.bill_picture import BillPictureError, draw_bill, save_bill
    from payment.sandbox.bill import make_bill
    from payment.sandbox.clock import today

    if not 0 < options.sum_minor <= SUM_MAX_MINOR:
        raise CommandError(f"--sum-minor: {options.sum_minor} — не сумма к оплате")
    if not (options.account.isascii() and options.account.isdigit() and len(options.account) <= 20):
        raise CommandError("--account — номер не длиннее 20 цифр")
    check_out(options.out, b"\x89PNG")
    text, payload = make_bill(options.account, options.sum_minor, today(), foreign=options.foreign)
    try:
        save_bill(draw_bill(text, payload), options.out)
    except BillPictureError as error:
        raise CommandError(str(error)) from error
    print(options.out)
    return AGREES
