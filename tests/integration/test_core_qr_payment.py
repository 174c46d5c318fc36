"""A payment by СБП from the customer's choice to slip and credit: the real core, the sandbox as billing and as bank."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.keep import PaperKeeper
from payment.journal.journal import read_journal
from payment.sandbox.seed import DEMO_ACCOUNT
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import PaymentMeans, Screen
from tests.integration.billing_sandbox import SandboxProcess
from tests.integration.core_bench import CoreBench, core_bench


@pytest.fixture
async def bench(tmp_path) -> AsyncIterator[CoreBench]:
    async with core_bench(tmp_path) as bench:
        printer = EscposSimulator(rows_per_s=100_000)
        await bench.device("bill_validator", "ccnet", CcnetSimulator(initialize_s=0.1))
        await bench.device("receipt_printer", "escpos", printer, keeper=PaperKeeper(printer, tmp_path))
        bench.sandbox = SandboxProcess(tmp_path / "sandbox.sqlite").start()
        bench.settings = f'[acquirer]\nurl = "{bench.sandbox.url}/sbp/orders"\ndialect = "orders"\n'
        yield bench


async def sees_the_code(bench: CoreBench) -> str:
    """The number of the order at the bank."""
    bench.press(ipc.ChooseAmount(500_00))
    await bench.sees_screen(Screen.MEANS)
    bench.press(ipc.ChooseMeans(PaymentMeans.QR))
    shown = await bench.sees(lambda state: state.cash is not None and bool(state.cash.qr), "the code")
    assert shown.cash is not None
    assert (shown.screen, shown.cash.asked_minor) == (Screen.QR_PAYMENT, 500_00)
    assert shown.cash.qr.startswith("https://qr.nspk.ru/")
    intents = [
        record for record in read_journal(bench.folder / "data" / "journal.sqlite") if record.kind == "qr_intent"
    ]
    return str(intents[-1].data["operation_id"])


@pytest.mark.clause("8.1.1d", owner="terminal_app")
async def test_a_code_paid_by_phone_is_credited_and_its_slip_printed(bench):
    await bench.start()
    await bench.sees(lambda state: state.availability.qr and state.availability.cash, "both ways are there")
    await bench.comes_to_amount()
    order = await sees_the_code(bench)
    bench.sandbox.press_qr(order, "begin")
    bench.sandbox.press_qr(order, "pay")
    receipt = await bench.sees(lambda state: state.receipt is not None and state.receipt.printed is True, "the slip")
    assert (receipt.receipt.paid_minor, receipt.receipt.credited) == (500_00, True)
    credits = [(credit["account"], credit["amount_minor"]) for credit in bench.sandbox.credits()]
    assert credits == [(DEMO_ACCOUNT, 500_00)]
    assert "СБП" in (bench.folder / "slip-0001.txt").read_text("utf-8")
    bench.press(ipc.Dismiss())
    await bench.sees_screen(Screen.ATTRACT)


async def test_a_code_that_was_left_is_not_shown_again_and_another_way_is_open(bench):
    await bench.start()
    await bench.sees(lambda state: state.availability.qr and state.availability.cash, "both ways are there")
    await bench.comes_to_amount()
    await sees_the_code(bench)
    bench.press(ipc.GoBack())
    await bench.sees_screen(Screen.AMOUNT)
    bench.press(ipc.ChooseAmount(500_00))
    await bench.sees_screen(Screen.MEANS)
    bench.press(ipc.ChooseMeans(PaymentMeans.CASH))
    paying = await bench.sees_screen(Screen.CASH_IN)
    assert paying.cash is not None
    assert paying.cash.qr == ""
