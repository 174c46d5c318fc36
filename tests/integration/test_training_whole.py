"""Training at the real core: a whole payment by simulated money, and not a record of it anywhere but in the stand."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.keep import PaperKeeper
from payment.encashment.collector import pin_hash
from payment.journal.journal import read_journal
from payment.sandbox.seed import DEMO_ACCOUNT
from signaling_server.contract.money import CollectorCard, TechniciansTold
from terminal_app.core.collectors import TECHNICIANS_FILE
from terminal_app.core.training_side import FOLDER
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import PaymentMeans, Screen, TerminalState
from terminal_app.ipc.pages import Choose, Enter
from tests.integration import office_bench
from tests.integration.core_bench import ATTRIBUTE, CoreBench, core_bench

CARD, PIN, WHO = "04DDEEFF", "7351", "Сидоров С. С."


@pytest.fixture
async def bench(tmp_path) -> AsyncIterator[CoreBench]:
    data = tmp_path / "data"
    data.mkdir()
    salt = CARD.encode()
    technician = CollectorCard("id-1", WHO, CARD, salt.hex(), pin_hash(PIN, salt).hex())
    (data / TECHNICIANS_FILE).write_bytes(msgspec.json.encode(TechniciansTold([technician])))
    async with core_bench(tmp_path) as bench:
        printer = EscposSimulator(rows_per_s=100_000)
        await bench.device("bill_validator", "ccnet", CcnetSimulator(initialize_s=0.1))
        await bench.device("receipt_printer", "escpos", printer, keeper=PaperKeeper(printer, tmp_path))
        await bench.start()
        await bench.sees(lambda state: state.availability.cash and state.availability.printer, "a whole terminal")
        yield bench


def journal(bench: CoreBench) -> list[str]:
    """Every record of the real journal: its kind, or the act of service mode."""
    records = read_journal(bench.folder / "data" / "journal.sqlite")
    return [str(record.data["act"]) if record.kind == "service_act" else record.kind for record in records]


def stand(bench: CoreBench) -> Path:
    return bench.folder / FOLDER


async def begins_training(bench: CoreBench) -> TerminalState:
    bench.press(ipc.HoldLogo())
    for page, press in (
        ("service_card_typed", Enter("service_card_typed", CARD)),
        ("service_pin", Enter("service_pin", PIN)),
        ("service_menu", Choose("service_menu", "training")),
    ):
        await bench.sees(lambda state, page=page: state.page is not None and state.page.name == page, page)
        bench.press(press)
    # the means are asked only where there are two: a card reader still waking would leave cash alone
    return await bench.sees(
        lambda state: (
            state.training
            and state.screen is Screen.ATTRACT
            and state.availability.cash
            and state.availability.card
            and state.availability.printer
        ),
        "the training terminal",
    )


async def comes_to_cash(bench: CoreBench, amount_minor: int) -> None:
    for screen, press in (
        (Screen.ATTRACT, ipc.StartPayment()),
        (Screen.ACCOUNT_ENTRY, ipc.SubmitAccount(DEMO_ACCOUNT)),
        (Screen.ACCOUNT_CONFIRM, ipc.ConfirmAccount()),
        (Screen.SECOND_ATTRIBUTE, ipc.SubmitSecondAttribute(ATTRIBUTE)),
        (Screen.BALANCE, ipc.ChooseAmount(0)),
        (Screen.AMOUNT, ipc.ChooseAmount(amount_minor)),
        (Screen.MEANS, ipc.ChooseMeans(PaymentMeans.CASH)),
    ):
        await bench.sees_screen(screen)
        bench.press(press)
    await bench.sees(lambda state: state.cash is not None and state.cash.acceptor_ready, "the simulated slot")


async def test_a_whole_payment_is_practised_and_nothing_of_it_is_real(bench):
    untouched = journal(bench)
    begun = await begins_training(bench)
    assert (begun.service, begun.service_who) == (True, WHO)
    await comes_to_cash(bench, 600_00)
    refused = await bench.hand("bill_validator", do="state")
    for value_minor, inside_minor in ((500_00, 500_00), (100_00, 600_00)):
        bench.press(ipc.InsertTrainingNote(value_minor))
        await bench.sees(
            lambda state, inside=inside_minor: state.cash is not None and state.cash.inserted_minor == inside, "a note"
        )
    assert await bench.hand("bill_validator", do="state") == refused  # the real slot never opened
    bench.press(ipc.PressPay())
    receipt = await bench.sees(lambda state: state.receipt is not None and state.receipt.printed is True, "the slip")
    assert receipt.training
    slip = (stand(bench) / "paper" / "slip-0001.txt").read_text("utf-8")
    assert slip.count("УЧЕБНЫЙ") >= 4
    assert "НЕ ЯВЛЯЕТСЯ ЧЕКОМ" in slip
    practised = [record.kind for record in read_journal(stand(bench) / "data" / "journal.sqlite")]
    assert {"session_open", "pay_intent", "receipt_printed"} & set(practised)
    bench.press(ipc.Dismiss())
    bench.press(ipc.EndTraining())
    ended = await bench.sees(lambda state: state.page is not None and state.page.name == "service_menu", "the menu")
    assert not ended.training
    bench.press(ipc.GoHome())
    await bench.sees(lambda state: state.screen is Screen.ATTRACT and not state.service, "a customer's terminal")

    async def thrown_away() -> bool:
        return not stand(bench).exists() and journal(bench)[-1] == "leave"

    await office_bench.until(thrown_away, within_s=15)
    assert journal(bench) == [*untouched, "sign_in", "training", "training_end", "leave"]
    assert not list(bench.folder.glob("slip-*"))  # no paper of the real printer
    assert bench.sandbox is not None
    assert bench.sandbox.credits() == []  # nor a word to the real billing
    await bench.comes_to_amount()


async def test_a_core_killed_amid_training_comes_back_as_a_customers_terminal(bench):
    untouched = journal(bench)
    await begins_training(bench)
    await comes_to_cash(bench, 600_00)
    bench.press(ipc.InsertTrainingNote(500_00))
    await bench.sees(lambda state: state.cash is not None and state.cash.inserted_minor == 500_00, "a note inside")
    trained_in = (stand(bench) / "core.sock").exists()
    await bench.stop(signal.SIGKILL)
    assert trained_in

    async def stand_fell() -> bool:
        try:
            await asyncio.open_unix_connection(stand(bench) / "core.sock")
        except (FileNotFoundError, ConnectionRefusedError):
            return True
        return False

    await office_bench.until(stand_fell, within_s=15)
    bench.states.clear()
    await bench.start()
    whole = await bench.sees(
        lambda state: state.screen is Screen.ATTRACT and state.availability.cash, "the first screen"
    )
    assert not whole.training
    assert not whole.service
    assert not stand(bench).exists()
    after = journal(bench)
    assert after[: len(untouched) + 2] == [*untouched, "sign_in", "training"]
    assert not {"session_open", "note_stacked", "pay_intent"} & set(after)
    assert not any(state.training for state in bench.states)


async def test_a_customer_cannot_come_into_training(bench):
    bench.press(ipc.InsertTrainingNote(500_00))
    bench.press(ipc.EndTraining())
    bench.press(Choose("service_menu", "training"))
    await bench.comes_to_amount()
    bench.press(ipc.InsertTrainingNote(500_00))
    bench.press(Choose("service_menu", "training"))
    bench.press(ipc.ChooseAmount(500_00))
    await bench.sees_screen(Screen.CASH_IN)
    bench.press(ipc.InsertTrainingNote(500_00))
    bench.press(ipc.GoHome())
    await bench.sees_screen(Screen.ATTRACT)
    assert not any(state.training for state in bench.states)
    assert all(state.cash is None or state.cash.inserted_minor == 0 for state in bench.states)
    assert not stand(bench).exists()
