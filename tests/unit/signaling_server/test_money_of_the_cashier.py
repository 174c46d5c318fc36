"""The office understands the cashier: of whole simulated lives with crashes its items are the terminal's books."""

from __future__ import annotations

import msgspec
import pytest

from payment.contract import JournalRecord
from payment.encashment.collections import Collection, collections
from payment.journal.chain import GENESIS, chained
from payment.ledger import Books, Place
from payment.simulation.chance import SeededChance
from payment.simulation.far_ends import EVERYTHING
from payment.simulation.life import Life
from payment.simulation.office import Office
from payment.simulation.world import World
from signaling_server.contract.money import BATCH_RECORDS_MAX, JournalBatch, JournalRow, MoneyItemKind
from signaling_server.storage.money_desk import PaymentSearch
from tests.unit.signaling_server.money_scene import ORLOVA, MoneyScene, money_scene

VISITS = 40


class SilentOffice(Office):
    """Decides nothing: the office of these tests is the one that reads, and nobody there has ordered anything."""

    def orders(self, records):
        return []

    def is_waited_for(self, records):
        return False


def life(seed: str) -> list[JournalRecord]:
    """The journal of one terminal through its visits and its cuts."""
    chance = SeededChance(seed)
    world = World(chance, equipment=EVERYTHING, delayed_disk=True)
    world.tick_s = 5.0
    world.office = SilentOffice()
    try:
        Life(world, chance, VISITS).live()
        return list(world.disk.store.records())
    finally:
        world.remove()


def uploaded(records: list[JournalRecord]) -> list[JournalRow]:
    """The same records as a journal's file would hold and send them."""
    rows: list[JournalRow] = []
    for sequence, record in enumerate(records, start=1):
        previous = bytes.fromhex(rows[-1].hash) if rows else GENESIS
        data = msgspec.json.encode(record.data, order="deterministic").decode()
        stamp = (sequence, record.kind, data, record.wall_ms, record.monotonic_ms, "boot", "0.1.0")
        rows.append(JournalRow(*stamp, hash=chained(previous, stamp).hex()))
    return rows


async def send(scene: MoneyScene, rows: list[JournalRow]) -> None:
    for first in range(0, len(rows), BATCH_RECORDS_MAX):
        previous = rows[first - 1].hash if first else GENESIS.hex()
        batch = JournalBatch(rows[0].hash, previous, rows[first : first + BATCH_RECORDS_MAX])
        answer = await scene.journals.take("T-1", batch)
        assert not answer.refused
    assert answer.sequence == len(rows)


def sum_of(items, *kinds: MoneyItemKind) -> int:
    return sum(item.amount_minor for item in items if item.kind in kinds)


@pytest.mark.parametrize("seed", ["office-1", "office-2", "office-4"])
async def test_what_people_have_to_look_at_is_what_the_books_hold(tmp_path, seed):
    records = life(seed)
    books = Books((record.kind, record.data) for record in records)
    async with money_scene(tmp_path) as scene:
        await send(scene, uploaded(records))
        items = await scene.items()
        unclear = {MoneyItemKind.CHAIN, MoneyItemKind.CONFLICT}
        assert [item for item in items if item.kind in unclear] == []
        unallocated = sum_of(items, MoneyItemKind.UNALLOCATED, MoneyItemKind.CARD_REVIEW)
        assert unallocated == books.balance(Place.UNALLOCATED)
        assert sum_of(items, MoneyItemKind.IN_DOUBT) == books.balance(Place.IN_DOUBT)
        payments = (await scene.desk.payments(ORLOVA, PaymentSearch(since="1"))).payments
        assert sum(each.amount_minor for each in payments if each.outcome == "credited") == books.balance(
            Place.CREDITED
        )
        await check_collections(scene, collections(records))


async def check_collections(scene: MoneyScene, expected: list[Collection]) -> None:
    """Both read the same journal; each in its own way."""
    found = (await scene.desk.collections(ORLOVA)).collections
    told = {each.number: (each.authorised, each.total_minor, each.in_doubt_minor) for each in found if each.counts}
    for each in expected:
        total_minor = each.lay.total_minor + each.lay.coins_total_minor
        if each.reset_ms and total_minor:
            assert told[each.number] == (each.authorised, total_minor, each.lay.in_doubt_minor)
