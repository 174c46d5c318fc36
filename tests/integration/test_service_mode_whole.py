"""Service mode at the real core with simulated devices: who gets in, a technician's acts, an emptying on the screen."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.keep import PaperKeeper
from payment.cassette import Cassette
from payment.encashment.collections import CollectionState, collections
from payment.encashment.collector import pin_hash
from payment.journal.journal import read_journal
from payment.ledger import Books
from signaling_server.contract.money import CollectorCard, CollectorsTold, TechniciansTold
from terminal_app.core.collectors import COLLECTORS_FILE, TECHNICIANS_FILE
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen, TerminalState
from terminal_app.ipc.pages import Choose, Enter
from tests.integration import office_bench
from tests.integration.core_bench import CoreBench, core_bench

COLLECTOR_CARD, TECHNICIAN_CARD, PIN = "04A1B2C3", "04DDEEFF", "7351"
NOTE_MINOR = 500_00


def card(name: str, card_id: str) -> CollectorCard:
    salt = card_id.encode()
    return CollectorCard(f"id-{card_id}", name, card_id, salt.hex(), pin_hash(PIN, salt).hex())


@pytest.fixture
async def bench(tmp_path) -> AsyncIterator[CoreBench]:
    """As the office told this terminal before the line was cut."""
    data = tmp_path / "data"
    data.mkdir()
    collectors = CollectorsTold([card("Петров П. П.", COLLECTOR_CARD)])
    technicians = TechniciansTold([card("Сидоров С. С.", TECHNICIAN_CARD)])
    (data / COLLECTORS_FILE).write_bytes(msgspec.json.encode(collectors))
    (data / TECHNICIANS_FILE).write_bytes(msgspec.json.encode(technicians))
    async with core_bench(tmp_path) as bench:
        printer = EscposSimulator(rows_per_s=100_000)
        await bench.device("bill_validator", "ccnet", CcnetSimulator(initialize_s=0.1))
        await bench.device("receipt_printer", "escpos", printer, keeper=PaperKeeper(printer, tmp_path))
        await bench.start()
        await bench.sees(lambda state: state.availability.cash and state.availability.printer, "a whole terminal")
        yield bench


async def comes_to_pin(bench: CoreBench, card_id: str) -> None:
    bench.press(ipc.HoldLogo())
    await bench.sees_page("service_card_typed")
    bench.press(Enter("service_card_typed", card_id.lower()))
    await bench.sees_page("service_pin")


async def signs_in(bench: CoreBench, card_id: str, page: str) -> TerminalState:
    await comes_to_pin(bench, card_id)
    bench.press(Enter("service_pin", PIN))
    return await bench.sees_page(page)


def records(bench: CoreBench):
    return read_journal(bench.folder / "data" / "journal.sqlite")


async def acts_written(bench: CoreBench, number: int) -> list[object]:
    """The first acts of service mode in the journal, once so many are there."""
    found: list[object] = []

    async def written() -> bool:
        found[:] = [record.data["act"] for record in records(bench) if record.kind == "service_act"]
        return len(found) >= number

    await office_bench.until(written, within_s=10)
    return found


def cash_inside(bench: CoreBench) -> int:
    """What lies in the cassette by the journal."""
    cassette = Cassette()
    for record in records(bench):
        cassette.add(record.kind, record.data)
    return cassette.count().total_minor


async def pays_by_a_note(bench: CoreBench) -> None:
    await bench.comes_to_amount()
    bench.press(ipc.ChooseAmount(NOTE_MINOR))
    await bench.sees_screen(Screen.CASH_IN)
    await bench.inserts(NOTE_MINOR)
    bench.press(ipc.PressPay())
    await bench.sees(lambda state: state.receipt is not None and state.receipt.printed is True, "the receipt")
    bench.press(ipc.Dismiss())
    await bench.sees_screen(Screen.ATTRACT)


async def test_a_collector_takes_the_cassette_through_the_screen_and_the_books_agree(bench):
    await pays_by_a_note(bench)
    assert cash_inside(bench) == NOTE_MINOR
    inside = await signs_in(bench, COLLECTOR_CARD, "service_seal")
    assert (inside.service, inside.service_who) == (True, "Петров П. П.")
    bench.press(ipc.StartPayment())  # a customer's press means nothing here
    bench.press(Enter("service_seal", "А 0012345"))
    await bench.sees(lambda state: state.page is not None and state.page.title.text == "Выньте кассету", "taking out")
    await bench.hand("bill_validator", do="cassette", present=False)
    await bench.sees(
        lambda state: state.page is not None and state.page.title.text == "Вставьте пустую кассету", "putting in"
    )
    await bench.hand("bill_validator", do="cassette", present=True, emptied=True)
    done = await bench.sees(
        lambda state: state.page is not None and state.page.title.text.startswith("Инкассация закончена"), "the end"
    )
    assert done.page is not None
    assert [choice.key for choice in done.page.choices] == ["finish", "copy", "slip"]
    bench.press(Choose("service_encashment", "slip"))
    slip = await bench.sees_page("service_slip")
    assert slip.page is not None
    assert any("500,00" in cell for row in slip.page.parts[0].rows for cell in row)
    bench.press(ipc.GoBack())
    await bench.sees_page("service_encashment")
    bench.press(Choose("service_encashment", "finish"))
    await bench.sees(lambda state: state.screen is Screen.ATTRACT and state.availability.cash, "a customer's terminal")

    (collection,) = collections(records(bench))
    assert (collection.state, collection.authorised) == (CollectionState.CLOSED, True)
    assert (collection.collector, collection.seal) == ("Петров П. П.", "А 0012345")
    books = Books((record.kind, record.data) for record in records(bench))
    assert list(books.faults()) == []
    assert (collection.lay.total_minor, cash_inside(bench)) == (NOTE_MINOR, 0)
    assert await acts_written(bench, 2) == ["sign_in", "leave"]
    assert {record.data["who"] for record in records(bench) if record.kind == "service_act"} == {"Петров П. П."}
    await pays_by_a_note(bench)
    assert cash_inside(bench) == NOTE_MINOR


async def test_three_wrong_pins_shut_the_door_and_stand_in_the_journal(bench):
    await comes_to_pin(bench, TECHNICIAN_CARD)
    for number in range(3):
        bench.press(Enter("service_pin", "0000"))
        if number < 2:
            await bench.sees_page("service_pin", busy=True)
            await bench.sees_page("service_pin")
    await bench.sees_screen(Screen.ATTRACT)
    bench.press(ipc.HoldLogo())
    bench.press(ipc.StartPayment())
    await bench.sees_screen(Screen.ACCOUNT_ENTRY)
    assert await acts_written(bench, 4) == [*["sign_in_refused"] * 3, "door_shut"]


async def test_nobody_comes_in_while_a_customer_is_served(bench):
    bench.press(ipc.StartPayment())
    await bench.sees_screen(Screen.ACCOUNT_ENTRY)
    bench.press(ipc.HoldLogo())
    bench.press(ipc.GoHome())
    await bench.sees_screen(Screen.ATTRACT)
    assert not any(state.service for state in bench.states)


async def test_a_technician_tries_devices_and_no_money_moves(bench):
    await pays_by_a_note(bench)
    slips = len(list(bench.folder.glob("slip-*.txt")))
    await signs_in(bench, TECHNICIAN_CARD, "service_menu")
    bench.press(Choose("service_menu", "devices"))
    listed = await bench.sees_page("service_devices")
    assert listed.page is not None
    assert {choice.key: choice.hint.key for choice in listed.page.choices} == {
        "bill_validator": "service.state.online",
        "receipt_printer": "service.state.online",
    }
    for device, words in (("receipt_printer", "service.test.printed"), ("bill_validator", "service.test.speaks")):
        bench.press(Choose("service_devices", device))
        await bench.sees_page("service_device")
        bench.press(Choose("service_device", "test"))
        await bench.sees(lambda state, words=words: state.page is not None and state.page.sentence.key == words, words)
        bench.press(ipc.GoBack())
        await bench.sees_page("service_devices")
    printed = sorted(bench.folder.glob("slip-*.txt"))
    assert len(printed) == slips + 1
    assert "Это не чек" in printed[-1].read_text("utf-8")
    refused = await bench.hand("bill_validator", do="state")
    assert refused["ok"]
    assert cash_inside(bench) == NOTE_MINOR
    assert len([record for record in records(bench) if record.kind == "session_open"]) == 1


async def test_a_technician_reads_the_day_and_leaves_with_a_bundle(bench):
    await pays_by_a_note(bench)
    await signs_in(bench, TECHNICIAN_CARD, "service_menu")
    bench.press(Choose("service_menu", "report"))
    report = await bench.sees_page("service_report")
    assert report.page is not None
    assert [pair.value.text for pair in report.page.pairs][:2] == ["1 · 500,00\u00a0₽", "500,00\u00a0₽"]
    bench.press(ipc.GoBack())
    await bench.sees_page("service_menu")
    bench.press(Choose("service_menu", "bundle"))
    written = await bench.sees_page("service_bundle")
    assert written.page is not None
    with zipfile.ZipFile(bench.folder / "data" / written.page.pairs[0].value.text) as bundle:
        whole = b"".join(bundle.read(name) for name in bundle.namelist()).decode()
    assert "pay_intent" in whole
    for secret in ("Сидоров", TECHNICIAN_CARD, str(Path(bench.folder)), "100000017"):
        assert secret not in whole
    bench.press(ipc.GoHome())
    await bench.sees_screen(Screen.ATTRACT)
    assert await acts_written(bench, 4) == ["sign_in", "report", "bundle", "leave"]
