"""The cashier over the real journal in its thread: one sync a device event, a disk that fails, a clock that jumps."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from payment.cashier import Cashier
from payment.contract import (
    AcceptorChanged,
    CashPhase,
    NoteEscrowed,
    NoteMoving,
    NoteStacked,
    PayOutcome,
    PowerUpNote,
)
from payment.contract import AcceptorPoweredUp as PoweredUp
from payment.journal.file import JournalFile
from payment.journal.journal import Journal, read_journal
from payment.ledger import Books, Place
from tests.unit.payment.till_world import ORDER, TillWorld

WAIT_S_MAX = 10.0


class DiskWorld(TillWorld):
    """Ports as always, but the records go to SQLite; `turn` runs what the journal posts, as core's loop does."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.failures: list[Exception] = []
        self.journal: Journal | None = None
        self.wall_ahead_s = 0

    def start(self) -> Cashier:
        self.journal = Journal.open(self.path, post=self.calls.put, on_failed=self.failures.append)
        return Cashier(
            journal=self.journal,
            acceptor=self,
            billing=self,
            printer=self,
            clock=self,
            settings=self.settings,
            tell=self.told.append,
            records=self.journal.records(),
        )

    def stop(self) -> None:
        if self.journal is not None:
            self.journal.close()
            self.journal = None

    def now(self):
        moment = super().now()
        second = int(self.now_s) + self.wall_ahead_s
        return type(moment)(second * 1000, self.now_s, f"20261123{second % 1_000_000:06d}")

    def turn_until(self, done: Callable[[], bool]) -> None:
        """Runs what the writer posts; a failure is posted too, so the wait always ends."""
        while not done() and not self.failures:
            self.calls.get(timeout=WAIT_S_MAX)()

    def insert(self, cashier: Cashier, value_minor: int) -> None:
        before = cashier.snapshot.inserted_minor
        cashier.on_event(NoteMoving(True))
        cashier.on_event(NoteEscrowed(value_minor))
        stacks = self.log.count("STACK")
        self.turn_until(lambda: self.log.count("STACK") > stacks)
        cashier.on_event(NoteStacked(value_minor))
        cashier.on_event(NoteMoving(False))
        self.turn_until(lambda: cashier.snapshot.inserted_minor > before)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DiskWorld]:
    world = DiskWorld(tmp_path / "journal.sqlite")
    yield world
    world.stop()


def opened(world: DiskWorld) -> Cashier:
    cashier = world.start()
    cashier.on_event(AcceptorChanged(ready=True))
    cashier.open_visit(ORDER)
    world.turn_until(lambda: "ENABLE" in world.log)
    return cashier


def test_a_device_event_costs_at_most_one_sync(world, monkeypatch):
    batches: list[list[str]] = []
    write = JournalFile.write

    def counted(self, rows):
        batches.append([kind for _, kind, *_ in rows])
        write(self, rows)

    monkeypatch.setattr(JournalFile, "write", counted)
    cashier = opened(world)
    for value in (500_00, 100_00):
        world.insert(cashier, value)
    cashier.pay()
    world.turn_until(lambda: bool(world.requests))
    world.answer(cashier, PayOutcome.CREDITED)
    world.turn_until(lambda: bool(world.receipts))
    world.print_out(cashier)
    world.turn_until(lambda: cashier.snapshot.phase is CashPhase.DONE)
    assert batches == [
        ["session_open"],
        *[["escrow_seen", "decision"], ["stacked"]] * 2,
        ["pay_intent"],
        ["pay_result", "receipt_intent"],
        ["receipt_done"],
    ]


@pytest.mark.parametrize("fails_at", range(2, 7))
def test_a_disk_that_fails_stops_cash_with_a_clear_state_and_loses_nothing(world, monkeypatch, fails_at):
    """At each commit of a visit: what was acknowledged is there, what was not decided on disk is not done."""
    done, write = [0], JournalFile.write

    def failing(self, rows):
        done[0] += 1
        if done[0] >= fails_at:
            raise apsw.IOError("disk I/O error")
        write(self, rows)

    monkeypatch.setattr(JournalFile, "write", failing)
    cashier = opened(world)
    for value in (500_00, 100_00):
        if not world.failures:
            world.insert(cashier, value)
    if not world.failures:
        cashier.pay()
        world.turn_until(lambda: bool(world.requests))
    for _ in range(2):
        cashier.on_time(world.now())
    assert len(world.failures) == 1
    shown = world.told[-1]
    assert (shown.journal_ok, shown.acceptor_ready) == (False, False)
    assert world.log.count("DISABLE") >= 1
    assert world.requests == []
    stacked = world.log.count("STACK")
    world.stop()
    monkeypatch.undo()
    world.failures.clear()
    told = [record.kind for record in read_journal(world.path)]
    assert told.count("decision") == stacked, "nothing is stacked that is not decided on disk"
    after = world.start()
    after.on_event(PoweredUp(PowerUpNote.IN_STACKER if told[-1] == "decision" else PowerUpNote.NONE))
    after.on_event(AcceptorChanged(ready=True))
    world.turn_until(lambda: bool(world.requests) or (after.books()[Place.ESCROW] == 0 and stacked == 0))
    assert sum(request.amount_minor for request in world.requests) == [0, 500_00, 600_00][stacked]
    records = read_journal(world.path)
    assert Books((record.kind, record.data) for record in records).faults() == []


@pytest.mark.parametrize("jump_s", [-86_400, -3_600, 3_600, 86_400])
def test_a_clock_that_jumps_gives_no_number_twice_and_changes_no_request(world, jump_s):
    cashier = opened(world)
    for _ in range(3):
        world.insert(cashier, 10_00)
        asked = len(world.requests)
        cashier.pay()
        world.turn_until(lambda asked=asked: len(world.requests) > asked)
        world.wall_ahead_s += jump_s
        world.answer(cashier, PayOutcome.UNKNOWN, "")
        printed = len(world.receipts)
        world.turn_until(lambda printed=printed: len(world.receipts) > printed or cashier.snapshot.receipt is not None)
        world.print_out(cashier)
        world.turn_until(lambda: cashier.snapshot.phase is CashPhase.DONE)
        cashier.close_visit()
        world.turn_until(lambda: cashier.snapshot.phase is CashPhase.IDLE)
        cashier.open_visit(ORDER)
        world.turn_until(lambda: cashier.snapshot.phase is CashPhase.ACCEPTING)
    first = list(world.requests)
    assert len({request.txn_id for request in first}) == 3
    world.wait(cashier, 10)
    assert sorted(world.requests[3:], key=lambda request: request.txn_id) == sorted(
        first, key=lambda request: request.txn_id
    ), "a repeat carries the same number, date, account and sum"
    world.stop()
    world.wall_ahead_s -= 2 * jump_s
    again = world.start()
    assert again.undelivered() == 3
