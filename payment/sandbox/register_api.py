"""Registers of the day on the sandbox's side: written and read by its own code, matched by txn_id."""

from __future__ import annotations

from collections.abc import Sequence

from payment.sandbox.store import Credit

HEADER = "txn_id;txn_date;account;amount_minor;provider_txn;terminal_id"


def write(credits_of_day: Sequence[Credit], day: str) -> bytes:
    """Our credits of a day; an empty day is a file too."""
    lines = [
        f"{credit.txn_id};{credit.txn_date};{credit.account};{_rubles(credit.amount_minor)};{credit.prv_txn};"
        for credit in credits_of_day
    ]
    total = _rubles(sum(credit.amount_minor for credit in credits_of_day))
    return "".join(f"{line}\n" for line in (HEADER, *lines, f"TOTAL;{len(lines)};{total};{day}")).encode()


def compare(body: bytes, credits_of_day: Sequence[Credit], day: str) -> dict[str, object]:
    """What a terminal believes against what we have. Raises ValueError: the file is not a whole register."""
    told = _read(body.decode(), day)
    ours = {credit.txn_id: (credit.account, _rubles(credit.amount_minor)) for credit in credits_of_day}
    return {
        "day": day,
        "lines": len(told),
        "missing_here": sorted(told.keys() - ours.keys()),
        "missing_there": sorted(ours.keys() - told.keys()),
        "different": sorted(txn_id for txn_id in told.keys() & ours.keys() if told[txn_id] != ours[txn_id]),
    }


def _read(text: str, day: str) -> dict[str, tuple[str, str]]:
    header, *lines, total = text.splitlines() or [""]
    rows = [line.split(";") for line in lines]
    told = {row[0]: (row[2], row[3]) for row in rows if len(row) == 6}
    mark, count, _, of_day = total.split(";")
    if header != HEADER or mark != "TOTAL" or of_day != day or not len(told) == len(rows) == int(count):
        raise ValueError("the register is not whole")
    return told


def _rubles(amount_minor: int) -> str:
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"
