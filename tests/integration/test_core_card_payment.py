"""A card from the customer's choice to slip and credit, at the real core with a simulated bank terminal on its port."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.keep import PaperKeeper
from device_drivers.simulators.vendotek import VendotekSimulator
from payment.journal.journal import read_journal
from payment.sandbox.seed import DEMO_ACCOUNT
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Notice, PaymentMeans, Screen, TerminalState
from tests.integration.core_bench import CoreBench, core_bench

LOOKS_MAX = 600


@pytest.fixture
async def bench(tmp_path) -> AsyncIterator[CoreBench]:
    async with core_bench(tmp_path) as bench:
        printer = EscposSimulator(rows_per_s=100_000)
        paper = PaperKeeper(printer, tmp_path)
        await bench.device("bill_validator", "ccnet", CcnetSimulator(initialize_s=0.1))
        await bench.device("payment_card_reader", "vendotek", VendotekSimulator())
        await bench.device("receipt_printer", "escpos", printer, keeper=paper)
        bench.settings = where_it_is(1)  # nobody is quicker than the totals but a test
        yield bench


async def chooses_card(bench: CoreBench) -> None:
    await bench.sees(lambda state: state.availability.card and state.availability.printer, "the bank terminal is ready")
    await bench.comes_to_amount()
    bench.press(ipc.ChooseAmount(500_00))
    await bench.sees_screen(Screen.MEANS)
    bench.press(ipc.ChooseMeans(PaymentMeans.CARD))
    await bench.sees_screen(Screen.CARD_PAYMENT)


def where_it_is(hour: int) -> str:
    """The setting of a zone where it is about this hour now: at 12 the totals of the day are due, at 1 not yet."""
    west = (datetime.now(UTC).hour - hour + 11) % 24 - 11
    return f'[office]\ntime_zone = "Etc/GMT{west:+d}"\n'


def kinds(bench: CoreBench) -> list[str]:
    return [record.kind for record in read_journal(bench.folder / "data" / "journal.sqlite")]


@pytest.mark.clause("8.1.1d", owner="terminal_app")
async def test_a_card_is_charged_once_credited_and_its_slip_printed(bench):
    await bench.start()
    await chooses_card(bench)
    receipt = await bench.sees(lambda state: state.receipt is not None and state.receipt.printed is True, "the slip")
    assert receipt.receipt is not None
    assert (receipt.receipt.paid_minor, receipt.receipt.credited) == (500_00, True)
    assert bench.sandbox is not None
    (credit,) = bench.sandbox.credits()
    assert (credit["account"], credit["amount_minor"]) == (DEMO_ACCOUNT, 500_00)
    assert (await bench.hand("payment_card_reader", do="state"))["approved_minor"] == 500_00
    slip = (bench.folder / "slip-0001.txt").read_text("utf-8")
    assert "Карта" in slip
    await _prints_three_copies(bench)
    bench.press(ipc.Dismiss())
    await bench.sees_screen(Screen.ATTRACT)


async def _prints_three_copies(bench: CoreBench) -> None:
    """«Ещё раз чек» as often as it may be pressed: each paper says that it is a copy, and there is no fourth."""

    def told(state: TerminalState, copies: int) -> bool:
        shown = state.receipt
        return shown is not None and (shown.copies, shown.copy_printed) == (copies, True)

    for copies in (1, 2, 3):
        bench.press(ipc.PrintCopy())
        shown = await bench.sees(lambda state, copies=copies: told(state, copies), f"copy {copies}")
        assert shown.receipt is not None
        assert shown.receipt.copies_left == 3 - copies
        assert "КОПИЯ" in (bench.folder / f"slip-{copies + 1:04}.txt").read_text("utf-8")
    bench.press(ipc.PrintCopy())
    assert "КОПИЯ" not in (bench.folder / "slip-0001.txt").read_text("utf-8")
    assert kinds(bench).count("receipt_copy") == 3


async def test_a_declined_card_and_one_given_up_take_nothing_and_lead_on(bench):
    await bench.start()
    await bench.hand("payment_card_reader", do="card", next="decline")
    await chooses_card(bench)
    declined = await bench.sees_screen(Screen.NOTICE)
    assert declined.notice is Notice.CARD_DECLINED
    bench.press(ipc.Dismiss())
    await bench.sees_screen(Screen.AMOUNT)
    await bench.hand("payment_card_reader", do="card", next="none")
    await bench.sees(lambda state: state.availability.card, "the bank terminal is free again")
    bench.press(ipc.ChooseAmount(300_00))
    await bench.sees_screen(Screen.MEANS)
    bench.press(ipc.ChooseMeans(PaymentMeans.CARD))
    await bench.sees_screen(Screen.CARD_PAYMENT)
    bench.press(ipc.GoHome())
    await bench.sees_screen(Screen.ATTRACT)
    assert (await bench.hand("payment_card_reader", do="state"))["approved_minor"] == 0
    assert bench.sandbox is not None
    assert bench.sandbox.credits() == []
    assert "pay_intent" not in kinds(bench)


async def test_the_totals_of_the_day_are_asked_only_when_nobody_stands_there(bench):
    bench.settings = where_it_is(12)
    await bench.hand("payment_card_reader", do="power_cut", off_s=3600)
    await bench.start()
    await bench.comes_to_amount()
    await bench.hand("payment_card_reader", do="power_cut", off_s=0)
    await bench.sees(lambda state: state.availability.card, "the bank terminal is back")
    await asyncio.sleep(2.5)  # core looks once a second
    assert "settlement_intent" not in kinds(bench), "a customer at the terminal may want to pay by card"
    bench.press(ipc.GoHome())
    await bench.sees_screen(Screen.ATTRACT)
    for _ in range(LOOKS_MAX):
        if "settlement_done" in kinds(bench):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"no totals were asked: {kinds(bench)}")


async def test_a_core_killed_while_the_card_is_awaited_asks_and_never_charges_again(bench):
    await bench.start()
    await chooses_card(bench)
    for _ in range(LOOKS_MAX):
        if (await bench.hand("payment_card_reader", do="state"))["sales"]:
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError(f"no sale began: {bench.log()[-2000:]}")
    await bench.stop(signal.SIGKILL)
    bench.states.clear()
    await bench.start()
    await bench.sees(lambda state: state.availability.card, "the bank has told what became of it")
    assert bench.sandbox is not None
    held = await bench.hand("payment_card_reader", do="state")
    assert held["sales"] == 1
    assert held["approved_minor"] == sum(credit["amount_minor"] for credit in bench.sandbox.credits())
    assert kinds(bench).count("card_intent") == 1
