"""Reports as values, and on paper: whole Russian text, right figures, one clear error."""

from __future__ import annotations

import argparse
import subprocess
import threading
from datetime import timedelta, timezone

import pytest

from payment.command import CommandError
from payment.contract import JournalRecord, Means
from payment.encashment.collections import collections, recount
from payment.journal.journal import Journal
from payment.reconciliation.compare import Difference, Entry, Outcome, Owner, Source, compare, compare_counts
from payment.reconciliation.daily_totals import ChannelTotal
from payment.reports import command as report_command
from payment.reports import pdf as report_pdf
from payment.reports.pdf import ReportError, write_pdf
from payment.reports.values import (
    DIFFERENCE_WORDS,
    OWNER_WORDS,
    ROWS_MAX,
    SOURCE_WORDS,
    Letterhead,
    collection_report,
    day_report,
)

DAY = "20261123"
MOSCOW = timezone(timedelta(hours=3))
HEAD = Letterhead("АО «Энергосбыт»", "Терминал № 7, Невский пр., 174", "24.11.2026 03:15")
TOTALS = {
    Means.CASH: ChannelTotal(41, 5_432_100, 0, 5_300_000, 100_000, 32_100),
    Means.CARD: ChannelTotal(7, 900_000, 900, 899_100, 0, 0),
}
NAMED = {"collection_id": "c1", "number": 12, "authorised": True, "collector": "Петров П. П.", "seal": "А 0012345"}
EMPTYING = [
    ("stacked", {"value_minor": 500_000}),
    ("stacked", {"value_minor": 50_000}),
    ("coin_in", {"value_minor": 1_000, "counter": 1}),
    ("in_doubt", {"value_minor": 100_000}),
    ("collection_open", NAMED),
    ("cassette_out", NAMED),
    ("cassette_in", NAMED),
    ("counters_reset", NAMED),
    ("collection_closed", NAMED),
]


def compared():
    ours = [Entry(str(number).zfill(20), "001234567", 10_000, DAY) for number in range(3)]
    theirs = [ours[0], ours[1]._replace(amount_minor=10_001), Entry("9" * 20, "<&>", 5, DAY)]
    return [
        compare(ours, theirs, source=Source.BILLING),
        compare_counts({50_000: 2}, {50_000: 2}),
    ]


def emptied():
    records = [
        JournalRecord(number, kind, data, 1_795_432_320_000 + number * 60_000, 0, "", "", b"")
        for number, (kind, data) in enumerate(EMPTYING)
    ]
    return collections(records)[0]


def flat(report) -> str:
    cells = [cell for table in report.tables for row in (table.header, *table.rows) for cell in row]
    return "\n".join([report.title, report.verdict, *(f"{n}: {v}" for n, v in report.facts), *cells])


def test_the_day_sums_its_channels_and_names_each_difference_with_its_owner():
    report = day_report(HEAD, DAY, TOTALS, compared())
    assert report.verdict == "Расхождений: 3"
    assert not report.agrees
    channels, sources, differences = report.tables
    assert channels.rows[-1][:3] == ("Всего", "48", "63\u00a0321,00")
    assert [row[0] for row in sources.rows] == ["Биллинг", "Счётчики устройств"]
    assert sources.rows[1][-1] == "сходится"
    assert {row[1] for row in differences.rows} == {"другая сумма", "нет в журнале", "нет у другой стороны"}
    assert ("День", "23.11.2026") in report.facts


def test_a_day_without_differences_and_one_that_was_not_compared_say_so():
    agreed = day_report(HEAD, DAY, TOTALS, compared()[1:])
    assert (agreed.verdict, agreed.agrees) == ("Расхождений нет", True)
    alone = day_report(HEAD, DAY, {}, [])
    assert (alone.verdict, alone.agrees) == ("Сверка не проводилась", False)
    assert len(alone.tables) == 1


def test_every_word_of_the_comparison_has_its_russian_one():
    assert set(DIFFERENCE_WORDS) == set(Difference)
    assert set(OWNER_WORDS) == set(Owner)
    assert set(SOURCE_WORDS) == set(Source)


def test_a_difference_of_a_device_is_named_by_the_note_and_how_many_there_are():
    differences = day_report(HEAD, DAY, {}, [compare_counts({50_000: 3, 1_000: 1}, {50_000: 1, 1_000: 2})]).tables[-1]
    assert [row[1:6] for row in differences.rows] == [
        ("излишек", "10\u00a0₽: по журналу 1\u00a0шт., по счётчику 2\u00a0шт.", "", "10,00", "20,00"),
        ("недостача", "500\u00a0₽: по журналу 3\u00a0шт., по счётчику 1\u00a0шт.", "", "1\u00a0500,00", "500,00"),
    ]


def test_a_long_list_is_cut_and_says_so():
    ours = [Entry(str(number), "1", 1, DAY, Outcome.DONE) for number in range(ROWS_MAX + 5)]
    differences = day_report(HEAD, DAY, {}, [compare(ours, [], source=Source.BANK)]).tables[-1]
    assert len(differences.rows) == ROWS_MAX
    assert "ещё 5" in differences.note


def test_the_act_of_a_collection_tells_who_what_and_what_was_counted():
    alone = collection_report(HEAD, emptied(), None, MOSCOW)
    assert alone.verdict == "Пересчёт ещё не записан"
    assert alone.signatures == ("Инкассатор",)
    for words in ("Петров П. П.", "А 0012345", "5\u00a0510,00\u00a0₽", "Под вопросом, отдельно: 1\u00a0000,00\u00a0₽"):
        assert words in flat(alone)
    counted = recount(emptied(), {500_000: 1, 100_000: 1, 1_000: 1})
    report = collection_report(HEAD, emptied(), counted, MOSCOW)
    assert report.verdict.startswith("Пересчёт не сошёлся: недостача 500,00\u00a0₽; излишек 1\u00a0000,00\u00a0₽")
    assert report.tables[0].rows == (
        ("5000\u00a0₽", "1", "5\u00a0000,00", "1", "0"),
        ("1000\u00a0₽", "0", "0,00", "1", "+1"),
        ("500\u00a0₽", "1", "500,00", "0", "\u22121"),
        ("10\u00a0₽", "1", "10,00", "1", "0"),
        ("Всего", "3", "5\u00a0510,00", "3", "0"),
    )


def test_the_paper_holds_every_word_and_the_same_report_is_the_same_file(tmp_path):
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    for path in (one, two):
        write_pdf(path, day_report(HEAD, DAY, TOTALS, compared()))
    assert one.read_bytes() == two.read_bytes()
    text = subprocess.run(["pdftotext", "-layout", str(one), "-"], capture_output=True, text=True, check=True).stdout
    for words in (
        "Отчёт терминала за день",
        "АО «Энергосбыт»",
        "Расхождений: 3",
        "<&>",
        "Страница 1",
        "63 321,00",
        "Бухгалтер",
        "подпись",
        "фамилия, инициалы",
    ):
        assert words in text.replace("\u00a0", " ")


def test_a_long_report_goes_over_pages(tmp_path):
    ours = [Entry(str(number).zfill(20), "1", 1, DAY) for number in range(300)]
    path = tmp_path / "long.pdf"
    write_pdf(path, day_report(HEAD, DAY, {}, [compare(ours, [], source=Source.BILLING)]))
    assert path.read_bytes().count(b"/Type /Page\n") > 3


def test_a_missing_font_and_a_missing_folder_are_one_sentence(tmp_path, monkeypatch):
    report = day_report(HEAD, DAY, {}, [])
    with pytest.raises(ReportError, match="cannot be written"):
        write_pdf(tmp_path / "none" / "r.pdf", report)
    report_pdf.register_fonts.cache_clear()
    monkeypatch.setattr(report_pdf, "FONT_FOLDERS", (tmp_path,))
    with pytest.raises(ReportError, match="fonts-dejavu"):
        write_pdf(tmp_path / "r.pdf", report)


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def journal_path(tmp_path):
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, post=lambda call: call(), on_failed=pytest.fail)
    durable = threading.Semaphore(0)
    for kind, data in EMPTYING:
        journal.append(kind, data, durable.release)
    for _ in EMPTYING:
        assert durable.acquire(timeout=10)
    journal.close()
    return path


def run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    report_command.add_arguments(parser)
    return report_command.run(parser.parse_args([str(each) for each in arguments]))


def test_the_command_writes_both_reports(journal_path, tmp_path, capsys):
    out = tmp_path / "report.pdf"
    assert run(journal_path, "day", "--day", DAY, "--device", "5000x1,500x1,10x1", "--out", out) == 1
    assert "Сверка" not in capsys.readouterr().out
    assert out.read_bytes().startswith(b"%PDF")
    assert run(journal_path, "collection", "--counted", "5000x1", "--out", out) == 1
    assert "не сошёлся" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["day"], "ГГГГММДД"),
        (["collection", "--number", "3"], "инкассации 3 нет"),
        (["collection", "--counted", "x"], "1000x3"),
        (["collection", "--counted", ""], "nothing is counted"),
        (["day", "--day", DAY, "--time-zone", ""], "a name like Europe/Moscow"),
    ],
)
def test_what_cannot_be_reported_is_one_sentence(journal_path, tmp_path, options, says):
    with pytest.raises(CommandError, match=says):
        run(journal_path, *options, "--out", tmp_path / "r.pdf")
