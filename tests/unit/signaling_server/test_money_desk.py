"""The page «Деньги» behind its HTTP: search, ownership, four eyes, recount, and an audit of every act."""

from __future__ import annotations

import pytest
import pytest_asyncio

from signaling_server.contract import money as m
from signaling_server.money.money_desk import may_act
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import money_desk as rows
from signaling_server.storage.money_desk import PaymentSearch
from tests.unit.signaling_server.money_scene import (
    CONSULTANT,
    ORLOVA,
    PETROV,
    JournalOfTerminal,
    MoneyScene,
    money_scene,
)

REFUSED_TXN = "261123141200000100"


@pytest_asyncio.fixture
async def scene(tmp_path):
    async with money_scene(tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def item(scene):
    """Refused money of one customer."""
    journal = JournalOfTerminal()
    journal.visit(outcome="refused")
    await scene.take(journal)
    (found,) = await scene.items()
    return found


async def audit(scene: MoneyScene) -> list[tuple[str, str]]:
    async with scene.database.begin() as tx:
        return [(row["login"], row["act"]) for row in await rows.audit(tx)]


def proposal(item: m.MoneyItemRow, act: m.ProposalAct = m.ProposalAct.READDRESS, account: str = "007") -> m.ProposeMove:
    return m.ProposeMove(item.item_id, act, "Клиент ошибся цифрой", account)


async def proposed(scene: MoneyScene) -> m.ProposalRow:
    (found,) = await scene.items()
    return found.proposals[-1]


async def refused(act, reason: str) -> None:
    with pytest.raises(ServiceRefusedError) as refusal:
        await act
    assert refusal.value.reason == reason
    assert str(refusal.value)[0].isupper()


# --- search -----------------------------------------------------------------------------------------------------------


async def test_a_payment_is_found_by_account_by_number_and_by_time(scene):
    journal = JournalOfTerminal()
    journal.visit("1" * 20, "001234567")
    journal.visit("2" * 20, "007654321")
    await scene.take(journal)

    async def found(**asked: str) -> list[str]:
        return [each.txn_id[0] for each in (await scene.desk.payments(ORLOVA, PaymentSearch(**asked))).payments]

    assert await found(account="001234567") == ["1"]
    assert await found(number="2" * 20) == ["2"]
    assert await found(since="20261123", until="20261124") == ["1", "2"]
    assert await found(since="20261123141200", until="20261123141201", account="007654321") == ["2"]
    assert await found(since="20261124") == []
    assert await found(account="1234567") == []
    await refused(scene.desk.payments(ORLOVA, PaymentSearch()), "nothing_asked")


async def test_more_than_is_shown_is_said(scene, monkeypatch):
    monkeypatch.setattr("signaling_server.money.money_desk.PAYMENTS_SHOWN_MAX", 2)
    journal = JournalOfTerminal()
    for number in range(3):
        journal.visit(str(number) * 20)
    await scene.take(journal)
    answer = await scene.desk.payments(ORLOVA, PaymentSearch(since="2026"))
    assert (len(answer.payments), answer.more) == (2, True)


# --- ownership and four eyes ------------------------------------------------------------------------------------------


def test_money_is_handled_by_those_whose_work_it_is():
    assert [may_act(each) for each in (ORLOVA, PETROV, CONSULTANT)] == [True, True, False]


async def test_an_item_is_owned_by_who_took_it(scene, item):
    assert item.owner == "accounting"
    await scene.desk.take(ORLOVA, m.TakeItem(item.item_id))
    assert (await scene.items())[0].owner == "orlova"
    seen_by = {who: (await scene.desk.items(who, closed=False)).items[0].mine for who in (ORLOVA, PETROV)}
    assert seen_by == {ORLOVA: True, PETROV: False}
    assert await audit(scene) == [("orlova", "take")]


async def test_money_moves_by_two_people_and_never_by_one(scene, item):
    await scene.desk.propose(ORLOVA, proposal(item, m.ProposalAct.REFUND))
    waiting = await proposed(scene)
    assert waiting.mine
    await refused(scene.desk.decide(ORLOVA, m.DecideProposal(waiting.proposal_id, True)), "four_eyes")
    await refused(scene.desk.close(ORLOVA, m.CloseItem(item.item_id, "сделано")), "needs_decision")
    await scene.desk.decide(PETROV, m.DecideProposal(waiting.proposal_id, True))
    (decided,) = await scene.items()
    assert (decided.closed_ms, decided.proposals[0].decided_by) == (0, "petrov")
    await refused(scene.desk.propose(PETROV, proposal(item)), "proposed_already")
    await scene.desk.close(ORLOVA, m.CloseItem(item.item_id, "Выдано по ордеру 17"))
    (closed,) = await scene.items(closed=True)
    assert (closed.resolution, closed.owner) == ("Выдано по ордеру 17", "orlova")
    assert await audit(scene) == [("orlova", "propose"), ("petrov", "approve"), ("orlova", "close")]


async def test_a_declined_proposal_leaves_the_item_open_for_another(scene, item):
    await scene.desk.propose(ORLOVA, proposal(item))
    await refused(scene.desk.propose(PETROV, proposal(item)), "proposed_already")
    waiting = await proposed(scene)
    await scene.desk.decide(PETROV, m.DecideProposal(waiting.proposal_id, False))
    await refused(scene.desk.decide(PETROV, m.DecideProposal(waiting.proposal_id, True)), "decided_already")
    await scene.desk.propose(PETROV, proposal(item, m.ProposalAct.REFUND))
    assert (await proposed(scene)).state is m.ProposalState.PROPOSED


async def test_who_proposed_may_take_it_back(scene, item):
    await scene.desk.propose(ORLOVA, proposal(item))
    await scene.desk.decide(ORLOVA, m.DecideProposal((await proposed(scene)).proposal_id, False))
    assert (await proposed(scene)).state is m.ProposalState.DECLINED


async def test_an_item_with_money_is_not_simply_closed_and_a_closed_one_is_closed(scene, item):
    await refused(scene.desk.close(ORLOVA, m.CloseItem(item.item_id, "решено")), "needs_decision")
    await refused(scene.desk.propose(ORLOVA, proposal(item, account=" ")), "no_account")
    await scene.desk.propose(ORLOVA, proposal(item, m.ProposalAct.REFUND))
    await scene.desk.decide(PETROV, m.DecideProposal((await proposed(scene)).proposal_id, True))
    await scene.desk.close(PETROV, m.CloseItem(item.item_id, "Выдано"))
    await refused(scene.desk.take(ORLOVA, m.TakeItem(item.item_id)), "closed_already")
    await refused(scene.desk.propose(ORLOVA, proposal(item)), "closed_already")
    await refused(scene.desk.take(ORLOVA, m.TakeItem("nothing")), "unknown_item")


async def test_an_alert_without_money_is_closed_with_a_word_and_nothing_is_proposed_for_it(scene):
    journal = JournalOfTerminal()
    journal.write("coins_lost", count=3)
    await scene.take(journal)
    (alert,) = await scene.items()
    await refused(scene.desk.propose(ORLOVA, proposal(alert)), "no_money")
    await scene.desk.close(ORLOVA, m.CloseItem(alert.item_id, "Монетоприёмник заменён"))
    (closed,) = await scene.items(closed=True)
    assert closed.resolution == "Монетоприёмник заменён"


async def test_the_sum_of_what_is_open_is_that_of_its_cards(scene, item):
    journal = JournalOfTerminal("other")
    journal.write("in_doubt", value_minor=100_000)
    journal.write("settlement_done", settlement_id="x", agreed=False, total_minor=7, own_total_minor=0)
    await scene.journals.take("T-2", journal.batch())
    answer = await scene.desk.items(CONSULTANT, closed=False)
    assert (answer.open_minor, len(answer.items), answer.may_act) == (150_007, 3, False)
    assert sum(each.amount_minor for each in answer.items) == answer.open_minor


# --- the recount ------------------------------------------------------------------------------------------------------


async def collected(scene: MoneyScene, *, doubts: tuple[int, ...] = ()) -> None:
    """A cassette with two notes of 500 is emptied."""
    journal = JournalOfTerminal("of the collection")
    journal.visit("1" * 20)
    journal.visit("2" * 20)
    for value_minor in doubts:
        journal.write("in_doubt", session_id=f"s-{'1' * 20}", value_minor=value_minor)
    named = {"collection_id": "c1", "number": 1, "authorised": True}
    journal.write("collection_open", collector="Иванов И. И.", seal="А-17", **named)
    journal.write("counters_reset", notes={"50000": 2}, coins={}, in_doubt_minor=sum(doubts), **named)
    journal.write("collection_closed", **named)
    await scene.take(journal)


def recount(**counted: int) -> m.RecountCollection:
    counts = [m.CollectionCount(int(value[1:]), number) for value, number in counted.items()]
    return m.RecountCollection("T-1", "c1", counts)


async def test_a_collection_is_listed_with_what_lay_there(scene):
    await collected(scene, doubts=(100_000,))
    (found,) = (await scene.desk.collections(ORLOVA)).collections
    assert (found.number, found.collector, found.seal, found.authorised) == (1, "Иванов И. И.", "А-17", True)
    assert (found.total_minor, found.in_doubt_minor, found.counted_ms) == (100_000, 100_000, 0)
    assert found.closed_ms > found.opened_ms > 0


async def test_a_recount_that_agrees_opens_nothing(scene):
    await collected(scene)
    await scene.desk.recount(ORLOVA, recount(v50000=2))
    assert await scene.items() == []
    (found,) = (await scene.desk.collections(ORLOVA)).collections
    assert (found.counted_minor, found.counted_by) == (100_000, "orlova")
    assert await audit(scene) == [("orlova", "recount")]


async def test_shortage_and_surplus_are_items_and_a_second_recount_is_refused(scene):
    await collected(scene)
    await scene.desk.recount(ORLOVA, recount(v50000=1, v10000=3))
    found = sorted((item.amount_minor, item.detail) for item in await scene.items())
    assert found == [
        (30_000, "Излишек в инкассации № 1, номинал 100 ₽: по журналу 0 шт., на деле 3 шт."),
        (50_000, "Недостача в инкассации № 1, номинал 500 ₽: по журналу 2 шт., на деле 1 шт."),
    ]
    assert {item.kind for item in await scene.items()} == {m.MoneyItemKind.RECOUNT}
    await refused(scene.desk.recount(PETROV, recount(v50000=2)), "counted_already")


async def test_a_doubted_note_that_the_recount_finds_can_be_credited_and_one_it_does_not_find_is_ended(scene):
    await collected(scene, doubts=(100_000, 500_000))
    await scene.desk.recount(ORLOVA, recount(v50000=2, v100000=1))
    (found,) = await scene.items()
    assert (found.kind, found.amount_minor, found.account) == (m.MoneyItemKind.UNALLOCATED, 100_000, "001234567")
    (ended,) = await scene.items(closed=True)
    assert (ended.amount_minor, ended.resolution) == (500_000, "Пересчёт показал: купюры в кассете нет")


async def test_doubts_after_the_collection_wait_for_the_next_one(scene):
    await collected(scene, doubts=(100_000,))
    later = JournalOfTerminal("later")
    for _ in range(40):
        later.write("session_closed", session_id="x")
    later.write("in_doubt", session_id="", value_minor=100_000)
    await scene.take(later)
    await scene.desk.recount(ORLOVA, recount(v50000=2, v100000=1))
    kinds = sorted(item.kind for item in await scene.items())
    assert kinds == [m.MoneyItemKind.CHAIN, m.MoneyItemKind.IN_DOUBT, m.MoneyItemKind.UNALLOCATED]


@pytest.mark.parametrize(
    "counts",
    [
        [m.CollectionCount(50_000, -1)],
        [m.CollectionCount(0, 1)],
        [m.CollectionCount(50_000, 1), m.CollectionCount(50_000, 2)],
        [m.CollectionCount(10**9, 1)],
    ],
)
async def test_an_impossible_recount_is_refused(scene, counts):
    await collected(scene)
    await refused(scene.desk.recount(ORLOVA, m.RecountCollection("T-1", "c1", counts)), "bad_count")
    await refused(scene.desk.recount(ORLOVA, m.RecountCollection("T-1", "c1", [])), "nothing_counted")
    counts = [m.CollectionCount(50_000, 0)]
    await refused(scene.desk.recount(ORLOVA, m.RecountCollection("T-1", "c9", counts)), "unknown_collection")
