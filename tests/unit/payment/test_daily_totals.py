"""A day of a journal: its payments, documents, counters, and the command that compares them with the other three."""

from __future__ import annotations

import argparse
import json
import threading

import pytest

from payment.command import CommandError
from payment.contract import Means
from payment.journal.journal import Journal
from payment.reconciliation import command as reconcile_command
from payment.reconciliation.compare import Outcome
from payment.reconciliation.daily_totals import ChannelTotal, JournalSummary, totals_by_channel
from payment.reconciliation.register_layouts import BILLING_DAY, FISCAL_DAY
from payment.reconciliation.registers import write_register

DAY = "20261123"


def intent(txn_id: str, amount_minor: int, *, day: str = DAY, **more: object):
    data = {
        "session_id": f"s{txn_id}",
        "txn_id": txn_id,
        "txn_date": f"{day}141200",
        "account": "001234567",
        "service": "electricity",
        "amount_minor": amount_minor,
        "fee_minor": 0,
        **more,
    }
    return "pay_intent", data


def result(txn_id: str, outcome: str, amount_minor: int = 0):
    data = {"txn_id": txn_id, "outcome": outcome, "amount_minor": amount_minor, "fee_minor": 0, "provider_txn": "77"}
    return "pay_result", data


RECORDS = [
    ("stacked", {"value_minor": 50_000}),
    intent("1", 50_000),
    result("1", "unknown"),
    result("1", "credited"),
    intent("2", 30_000, means="card", fee_minor=300),
    result("2", "refused"),
    intent("3", 10_000),
    intent("4", 70_000, day="20261122"),
    result("4", "credited"),
    ("fiscal_intent", {"fiscal_id": "f1", "account": "001234567", "total_minor": 50_000, "sold_at": f"{DAY}141210"}),
    ("fiscal_done", {"fiscal_id": "f1", "fn": "1", "fd": 2, "fpd": 3, "at": f"{DAY}1412"}),
    ("fiscal_intent", {"fiscal_id": "f2", "lines": [{"account": "1", "amount_minor": 9, "fee_minor": 1}]}),
]


def summary() -> JournalSummary:
    found = JournalSummary()
    for kind, data in RECORDS:
        found.add(kind, data)
    return found


def test_a_payment_belongs_to_the_day_of_its_date_with_the_last_word_of_billing():
    day = summary().payments(DAY)
    assert [(each.txn_id, each.outcome) for each in day] == [
        ("1", Outcome.DONE),
        ("2", Outcome.REFUSED),
        ("3", Outcome.UNKNOWN),
    ]
    assert day[0].provider_txn == "77"
    assert [each.txn_id for each in summary().payments("20261122")] == ["4"]


def test_channels_are_totalled_apart():
    assert totals_by_channel(summary().payments(DAY)) == {
        Means.CASH: ChannelTotal(2, 60_000, 0, credited_minor=50_000, unknown_minor=10_000),
        Means.CARD: ChannelTotal(1, 30_300, 0, refused_minor=30_300),
    }


def test_a_document_is_done_when_the_drive_has_closed_it():
    first = summary().document("f1")
    assert (first.amount_minor, first.day, first.outcome) == (50_000, DAY, Outcome.DONE)
    second = summary().document("f2")
    assert (second.amount_minor, second.account, second.outcome) == (10, "1", Outcome.UNKNOWN)


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def journal_path(tmp_path):
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, post=lambda call: call(), on_failed=pytest.fail)
    durable = threading.Semaphore(0)
    for kind, data in RECORDS[:11]:
        journal.append(kind, data, durable.release)
    for _ in range(11):
        assert durable.acquire(timeout=10)
    journal.close()
    return path


def billing_row(txn_id: str, amount_minor: int, day: str = DAY):
    return {"txn_id": txn_id, "txn_date": f"{day}141200", "account": "001234567", "amount_minor": amount_minor}


def run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    reconcile_command.add_arguments(parser)
    return reconcile_command.run(parser.parse_args([str(each) for each in arguments]))


def test_the_night_compares_all_four(journal_path, tmp_path, capsys):
    billing, fiscal = tmp_path / "billing.csv", tmp_path / "fiscal.csv"
    write_register(billing, BILLING_DAY, [billing_row("1", 50_000), billing_row("3", 10_000)], {"day": DAY})
    document = {"fiscal_id": "f1", "at": f"{DAY}141200", "account": "001234567", "amount_minor": 50_000}
    write_register(fiscal, FISCAL_DAY, [{**document, "fn": "1", "fd": "2", "fpd": "3"}], {"day": DAY})
    options = ["--day", DAY, "--billing", billing, "--fiscal", fiscal, "--device", "500x1", "--json"]
    assert run(journal_path, *options) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["source"], line["agrees"]) for line in lines if "agrees" in line] == [
        ("billing", False),
        ("fiscal", True),
        ("device", True),
    ]
    (found,) = [line for line in lines if "difference" in line]
    assert (found["difference"], found["key"], found["owner"]) == ("unknown", "3", "billing")
    assert found["detail"] == "unknown here, done there"


def test_a_day_that_agrees_ends_with_zero_and_a_late_line_is_told(journal_path, tmp_path, capsys):
    billing = tmp_path / "billing.csv"
    write_register(billing, BILLING_DAY, [billing_row("4", 70_000, "20261122")], {"day": DAY})
    assert run(journal_path, "--day", "20261122", "--billing", billing) == 0
    assert "billing: agrees; here 1 for" in capsys.readouterr().out
    write_register(billing, BILLING_DAY, [billing_row("4", 70_000, DAY)], {"day": DAY})
    assert run(journal_path, "--day", DAY, "--billing", billing) == 1
    out = capsys.readouterr().out
    assert "late           4" in out
    assert "missing_there  1" in out
    assert "missing_here" not in out


def test_a_difference_of_counters_is_named_by_its_value_in_rubles(journal_path, capsys):
    assert run(journal_path, "--day", DAY, "--device", "0") == 1
    assert "missing_there  500 rubles " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--day", "23.11.2026"], "ГГГГММДД"),
        (["--day", DAY], "не с чем сравнивать"),
        (["--day", DAY, "--billing", "/none/there.csv"], "there is no register"),
        (["--day", DAY, "--billing", "x", "--layout", "excel"], "known are"),
        (["--day", DAY, "--device", "five"], "1000x3"),
        (["--day", DAY, "--device", ""], "nothing is counted"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(journal_path, options, says):
    with pytest.raises(CommandError, match=says):
        run(journal_path, *options)
