"""A visit is taken out of a journal as a file, and the simulator plays it again to the same records."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from payment.__main__ import main
from payment.contract import JournalRecord
from payment.journal.black_box import BlackBoxError, Visit, decode_visit, encode_visit, find_visit
from payment.journal.file import JournalFile, connect
from payment.simulation.crash import Cut
from payment.simulation.pairs import VISITS, Stroke, records_of
from payment.simulation.replay import replay


def visit_of(records: list[JournalRecord]) -> Visit:
    session_id = next(str(record.data["session_id"]) for record in records if record.kind == "session_open")
    return find_visit(records, session_id)


@pytest.mark.parametrize("name", VISITS)
def test_an_undisturbed_visit_is_played_to_the_same_records(name: str):
    played = replay(visit_of(records_of(name)))
    assert played.differences == []
    assert played.restarts == 0
    assert len(played.trace) > 10


@pytest.mark.parametrize(
    ("name", "restarts_show"), [("note", True), ("qr", True), ("card", False), ("split card", False)]
)
def test_a_visit_with_a_crash_is_played_with_a_restart_where_the_records_show_one(name: str, restarts_show: bool):
    restarts = 0
    for point in range(25, 55):
        records = records_of(name, (Stroke(point, Cut.POWER_LOST),))
        if any(record.kind == "session_open" for record in records):
            played = replay(visit_of(records))
            assert played.differences == [], f"cut at {point}: {played.trace}"
            restarts += played.restarts
    assert (restarts > 0) == restarts_show


def test_a_record_that_today_would_be_another_one_is_told():
    visit = visit_of(records_of("note"))
    at = next(at for at, record in enumerate(visit.records) if record.kind == "pay_intent")
    changed = replace(visit.records[at], data={**visit.records[at].data, "amount_minor": 400_00})
    played = replay(replace(visit, records=[*visit.records[:at], changed, *visit.records[at + 1 :]]))
    assert ["pay_intent" in difference for difference in played.differences][:1] == [True]


def test_a_visit_is_found_by_the_number_on_its_slip():
    records = records_of("note")
    number = next(str(record.data["txn_id"]) for record in records if record.kind == "pay_intent")
    assert find_visit(records, number) == visit_of(records)


def test_what_came_after_the_customer_had_left_belongs_to_the_visit():
    records = records_of("note")
    intent = next(record for record in records if record.kind == "pay_intent")
    late = replace(records[-1], kind="pay_result", data={"txn_id": intent.data["txn_id"], "outcome": "credited"})
    assert find_visit([*records, late], str(intent.data["session_id"])).records[-1] is late


def test_a_visit_survives_its_file():
    visit = visit_of(records_of("split card"))
    assert decode_visit(encode_visit(visit)) == visit


@pytest.mark.parametrize("damage", [{"value_minor": None}, {"value_minor": "x"}, None])
def test_a_damaged_record_of_a_file_is_named_and_not_fallen_over(damage: dict[str, object] | None):
    visit = visit_of(records_of("note"))
    at = next(at for at, record in enumerate(visit.records) if record.kind == "stacked")
    data = {} if damage is None else {**visit.records[at].data, **damage}
    spoilt = replace(visit, records=[*visit.records[:at], replace(visit.records[at], data=data)])
    with pytest.raises(BlackBoxError, match=rf"record {visit.records[at].sequence} \(stacked\) cannot be played"):
        replay(decode_visit(encode_visit(spoilt)))


def test_records_of_a_file_that_are_out_of_order_are_no_visit():
    visit = visit_of(records_of("note"))
    with pytest.raises(BlackBoxError, match="out of order"):
        decode_visit(encode_visit(replace(visit, records=visit.records[::-1])))


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 2, "session_id": "x", "records": []}', "\x00" * 99])
def test_a_file_that_is_no_visit_gets_the_one_error(text: str):
    with pytest.raises(BlackBoxError, match="no visit"):
        decode_visit(text)


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal file with one visit."""
    path = tmp_path / "journal.sqlite"
    with contextlib.closing(connect(path, to_write=True)) as connection:
        file = JournalFile(connection, boot_id="b", software_version="1")
        file.commit((record.kind, record.data) for record in records_of("note"))
    return path


def test_the_command_exports_a_visit_that_the_simulator_plays(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["journal", str(journal), "list", "--json"]) == 0
    session_id = capsys.readouterr().out.split('"session_id": "')[1].split('"')[0]
    assert main(["journal", str(journal), "export", session_id]) == 0
    file = tmp_path / "visit.json"
    file.write_text(capsys.readouterr().out)
    assert main(["simulate", "--replay-file", str(file)]) == 0
    assert "the replay writes the same" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["export"], ["export", "nobody"], ["list", "somebody"]])
def test_a_wrong_visit_gets_one_sentence(journal: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["journal", str(journal), *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_that_cannot_be_played_gets_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["simulate", "--replay-file", str(tmp_path / "none.json")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("more", [["--replay", "1-42"], ["--pairs"], ["--visits", "5"]])
def test_a_file_is_played_alone(tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["simulate", "--replay-file", str(tmp_path / "visit.json"), *more]) == 2
    assert "лишние" in capsys.readouterr().err
