"""Encashment: what lay there, who took it, what the recount found; all from the journal, without a network."""

from __future__ import annotations

import argparse
import json
import threading
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.command import CommandError
from payment.contract import JournalRecord
from payment.encashment import command as encash_command
from payment.encashment.collections import (
    CollectionState,
    CountError,
    collections,
    everything,
    parse_counted,
    recount,
    recount_data,
    unauthorised,
)
from payment.encashment.slips import after_slip, before_slip, recount_slip
from payment.journal.journal import Journal, read_journal
from payment.local_time import moment_words, zone_of
from payment.receipt import Heading, Issuer
from payment.slip_text import WIDTH, slip_text

MOSCOW = timezone(timedelta(hours=3))
ISSUER = Issuer("АО «Энергосбыт»", "8 800 000-00-00", "Терминал № 7")
WHO = {"collection_id": "c1", "number": 4, "authorised": True, "collector": "Петров П. П.", "seal": "А 0012345"}
IN_CASSETTE = [
    ("stacked", {"value_minor": 100_000}),
    ("stacked", {"value_minor": 50_000}),
    ("stacked", {"value_minor": 50_000}),
    ("coin_in", {"value_minor": 1_000, "counter": 7}),
    ("in_doubt", {"value_minor": 500_000}),
]
EMPTYING = [
    ("collection_open", WHO),
    ("cassette_out", {"collection_id": "c1"}),
    ("cassette_in", {"collection_id": "c1"}),
    ("counters_reset", {"collection_id": "c1"}),
    ("collection_closed", {"collection_id": "c1"}),
]


def journal(*parts: tuple[str, dict[str, object]]) -> list[JournalRecord]:
    """Records a minute apart, from 23.11.2026 14:12 in Moscow."""
    first_ms = 1_795_432_320_000
    return [
        JournalRecord(number, kind, data, first_ms + number * 60_000, 0, "", "", b"")
        for number, (kind, data) in enumerate(parts)
    ]


def text(lines) -> str:
    return slip_text(lines).replace("\u00a0", " ")


def test_a_collection_tells_what_lay_there_in_doubt_apart():
    (found,) = collections(journal(*IN_CASSETTE, *EMPTYING))
    assert (found.number, found.collector, found.seal, found.authorised) == (4, "Петров П. П.", "А 0012345", True)
    assert dict(found.lay.notes) == {100_000: 1, 50_000: 2}
    assert dict(found.lay.coins) == {1_000: 1}
    assert found.lay.in_doubt_minor == 500_000
    assert found.state is CollectionState.CLOSED
    assert found.opened_ms < found.out_ms < found.in_ms < found.reset_ms < found.closed_ms


def test_what_is_taken_after_the_change_belongs_to_the_next_collection():
    again = [(kind, {**data, "number": 5} if "number" in data else data) for kind, data in EMPTYING]
    records = journal(*IN_CASSETTE, *EMPTYING, ("stacked", {"value_minor": 10_000}), *again)
    first, second = collections(records)
    assert (first.lay.total_minor, second.lay.total_minor) == (200_000, 10_000)
    assert second.lay.in_doubt_minor == 0
    assert (first.number, second.number) == (4, 5)


@pytest.mark.parametrize("length", range(len(EMPTYING) + 1))
def test_a_collection_cut_anywhere_is_told_as_far_as_it_went(length):
    found = collections(journal(*IN_CASSETTE, *EMPTYING[:length]))
    if length == 0:
        assert found == []
        return
    states = [CollectionState.OPEN, CollectionState.CASSETTE_OUT, *[CollectionState.CASSETTE_IN] * 2]
    assert found[0].state is [*states, CollectionState.CLOSED][length - 1]
    assert found[0].lay.total_minor == 200_000


def test_a_cassette_taken_without_a_sign_in_is_a_collection_that_nobody_answers_for():
    (found,) = collections(journal(*IN_CASSETTE, ("cassette_out", {}), ("cassette_in", {})))
    assert not found.authorised
    assert found.collector == ""
    assert found.lay.total_minor == 200_000
    assert unauthorised([found]) == [found]
    assert "Без входа инкассатора" in text(before_slip(found, ISSUER, MOSCOW))


def test_a_closed_collection_does_not_take_in_a_later_removal():
    found = collections(journal(*EMPTYING, ("stacked", {"value_minor": 1_000}), ("cassette_out", {})))
    assert [each.authorised for each in found] == [True, False]
    assert found[0].state is CollectionState.CLOSED


def test_the_slip_before_counts_by_value_and_keeps_doubt_apart():
    (found,) = collections(journal(*IN_CASSETTE, *EMPTYING))
    slip = text(before_slip(found, ISSUER, MOSCOW))
    for row in ("1000 ₽ × 1", "500 ₽ × 2", "10 ₽ × 1", "Под вопросом", "5 000,00 ₽", "2 010,00 ₽", "23.11.2026 14:17"):
        assert row in slip
    assert slip.index("1000 ₽ × 1") < slip.index("500 ₽ × 2")
    assert "Номер сумки" in slip
    assert "А 0012345" in slip
    assert "КОПИЯ" not in slip
    assert all(len(line) <= WIDTH for line in slip.splitlines())


@pytest.mark.parametrize("slip", [before_slip, after_slip])
def test_a_second_print_is_marked_as_a_copy(slip):
    (found,) = collections(journal(*IN_CASSETTE, *EMPTYING))
    assert Heading("КОПИЯ", large=True) in slip(found, ISSUER, MOSCOW, copy=True)
    assert Heading("КОПИЯ", large=True) not in slip(found, ISSUER, MOSCOW)


def test_the_slip_after_says_what_went_and_that_nothing_is_left():
    (found,) = collections(journal(*IN_CASSETTE, *EMPTYING))
    slip = text(after_slip(found, ISSUER, MOSCOW))
    for row in ("Кассета вынута", "Счётчики обнулены", "2 010,00 ₽", "0,00 ₽"):
        assert row in slip
    (cut,) = collections(journal(*IN_CASSETTE, *EMPTYING[:2]))
    assert "не обнулено" in text(after_slip(cut, ISSUER, MOSCOW))


def test_a_recount_that_agrees_says_so():
    records = journal(IN_CASSETTE[0], *EMPTYING)
    counted = recount(collections(records)[0], {100_000: 1})
    assert counted.agrees
    assert "Сходится" in text(recount_slip(counted, ISSUER, MOSCOW))


def test_shortage_and_surplus_are_told_by_value_and_a_doubted_note_explains_its_surplus():
    (found,) = collections(journal(*IN_CASSETTE, *EMPTYING))
    counted = recount(found, {500_000: 1, 100_000: 1, 50_000: 1, 1_000: 1})
    assert (counted.surplus_minor, counted.shortage_minor, counted.explained_minor) == (500_000, 50_000, 500_000)
    assert not counted.agrees
    data = recount_data(counted, "Касса № 2")
    assert [(row["value_minor"], row["surplus"]) for row in data["differences"]] == [(50_000, False), (500_000, True)]
    assert (data["expected_minor"], data["counted_minor"]) == (201_000, 651_000)
    slip = text(recount_slip(counted, ISSUER, MOSCOW))
    assert "по журналу 2 шт., на деле 1 шт." in slip
    assert slip.index("5000 ₽") < slip.index("500 ₽")
    assert "Излишек" in slip


def test_the_slip_of_a_recount_names_who_counted_or_leaves_room_for_the_name_and_the_hand():
    counted = recount(collections(journal(IN_CASSETTE[0], *EMPTYING))[0], {100_000: 1})
    *_, name, hand = text(recount_slip(counted, ISSUER, MOSCOW, counted_by="Орлова А. А.")).splitlines()
    assert (name.split(maxsplit=1), hand.split()) == (["Пересчитал", "Орлова А. А."], ["Подпись", "_" * 16])
    *_, name, hand = text(recount_slip(counted, ISSUER, MOSCOW, counted_by=" ")).splitlines()
    assert (name.split(), hand.split()) == (["Пересчитал", "_" * 16], ["Подпись", "_" * 16])


def test_a_shortage_is_never_explained_by_doubt():
    (found,) = collections(journal(*IN_CASSETTE, *EMPTYING))
    counted = recount(found, {50_000: 2, 1_000: 1})
    assert (counted.shortage_minor, counted.surplus_minor, counted.explained_minor) == (100_000, 0, 0)


def test_a_recount_is_read_as_a_person_writes_it():
    assert parse_counted("1000x3, 500х12,50×1") == {100_000: 3, 50_000: 12, 5_000: 1}
    assert parse_counted("0") == {}


@pytest.mark.parametrize(
    "text", ["", " ", ",", "0,0", "1000", "x3", "1000x", "1000x-3", "1000x3,1000x1", "0x1", "1e3x1", "٣x1", "1000x3x1"]
)
def test_a_recount_that_cannot_be_read_is_refused(text):
    with pytest.raises(CountError):
        parse_counted(text)


@given(st.text(max_size=30))
def test_any_text_of_a_recount_is_counts_or_the_declared_error(text):
    try:
        counted = parse_counted(text)
    except CountError:
        return
    assert all(value > 0 and number >= 0 for value, number in counted.items())


def write(path, parts) -> Journal:
    """A journal that goes on being open for writing."""
    journal = Journal.open(path, post=lambda call: call(), on_failed=pytest.fail)
    durable = threading.Semaphore(0)
    for kind, data in parts:
        journal.append(kind, data, durable.release)
    for _ in parts:
        assert durable.acquire(timeout=10)
    return journal


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    encash_command.add_arguments(parser)
    return encash_command.run(parser.parse_args(arguments))


def test_the_command_reads_the_journal_beside_its_terminal(tmp_path, capsys):
    path = tmp_path / "journal.sqlite"
    journal = write(path, [*IN_CASSETTE, *EMPTYING])
    try:
        assert run(str(path), "list", "--json") == 0
        listed = json.loads(capsys.readouterr().out)
        assert (listed["number"], listed["total_minor"], listed["in_doubt_minor"]) == (4, 201_000, 500_000)
        assert listed["counts"] == {"1000": 1, "50000": 2, "100000": 1}
        opened = [collection.opened_ms for collection in collections(read_journal(path))]
        for zone, options in (("Europe/Moscow", []), ("Asia/Vladivostok", ["--time-zone", "Asia/Vladivostok"])):
            assert run(str(path), "list", *options) == 0
            assert moment_words(opened[0], zone_of(zone)) in capsys.readouterr().out
        assert run(str(path), "slip", "--copy") == 0
        assert "КОПИЯ" in capsys.readouterr().out
        assert run(str(path), "recount", "--counted", "1000x1", "--by", "Орлова А. А.") == 1
        assert "Орлова А. А." in capsys.readouterr().out
        assert run(str(path), "recount", "--counted", "1000x1", "--json") == 1
        assert json.loads(capsys.readouterr().out)["shortage_minor"] == 101_000
    finally:
        journal.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["slip", "--number", "9"], "инкассации 9 нет"),
        (["recount", "--counted", "many"], "1000x3"),
        (["recount"], "nothing is counted"),
        (["recount", "--counted", ""], "nothing is counted"),
        (["list", "--time-zone", "Moscow"], "a name like Europe/Moscow"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path, arguments, says):
    path = tmp_path / "journal.sqlite"
    write(path, EMPTYING).close()
    with pytest.raises(CommandError, match=says):
        run(str(path), *arguments)


def test_a_journal_without_collections_or_none_at_all_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="there is no journal"):
        run(str(tmp_path / "none.sqlite"), "list")
    write(tmp_path / "journal.sqlite", IN_CASSETTE).close()
    with pytest.raises(CommandError, match="кассету ещё не вынимали"):
        run(str(tmp_path / "journal.sqlite"), "slip")


def test_notes_and_coins_of_one_value_are_counted_together():
    (found,) = collections(journal(("stacked", {"value_minor": 1_000}), ("coin_in", {"value_minor": 1_000}), *EMPTYING))
    assert everything(found.lay) == {1_000: 2}
