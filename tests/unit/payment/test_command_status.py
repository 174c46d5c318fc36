"""Every command of `python -m payment` ends as `diff` and `grep` do: 0 agrees, 1 something is wrong, 2 bad input."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from payment.__main__ import COMMANDS, main
from payment.journal.file import JournalFile, connect
from payment.reconciliation.register_layouts import BILLING_DAY
from payment.reconciliation.registers import write_register

DAY = "20261123"
CREDITED = [
    ("session_open", {"session_id": "s1", "account": "100000017"}),
    ("escrow_seen", {"session_id": "s1", "value_minor": 50_000}),
    ("stacked", {"session_id": "s1", "value_minor": 50_000}),
    (
        "pay_intent",
        {
            "session_id": "s1",
            "txn_id": "1",
            "txn_date": f"{DAY}141200",
            "account": "100000017",
            "amount_minor": 50_000,
            "fee_minor": 0,
        },
    ),
    (
        "pay_result",
        {
            "session_id": "s1",
            "txn_id": "1",
            "outcome": "credited",
            "provider_txn": "7",
            "amount_minor": 50_000,
            "fee_minor": 0,
        },
    ),
    ("session_closed", {"session_id": "s1"}),
]
EMPTIED = [
    ("cassette_out", {}),
    ("cassette_in", {}),
]


def journal_of(path: Path, entries: list[tuple[str, dict[str, object]]]) -> Path:
    with contextlib.closing(connect(path, to_write=True)) as connection:
        JournalFile(connection, boot_id="b", software_version="1").commit(entries)
    return path


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Names in the tests' arguments -> files."""
    journal = journal_of(tmp_path / "journal.sqlite", CREDITED)
    impossible = journal_of(tmp_path / "impossible.sqlite", [("stacked", {"session_id": "s1", "value_minor": -1})])
    torn = journal_of(tmp_path / "torn.sqlite", CREDITED)
    with contextlib.closing(connect(torn, to_write=True)) as connection:
        connection.execute("DROP TRIGGER record_is_never_deleted")
        connection.execute("DELETE FROM record WHERE sequence = 2")
    (tmp_path / "text").write_text("words of a person " * 200)
    row = {"txn_id": "1", "txn_date": f"{DAY}141200", "account": "100000017", "amount_minor": 50_000}
    write_register(tmp_path / "same.csv", BILLING_DAY, [row], {"day": DAY})
    write_register(tmp_path / "other.csv", BILLING_DAY, [{**row, "amount_minor": 40_000}], {"day": DAY})
    named = {"JOURNAL": journal, "IMPOSSIBLE": impossible, "TORN": torn, "TEXT": tmp_path / "text"}
    named |= {"SAME": tmp_path / "same.csv", "OTHER": tmp_path / "other.csv", "NONE": tmp_path / "none"}
    return {name: str(path) for name, path in named.items()} | {"OUT": str(tmp_path / "out")}


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("journal JOURNAL verify", 0),
        ("journal JOURNAL list", 0),
        ("journal JOURNAL books", 0),
        ("journal JOURNAL export s1", 0),
        ("journal JOURNAL find 100000017", 0),
        ("journal JOURNAL find 200000028", 1),
        ("journal TORN verify", 1),
        ("journal IMPOSSIBLE verify", 1),
        ("journal TORN list", 2),
        ("journal IMPOSSIBLE books", 2),
        ("journal TEXT verify", 2),
        ("journal NONE verify", 2),
        ("journal JOURNAL export nobody", 2),
        ("journal JOURNAL find", 2),
        ("encash JOURNAL list", 0),
        ("encash JOURNAL slip", 2),
        ("encash TEXT list", 2),
        (f"reconcile JOURNAL --day {DAY} --billing SAME", 0),
        (f"reconcile JOURNAL --day {DAY} --device 500x1", 0),
        (f"reconcile JOURNAL --day {DAY} --billing OTHER", 1),
        (f"reconcile JOURNAL --day {DAY} --device 500x2", 1),
        (f"reconcile JOURNAL --day {DAY} --billing NONE", 2),
        (f"reconcile JOURNAL --day {DAY}", 2),
        (f"reconcile TORN --day {DAY} --billing SAME", 2),
        (f"report JOURNAL day --day {DAY} --out OUT", 0),
        (f"report JOURNAL day --day {DAY} --billing SAME --out OUT", 0),
        (f"report JOURNAL day --day {DAY} --billing OTHER --out OUT", 1),
        ("report JOURNAL collection --out OUT", 2),
        (f"register JOURNAL --day {DAY} --out OUT", 0),
        (f"register NONE --day {DAY} --out OUT", 2),
        ("sandbox --port 70000 --database OUT", 2),
        ("simulate --sabotage list", 0),
        ("simulate --visits 50", 0),
        ("simulate --sabotage drop-refusal --seed 7", 1),
        ("simulate --replay-file TEXT", 2),
        ("qr --account 100000017 --sum-minor 100 --out OUT", 0),
        ("qr --account 100000017 --sum-minor 0 --out OUT", 2),
    ],
)
def test_a_command_ends_as_diff_and_grep_do(
    words: str, status: int, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([files.get(word, word) for word in words.split()]) == status
    told = capsys.readouterr()
    if status == 2:
        assert told.out == ""
        assert len(told.err.splitlines()) == 1
        assert told.err.startswith(f"payment {words.split()[0]}: ")


@pytest.mark.parametrize("over", ["JOURNAL", "SAME", "TEXT", "TORN"])
@pytest.mark.parametrize(
    "words",
    [
        f"report JOURNAL day --day {DAY} --billing SAME --out",
        f"register JOURNAL --day {DAY} --out",
        "qr --account 100000017 --sum-minor 100 --out",
    ],
)
def test_a_result_is_written_over_nothing_but_an_older_result(words, over, files, capsys) -> None:
    before = Path(files[over]).read_bytes()
    register_over_register = words.startswith("register") and over == "SAME"
    status = 0 if register_over_register else 2
    assert main([files.get(word, word) for word in (*words.split(), over)]) == status
    if status:
        assert "не тронут" in capsys.readouterr().err
        assert Path(files[over]).read_bytes() == before


@pytest.mark.parametrize("words", ["report JOURNAL day --day 20261123", "register JOURNAL --day 20261123"])
@pytest.mark.parametrize("out", ["", "."])
def test_a_result_needs_the_name_of_a_file(words, out, files, capsys) -> None:
    assert main([*(files.get(word, word) for word in words.split()), "--out", out]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_register_of_another_day_never_agrees(files, capsys) -> None:
    assert main(["reconcile", files["JOURNAL"], "--day", "20261122", "--billing", files["SAME"]]) == 1
    assert "late" in capsys.readouterr().out


def test_a_recount_that_does_not_agree_differs_in_both_commands(tmp_path: Path) -> None:
    path = str(journal_of(tmp_path / "journal.sqlite", [*CREDITED, *EMPTIED]))
    out = str(tmp_path / "act.pdf")
    for counted, status in (("500x1", 0), ("100x1", 1)):
        assert main(["encash", path, "recount", "--counted", counted]) == status
        assert main(["report", path, "collection", "--counted", counted, "--out", out]) == status


@pytest.mark.parametrize("day", ["20260231", "20251301", "20260010", "00000101", "2026-02-1", "２０２６０２０１", ""])
@pytest.mark.parametrize(
    "words", ["reconcile JOURNAL --billing SAME", "register JOURNAL", "report JOURNAL day --out OUT"]
)
def test_a_day_that_is_in_no_calendar_is_refused(
    words: str, day: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*(files.get(word, word) for word in words.split()), "--day", day]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not Path(files["OUT"]).exists()


def test_what_argparse_refuses_is_bad_input_too() -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([command.name, "--no-such-option"])
        assert ended.value.code == 2


def test_a_broken_chain_is_a_verdict_that_a_program_can_read(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["journal", files["TORN"], "verify", "--json"]) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["sound"], len(verdict["faults"])) == (False, 1)
    assert "record 2" in verdict["faults"][0]


def test_a_journal_is_listed_with_the_time_and_summed_up_since_its_beginning(files, capsys):
    assert main(["journal", files["JOURNAL"], "list"]) == 0
    assert all(
        re.match(r" +\d+ \d\d\.\d\d\.\d{4} \d\d:\d\d \w+", line) for line in capsys.readouterr().out.splitlines()
    )
    assert main(["journal", files["JOURNAL"], "books"]) == 0
    assert re.match(r"all that came and went since \d\d\.\d\d\.\d{4} \d\d:\d\d:\n", capsys.readouterr().out)


def test_a_reader_who_has_enough_is_no_error(files):
    words = [sys.executable, "-m", "payment", "journal", files["JOURNAL"], "list"]
    reader, writer = os.pipe()
    os.close(reader)  # it is gone before the first line
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")
