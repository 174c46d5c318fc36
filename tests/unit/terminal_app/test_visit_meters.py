"""Meters and readings of a visit: what a broken line leaves, what is safe on disk, what the next one cannot know."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from payment.billing.account_values import Meters, Readings, ZoneReading
from payment.billing.accounts import AccountsUnavailableError
from payment.billing.outbox import OutboxError
from terminal_app.config import TerminalConfig
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.task_side import TaskSide
from terminal_app.core.tasks.task import AskMeters, BillingTold, KeepReadings, Silence, Stored
from terminal_app.core.visit_events import DoForTask, TaskTold
from terminal_app.core.visit_meters import VisitMeters
from terminal_app.ipc.messages import Availability

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT, ONE_METER

ACCOUNT = ONE_METER.account
GIVEN = Readings("key-00000001", ACCOUNT, "37204816", CONTEXT.today, (ZoneReading("T1", 123_456),))


@dataclass
class Billing:
    """Answers, or is gone; its disk takes readings, or is full."""

    there: bool = True
    full: bool = False
    kept: list[Readings] = field(default_factory=list)
    held: asyncio.Event | None = None  # answers wait for it

    async def meters(self, account: str) -> Meters | None:
        if self.held is not None:
            await self.held.wait()
        if not self.there:
            raise AccountsUnavailableError("gone")
        return ONE_METER if account == ACCOUNT else None

    async def keep_readings(self, readings: Readings) -> None:
        if self.held is not None:
            await self.held.wait()
        if self.full:
            raise OutboxError("full")
        self.kept.append(readings)


async def test_meters_told_in_this_visit_outlive_the_line():
    billing = Billing()
    meters = VisitMeters(billing.meters, billing.keep_readings)
    assert await meters.ask(ACCOUNT) == ONE_METER
    assert await meters.ask("999") is None
    billing.there = False
    assert await meters.ask(ACCOUNT) == ONE_METER
    assert await meters.ask("999") is None
    with pytest.raises(AccountsUnavailableError):
        await meters.ask("1")
    meters.forget()
    with pytest.raises(AccountsUnavailableError):
        await meters.ask(ACCOUNT)


async def test_only_readings_on_disk_count_as_given():
    billing = Billing(full=True)
    meters = VisitMeters(billing.meters, billing.keep_readings)
    assert not await meters.keep(GIVEN)
    assert meters.given == ()
    billing.full = False
    assert await meters.keep(GIVEN)
    assert (meters.given, billing.kept) == ((GIVEN,), [GIVEN])
    meters.forget()
    assert meters.given == ()


async def test_what_comes_after_the_customer_is_gone_stays_with_his_visit():
    billing = Billing(held=asyncio.Event())
    meters = VisitMeters(billing.meters, billing.keep_readings)
    late = [asyncio.create_task(meters.keep(GIVEN)), asyncio.create_task(meters.ask(ACCOUNT))]
    await asyncio.sleep(0)
    meters.forget()
    billing.held.set()
    assert await asyncio.gather(*late) == [True, ONE_METER]
    billing.there = False
    assert (billing.kept, meters.given) == ([GIVEN], ())
    with pytest.raises(AccountsUnavailableError):
        await meters.ask(ACCOUNT)


async def answers_of(side: TaskSide, told: list[TaskTold], asked: DoForTask) -> list[TaskTold]:
    side.do(asked)
    await asyncio.wait_for(asyncio.gather(*side._running), 5)
    answers = told[:]
    told.clear()
    return answers


async def test_the_shell_answers_the_one_who_asked_and_nobody_after_him(tmp_path):
    billing, told = Billing(), []
    config = TerminalConfig(data_dir=str(tmp_path))
    office = OfficeSide(config.office, None, condition=list, on_message=list, on_changed=list)  # there is none
    side = TaskSide(config, office, billing, billing, SimpleNamespace(), told.append)
    keep, ask = KeepReadings(GIVEN), AskMeters(ACCOUNT)
    assert await answers_of(side, told, DoForTask(1, ask)) == [TaskTold(1, BillingTold(ONE_METER))]
    billing.there = False
    assert await answers_of(side, told, DoForTask(2, ask)) == [TaskTold(2, BillingTold(ONE_METER))]
    assert await answers_of(side, told, DoForTask(3, keep)) == [TaskTold(3, Stored())]
    assert side.context(Availability()).readings_given == (GIVEN,)
    billing.full = True
    assert await answers_of(side, told, DoForTask(4, keep)) == [TaskTold(4, Silence())]
    side.forget_customer()
    assert side.context(Availability()).readings_given == ()
    assert await answers_of(side, told, DoForTask(1, ask)) == [TaskTold(1, Silence())]

    billing.held = asyncio.Event()
    side.do(DoForTask(2, ask))
    late = [*side._running]
    side.forget_customer()
    side.do(DoForTask(2, keep))  # of the next customer, under the same number
    billing.held.set()
    billing.full = False
    await asyncio.wait_for(asyncio.gather(*late, *side._running), 5)
    assert told == [TaskTold(2, Stored())]
    await side.close()
