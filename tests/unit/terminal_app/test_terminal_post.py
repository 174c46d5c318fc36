"""The terminal tells billing each day that is over, once, however it was interrupted."""

from __future__ import annotations

from datetime import date

import pytest

from payment.billing.outbox import Outbox
from payment.billing.outbox_rules import Delivery, DeliveryOutcome
from payment.billing.outbox_senders import REGISTER
from payment.contract import JournalRecord
from payment.journal.journal import JournalError
from terminal_app.core.post import Post

DELIVERED = Delivery(DeliveryOutcome.DELIVERED)


def record(kind: str, **data: object) -> JournalRecord:
    return JournalRecord(1, kind, data, 0, 0, "", "", b"")


def payment(txn_id: str, day: str, outcome: str = "credited") -> list[JournalRecord]:
    paid: dict[str, object] = {"txn_id": txn_id, "account": "100000017", "amount_minor": 500_00}
    return [
        record("pay_intent", **paid, txn_date=f"{day}141200", fee_minor=0),
        record("pay_result", **paid, outcome=outcome, provider_txn=f"9{txn_id}"),
    ]


class Night:
    """A terminal's journal and calendar, and billing's letter-box."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.records: list[JournalRecord] = [record("session_open"), *payment("1", "20261122")]
        self.today = date(2026, 11, 24)
        self.broken = False
        self.came: list[tuple[str, bytes]] = []
        self.post = self.started()

    def started(self) -> Post:
        outbox = Outbox(self.folder / "outbox.sqlite", {REGISTER: self.receive}, now_ms=lambda: 0, draw=lambda: 0)
        return Post(outbox, self.folder, "T-1", records=self.read, today=lambda: self.today)

    def read(self) -> list[JournalRecord]:
        if self.broken:
            raise JournalError("the disk is gone")
        return self.records

    async def receive(self, key: str, body: bytes) -> Delivery:
        self.came.append((key[: len("register-YYYYMMDD")], body))
        return DELIVERED

    async def told(self) -> list[str]:
        """The days that are told now."""
        self.came.clear()
        await self.post.tell_registers()
        await self.post.outbox.deliver_due()
        return [key.removeprefix("register-") for key, _ in self.came]


@pytest.fixture
async def night(tmp_path):
    made = Night(tmp_path)
    yield made
    await made.post.close()


async def test_days_that_are_over_are_told_once(night):
    assert await night.told() == ["20261122", "20261123"]
    assert await night.told() == []
    night.today = date(2026, 11, 25)
    assert await night.told() == ["20261124"]


async def test_an_empty_day_is_told_too_and_today_is_not(night):
    night.records += payment("2", "20261124")
    assert await night.told() == ["20261122", "20261123"]
    assert b"TOTAL;0;0.00;20261123" in night.came[-1][1]


async def test_a_restart_tells_nothing_twice(night):
    await night.told()
    await night.post.close()
    night.post = night.started()
    assert await night.told() == []


async def test_a_payment_confirmed_days_later_tells_its_own_day_again(night):
    night.records[1:] = payment("1", "20261122", "unknown")
    assert await night.told() == ["20261122", "20261123"]
    night.records += payment("1", "20261122")
    night.today = date(2026, 11, 25)
    assert await night.told() == ["20261122", "20261124"]
    assert b"\n1;20261122141200;100000017;500.00;91;T-1\n" in night.came[0][1]


async def test_a_journal_that_cannot_be_read_is_asked_again(night):
    night.broken = True
    assert await night.told() == []
    night.broken = False
    assert await night.told() == ["20261122", "20261123"]


async def test_a_terminal_that_took_no_money_tells_nothing(night):
    night.records = [record("session_open")]
    assert await night.told() == []
