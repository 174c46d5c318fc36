"""The register of a day holds what billing confirmed of that day, no more and no less."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from payment.billing.register import DAYS_BACK_MAX, write_changed, write_day
from payment.reconciliation.daily_totals import JournalSummary
from payment.reconciliation.register_layouts import BILLING_DAY
from payment.reconciliation.registers import RegisterMissingError, read_register

DAY = "20261123"
COLUMNS = ("txn_id", "txn_date", "account", "amount_minor", "provider_txn", "terminal_id")


def summary_of(*payments: tuple[str, str, int, str | None]) -> JournalSummary:
    """Payments as txn_id, day, kopecks and what billing said (None: nothing yet)."""
    summary = JournalSummary()
    for txn_id, day, amount_minor, outcome in payments:
        paid = {"txn_id": txn_id, "account": "001000017", "amount_minor": amount_minor}
        summary.add("pay_intent", paid | {"txn_date": f"{day}141200", "fee_minor": 0})
        if outcome is not None:
            summary.add("pay_result", paid | {"outcome": outcome, "provider_txn": f"9{txn_id}"})
    return summary


def read(path: Path) -> list[tuple[object, ...]]:
    return list(read_register(path, BILLING_DAY, COLUMNS))


def test_only_confirmed_payments_of_the_day_stand_in_it(tmp_path):
    summary = summary_of(
        ("1", DAY, 1_136_85, "credited"),
        ("2", DAY, 200_00, "refused"),
        ("3", DAY, 300_00, "unknown"),
        ("4", DAY, 400_00, None),
        ("5", "20261122", 500_00, "credited"),
        ("6", DAY, 5, "credited"),
    )
    totals = write_day(tmp_path / "day.csv", summary.payments(DAY), DAY, "T-1")
    assert (totals.count, totals.sums_minor["amount_minor"]) == (2, 1_136_90)
    assert read(tmp_path / "day.csv") == [
        ("1", f"{DAY}141200", "001000017", 1_136_85, "91", "T-1"),
        ("6", f"{DAY}141200", "001000017", 5, "96", "T-1"),
    ]


def test_an_empty_day_is_a_file_and_a_missing_file_is_none(tmp_path):
    write_day(tmp_path / "day.csv", [], DAY, "T-1")
    assert read(tmp_path / "day.csv") == []
    with pytest.raises(RegisterMissingError):
        read(tmp_path / "another.csv")


def test_each_day_that_is_over_is_told_once(tmp_path):
    summary = summary_of(("1", "20261121", 100_00, "credited"), ("2", DAY, 200_00, "credited"))
    first, today = date(2026, 11, 21), date(2026, 11, 23)
    told = write_changed(tmp_path, summary, "T-1", first, today)
    assert [register.day for register in told] == ["20261121", "20261122"]
    assert write_changed(tmp_path, summary, "T-1", first, today) == []
    (later,) = write_changed(tmp_path, summary, "T-1", first, date(2026, 11, 24))
    assert later.day == DAY


def test_a_payment_confirmed_days_later_changes_the_register_of_its_own_day(tmp_path):
    first, today = date(2026, 11, 22), date(2026, 11, 24)
    before = write_changed(tmp_path, summary_of(("1", DAY, 100_00, "unknown")), "T-1", first, today)
    (after,) = write_changed(tmp_path, summary_of(("1", DAY, 100_00, "credited")), "T-1", first, today)
    assert (after.day, [register.day for register in before]) == (DAY, ["20261122", DAY])
    assert after.key != before[1].key
    assert len(read(after.path)) == 1


def test_a_register_that_was_lost_is_made_again(tmp_path):
    summary, first, today = summary_of(("1", DAY, 100_00, "credited")), date(2026, 11, 23), date(2026, 11, 24)
    (made,) = write_changed(tmp_path, summary, "T-1", first, today)
    made.path.unlink()
    assert write_changed(tmp_path, summary, "T-1", first, today) == [made]


def test_days_of_long_ago_are_left_alone(tmp_path):
    told = write_changed(tmp_path, summary_of(), "T-1", date(2020, 1, 1), date(2026, 11, 24))
    assert len(told) == DAYS_BACK_MAX
