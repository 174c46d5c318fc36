"""Services of all three purposes and a second account in one payment by notes, with an electronic receipt asked for.

The real core, the real sandbox of billing, a fiscal register and a printer on their ports.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.fiscal_drive import RECEIPT
from device_drivers.simulators.keep import PaperKeeper
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from payment.sandbox.seed import DEMO_ACCOUNT
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.orders import AnotherAccount, Gather
from terminal_app.ipc.pages import Choose, Enter, OpenService
from tests.integration.core_bench import CoreBench, core_bench

DEBTOR, ATTRIBUTE = "100000058", "8841"
PHONE = "+79211234567"
FISCAL = """[fiscal]
automat_number = "17"
address = "Санкт-Петербург, Литейный пр., 1"
place = "Терминал 17"
sender_email = "office@example.org"
"""


@pytest.fixture
async def bench(tmp_path) -> AsyncIterator[CoreBench]:
    async with core_bench(tmp_path) as bench:
        printer = EscposSimulator(rows_per_s=100_000)
        await bench.device("bill_validator", "ccnet", CcnetSimulator(initialize_s=0.1))
        await bench.device("receipt_printer", "escpos", printer, keeper=PaperKeeper(printer, tmp_path))
        yield bench


async def goes(bench: CoreBench, *steps: tuple[Screen, object]) -> None:
    for screen, press in steps:
        await bench.sees_screen(screen)
        bench.press(press)


async def names_where_the_receipt_goes(bench: CoreBench) -> None:
    bench.press(OpenService("receipt_contact"))
    await goes(bench, (Screen.PAGE_LIST, Choose("receipt_contact", "phone")))
    await goes(bench, (Screen.PAGE_ENTRY, Enter("receipt_contact.phone", PHONE)))
    await bench.sees(lambda state: state.order is not None and state.order.contact == "+7 921 ***-**-67", "masked")


async def picks(bench: CoreBench, title: str, amount_minor: int) -> None:
    """One thing of the bill, and how much of it."""
    bench.press(OpenService("parts"))
    page = (await bench.sees_screen(Screen.PAGE_LIST)).page
    assert page is not None
    (key,) = [choice.key for choice in page.choices if choice.title.text == title]
    bench.press(Choose("parts", key))
    await bench.sees(lambda state: state.order is not None and state.order.part_title == title, title)
    bench.press(ipc.ChooseAmount(amount_minor))
    await bench.sees_screen(Screen.BASKET)


@pytest.mark.clause("8.1.4b", owner="terminal_app")
async def test_three_purposes_and_two_accounts_are_one_sum_of_notes_and_items_of_one_fiscal_document(bench):
    register = ShtrihMSimulator()
    await bench.device("fiscal_printer", "shtrih-m", register)
    bench.settings = FISCAL
    await bench.start()
    await bench.sees(lambda state: state.availability.cash and state.availability.billing, "cash is taken")
    await goes(
        bench,
        (Screen.ATTRACT, ipc.StartPayment()),
        (Screen.ACCOUNT_ENTRY, ipc.SubmitAccount(DEBTOR)),
        (Screen.ACCOUNT_CONFIRM, ipc.ConfirmAccount()),
        (Screen.SECOND_ATTRIBUTE, ipc.SubmitSecondAttribute(ATTRIBUTE)),
        (Screen.BALANCE, ipc.ChooseAmount(0)),
    )
    await bench.sees_screen(Screen.AMOUNT)
    await names_where_the_receipt_goes(bench)
    bench.press(Gather())
    listed = await bench.sees_screen(Screen.BASKET)
    assert listed.order is not None
    assert listed.balance is not None
    assert listed.order.total_minor == listed.balance.due_minor
    await picks(bench, "Электроэнергия", 100_00)
    await picks(bench, "Повторное подключение", 200_00)
    await picks(bench, "Замена счётчика", 300_00)
    bench.press(AnotherAccount())
    asked = await bench.sees_screen(Screen.ACCOUNT_ENTRY)
    assert (asked.account, asked.balance) == (None, None)
    await goes(
        bench,
        (Screen.ACCOUNT_ENTRY, ipc.SubmitAccount(DEMO_ACCOUNT)),
        (Screen.ACCOUNT_CONFIRM, ipc.ChooseAmount(0)),
        (Screen.AMOUNT, ipc.ChooseAmount(400_00)),
        (Screen.BASKET, ipc.PressPay()),
    )
    await bench.sees_screen(Screen.CASH_IN)
    await bench.inserts(1_000_00)
    bench.press(ipc.PressPay())
    shown = await bench.sees(lambda state: state.receipt is not None and state.receipt.printed is True, "the slip")
    assert shown.receipt is not None
    assert shown.receipt.contact == "+7 921 ***-**-67"
    assert bench.sandbox is not None
    credits = [(credit["account"], credit["amount_minor"]) for credit in bench.sandbox.credits()]
    assert sorted(credits) == [(DEMO_ACCOUNT, 400_00), *((DEBTOR, amount) for amount in (100_00, 200_00, 300_00))]
    (document,) = [document for document in register.drive.documents if document.kind == RECEIPT]
    assert document.total_minor == 1_000_00
    assert len(document.lines) == 4
    assert document.tag(1008) == PHONE.encode()
    slip = (bench.folder / "slip-0001.txt").read_text("utf-8")
    for said in ("Повторное подключение", "Замена счётчика", "100 000 017", "Электронный чек"):
        assert said in slip
    assert PHONE not in slip
    bench.press(AnotherAccount())
    again = await bench.sees_screen(Screen.ACCOUNT_ENTRY)
    assert (again.account, again.receipt) == (None, None)


async def test_without_a_register_no_electronic_receipt_is_offered(bench):
    await bench.start()
    asked = await bench.comes_to_amount()
    assert asked.order is not None
    assert (asked.order.receipt_offered, asked.order.may_gather) == (False, True)
