"""Journals at the office: applied once whatever is repeated, and nothing of them changed or swallowed in silence."""

from __future__ import annotations

import asyncio
import random

import msgspec
import pytest
import pytest_asyncio

from signaling_server.contract.money import MoneyItemKind, PaymentOutcome
from signaling_server.storage.money_desk import PaymentSearch
from tests.unit.signaling_server.money_scene import ORLOVA, JournalOfTerminal, MoneyScene, money_scene

TXN = "261123141200000100"


@pytest_asyncio.fixture
async def scene(tmp_path):
    async with money_scene(tmp_path) as made:
        yield made


async def payment(scene: MoneyScene, txn_id: str = TXN):
    (found,) = (await scene.desk.payments(ORLOVA, PaymentSearch(number=txn_id))).payments
    return found


async def test_a_journal_becomes_a_payment_one_can_find(scene):
    journal = JournalOfTerminal()
    journal.visit()
    assert (await scene.take(journal)).sequence == 5
    found = await payment(scene)
    assert (found.account, found.amount_minor, found.outcome) == ("001234567", 50_000, PaymentOutcome.CREDITED)
    assert (found.terminal_title, found.provider_txn, found.receipt) == ("Терминал 1", "77", "printed")
    assert await scene.items() == []


async def test_a_new_office_says_that_it_has_nothing(scene):
    journal = JournalOfTerminal()
    journal.visit()
    assert (await scene.journals.asked("T-1", journal.rows[0].hash)).sequence == 0
    await scene.take(journal, 1, 3)
    assert (await scene.journals.asked("T-1", journal.rows[0].hash)).sequence == 3
    assert (await scene.journals.asked("T-2", journal.rows[0].hash)).sequence == 0


async def test_repeated_and_overlapping_batches_change_nothing(scene):
    journal = JournalOfTerminal()
    journal.visit()
    journal.write("in_doubt", session_id=f"s-{TXN}", value_minor=100_000)
    for first, last in [(1, 3), (1, 3), (2, 5), (1, 6), (6, 6)]:
        answer = await scene.take(journal, first, last)
        assert not answer.refused
    assert answer.sequence == 6
    (item,) = await scene.items()
    assert (item.kind, item.amount_minor, item.account) == (MoneyItemKind.IN_DOUBT, 100_000, "001234567")


async def test_a_gap_is_answered_with_where_the_office_is(scene):
    journal = JournalOfTerminal()
    journal.visit()
    assert (await scene.take(journal, 3, 5)).sequence == 0
    assert (await scene.take(journal, 1, 2)).sequence == 2
    assert (await scene.take(journal, 4, 5)).sequence == 2
    assert (await scene.take(journal, 3, 5)).sequence == 5


@pytest.mark.parametrize("field", ["kind", "data", "wall_ms", "boot_id", "software_version"])
async def test_a_changed_record_breaks_the_chain_and_is_somebodys_business(scene, field):
    journal = JournalOfTerminal()
    journal.visit()
    worse = {"kind": "stacked", "data": "{}", "wall_ms": 1, "boot_id": "other", "software_version": "9"}
    journal.rows[2] = msgspec.structs.replace(journal.rows[2], **{field: worse[field]})
    answer = await scene.take(journal)
    assert (answer.sequence, answer.refused) == (0, "the chain is broken")
    (item,) = await scene.items()
    assert (item.kind, item.owner) == (MoneyItemKind.CHAIN, "operations")
    assert item.reference.startswith("3-")


async def test_a_journal_cannot_begin_in_the_middle_or_under_another_name(scene):
    journal = JournalOfTerminal()
    journal.visit()
    foreign = msgspec.structs.replace(journal.batch(), journal_id="0" * 64)
    assert (await scene.journals.take("T-1", foreign)).refused == "the chain is broken"


async def test_other_content_under_a_known_number_is_an_item_and_no_edit(scene):
    journal, forged = JournalOfTerminal(), JournalOfTerminal()
    journal.visit()
    forged.visit()
    forged.rows[1:] = []
    forged.write("stacked", value_minor=500_000)
    await scene.take(journal)
    answer = await scene.journals.take("T-1", forged.batch())
    assert (answer.sequence, answer.refused) == (5, "other content under a known number")
    for _ in range(2):  # told once, however often it comes
        await scene.journals.take("T-1", forged.batch())
    (item,) = await scene.items()
    assert (item.kind, item.owner) == (MoneyItemKind.CONFLICT, "operations")


async def test_the_same_payment_number_with_other_content_is_an_item_and_no_edit(scene):
    journal = JournalOfTerminal()
    journal.visit()
    journal.visit(account="009999999")
    await scene.take(journal)
    assert (await payment(scene)).account == "001234567"
    (item,) = await scene.items()
    assert (item.kind, item.owner, item.account) == (MoneyItemKind.CONFLICT, "accounting", "009999999")


async def test_two_terminals_may_have_one_number(scene):
    journal, other = JournalOfTerminal(), JournalOfTerminal("other")
    journal.visit()
    other.visit(account="009999999")
    await scene.take(journal)
    await scene.journals.take("T-2", other.batch())
    found = (await scene.desk.payments(ORLOVA, PaymentSearch(number=TXN))).payments
    assert {each.terminal_id for each in found} == {"T-1", "T-2"}
    assert await scene.items() == []


async def test_a_replaced_journal_is_told_and_goes_on_being_applied(scene):
    journal, replaced = JournalOfTerminal(), JournalOfTerminal("new disk")
    journal.visit()
    replaced.visit(txn_id="261124101500000100")
    await scene.take(journal)
    assert (await scene.take(replaced)).sequence == 5
    assert (await payment(scene, "261124101500000100")).amount_minor == 50_000
    (item,) = await scene.items()
    assert item.kind is MoneyItemKind.CHAIN
    assert "другой журнал" in item.detail


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("pay_intent", "{}"),
        ("pay_intent", "[1]"),
        ("stacked", '{"value_minor":-5}'),
        ("stacked", '{"value_minor":1.5,"to":"unallocated"}'),
        ("in_doubt", '{"value_minor":true}'),
        ("pay_result", '{"txn_id":"1","outcome":"perhaps","amount_minor":1}'),
        ("session_open", '{"session_id":{},"account":"1"}'),
        ("collection_open", '{"collection_id":"1","authorised":true,"number":"many"}'),
        ("counters_reset", '{"collection_id":"1","notes":{"x":1}}'),
        ("stacked", "not json"),
        ("pay_intent", '{"txn_id":"' + "9" * 300 + '"}'),
    ],
)
async def test_a_record_that_is_not_understood_is_kept_and_told(scene, kind, text):
    journal = JournalOfTerminal()
    journal.write_text(kind, text)
    journal.visit()
    assert (await scene.take(journal)).sequence == 6
    assert (await payment(scene)).outcome is PaymentOutcome.CREDITED
    (item,) = await scene.items()
    assert (item.kind, item.owner) == (MoneyItemKind.CHAIN, "operations")


async def test_a_kind_of_a_later_release_is_kept_without_a_word(scene):
    journal = JournalOfTerminal()
    journal.write("a_new_kind", anything=1)
    assert (await scene.take(journal)).sequence == 1
    assert await scene.items() == []


async def test_doubt_is_ended_by_the_device_and_an_unsure_payment_by_billing(scene):
    journal = JournalOfTerminal()
    journal.visit(outcome="unknown")
    journal.write("in_doubt", session_id=f"s-{TXN}", value_minor=100_000)
    journal.write("in_doubt", session_id=f"s-{TXN}", value_minor=50_000)
    await scene.take(journal)
    assert (await payment(scene)).outcome is PaymentOutcome.UNKNOWN
    journal.write("stacked", session_id="", value_minor=100_000, **{"from": "in_doubt", "to": "unallocated"})
    journal.write("doubt_cleared", value_minor=50_000)
    journal.write("pay_result", txn_id=TXN, amount_minor=50_000, fee_minor=0, outcome="credited", provider_txn="78")
    await scene.take(journal, 8)
    assert [(item.kind, item.amount_minor) for item in await scene.items()] == [(MoneyItemKind.UNALLOCATED, 100_000)]
    assert {item.resolution for item in await scene.items(closed=True)} == {
        "Приёмник сообщил: купюра в кассете",
        "Приёмник сообщил: купюра возвращена",
    }
    assert (await payment(scene)).provider_txn == "78"


@pytest.mark.parametrize(
    ("kind", "data", "item_kind", "owner", "amount_minor"),
    [
        ("cash_unidentified", {"value_minor": 10_000}, MoneyItemKind.UNALLOCATED, "accounting", 10_000),
        ("coin_in", {"value_minor": 1_000, "to": "unallocated"}, MoneyItemKind.UNALLOCATED, "accounting", 1_000),
        ("coins_lost", {"count": 7}, MoneyItemKind.COINS_LOST, "operations", 0),
        (
            "card_review",
            {"operation_id": "o", "asked_minor": 5_000, "amount_minor": 6_000},
            MoneyItemKind.CARD_REVIEW,
            "accounting",
            6_000,
        ),
        (
            "qr_result",
            {"operation_id": "o", "state": "paid", "to": "unallocated", "amount_minor": 9},
            MoneyItemKind.UNALLOCATED,
            "accounting",
            9,
        ),
        (
            "settlement_done",
            {"settlement_id": "x", "agreed": False, "total_minor": 500, "own_total_minor": 700},
            MoneyItemKind.SETTLEMENT,
            "accounting",
            200,
        ),
        ("fiscal_refused", {"fiscal_id": "f", "reason": "drive"}, MoneyItemKind.FISCAL, "accounting", 0),
        (
            "collection_open",
            {"collection_id": "c", "number": 1, "authorised": False, "notes_total_minor": 5_000},
            MoneyItemKind.REMOVAL,
            "operations",
            5_000,
        ),
    ],
)
async def test_what_a_person_has_to_look_at_has_an_owner(scene, kind, data, item_kind, owner, amount_minor):
    journal = JournalOfTerminal()
    journal.write(kind, **data)
    await scene.take(journal)
    (item,) = await scene.items()
    assert (item.kind, item.owner, item.amount_minor) == (item_kind, owner, amount_minor)
    assert item.detail


async def test_refused_money_is_unallocated_under_its_account_and_number(scene):
    journal = JournalOfTerminal()
    journal.visit(outcome="refused")
    await scene.take(journal)
    (item,) = await scene.items()
    assert (item.reference, item.account, item.amount_minor) == (TXN, "001234567", 50_000)
    assert (await payment(scene)).outcome is PaymentOutcome.REFUSED


async def test_the_fiscal_numbers_come_to_the_payments_of_their_visit(scene):
    journal = JournalOfTerminal()
    journal.visit()
    journal.write("fiscal_done", session_id=f"s-{TXN}", fiscal_id=TXN, fn="9999078900000001", fd=12, fpd=34, at="")
    await scene.take(journal)
    assert (await payment(scene)).fiscal == "ФН 9999078900000001 ФД 12 ФП 34"


@pytest.mark.parametrize("seed", range(4))
async def test_any_cutting_and_repeating_of_batches_gives_the_same_books(scene, seed):
    chance = random.Random(seed)
    journal = JournalOfTerminal()
    for number in range(12):
        outcome = chance.choice(["credited", "refused", "unknown"])
        journal.visit(txn_id=f"26112314120001{number:04d}", outcome=outcome)
        if chance.random() < 0.5:
            journal.write("in_doubt", session_id="", value_minor=chance.choice([10_000, 50_000]))
    have = 0
    while have < len(journal.rows):
        first = chance.randrange(1, have + 2)
        last = chance.randrange(first, min(first + 30, len(journal.rows)) + 1)
        have = (await scene.take(journal, first, last)).sequence
    refused = sum('"refused"' in row.data for row in journal.rows)
    doubts = sum(row.kind == "in_doubt" for row in journal.rows)
    found = await scene.items()
    assert len(found) == refused + doubts
    payments = (await scene.desk.payments(ORLOVA, PaymentSearch(since="20261123"))).payments
    assert len(payments) == 12


async def test_refused_money_that_went_back_to_the_card_by_itself_waits_for_nobody(scene):
    journal = JournalOfTerminal()
    journal.visit(outcome="refused")
    journal.visit("261124101500000100", outcome="refused")
    reversal = {"session_id": f"s-{TXN}", "operation_id": "o1", "amount_minor": 50_000, "of": "approved"}
    journal.write("card_reversed", outcome="unknown", **reversal)
    await scene.take(journal)
    assert len(await scene.items()) == 2
    journal.write("card_reversed", outcome="done", **reversal)
    await scene.take(journal, 12)
    assert [item.reference for item in await scene.items()] == ["261124101500000100"]
    assert [item.resolution for item in await scene.items(closed=True)] == ["Возвращено на карту"]


async def test_money_that_a_record_of_the_terminal_moved_waits_for_nobody(scene):
    journal = JournalOfTerminal()
    journal.visit(outcome="refused")
    journal.write("moved", txn_id=TXN, amount_minor=50_000, to="refunded", **{"from": "unallocated"})
    await scene.take(journal)
    assert await scene.items() == []


async def test_a_call_waits_for_one_batch_and_not_for_a_fleet_that_comes_back(scene, monkeypatch):
    order: list[str] = []
    journals = {name: JournalOfTerminal(name) for name in ("T-1", "T-2")}

    async def store(tx, terminal_id, *arguments):
        await asyncio.sleep(0.01)
        order.append(terminal_id)
        return 1, ""

    async def call():
        async with scene.database.begin():
            order.append("call")

    monkeypatch.setattr(scene.journals, "_store", store)
    for journal in journals.values():
        journal.write("stacked", value_minor=1)
    taking = [scene.journals.take(name, journal.batch()) for name, journal in journals.items()]
    await asyncio.gather(*taking, call())
    assert order == ["T-1", "call", "T-2"]


async def test_what_a_fiscal_drive_wants_is_operations_once_a_day(scene):
    journal = JournalOfTerminal()
    for _ in range(2):
        journal.write("fiscal_warning", what="unsent", severity=1, words="Чеки не уходят в ОФД 3 дн.")
    journal.write("fiscal_warning", what="term", severity=3, words="Накопитель надо заменить")
    await scene.take(journal)
    items = await scene.items()
    assert [(item.owner, item.kind) for item in items] == [("operations", MoneyItemKind.FISCAL)] * 2
    assert items[0].detail == "Чеки не уходят в ОФД 3 дн."


async def test_money_that_may_be_back_on_the_card_is_not_given_back_before_the_bank_is_asked(scene):
    journal = JournalOfTerminal()
    journal.visit(TXN, outcome="refused")
    journal.write("card_reversed", session_id=f"s-{TXN}", of="approved", outcome="unknown", amount_minor=50_000)
    await scene.take(journal)
    (item,) = await scene.items()
    assert "Сначала спросите банк" in item.detail
    journal.write("card_reversed", session_id=f"s-{TXN}", of="approved", outcome="done", amount_minor=50_000)
    await scene.take(journal, len(journal.rows))
    assert await scene.items() == []
