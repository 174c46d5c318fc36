"""What is put into the outbox reaches its receiver, once for each key, however long it takes."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.billing.outbox import (
    BODY_SIZE_MAX,
    PARCELS_MAX,
    OtherParcelError,
    Outbox,
    OutboxError,
    OutboxFile,
    OutboxState,
)
from payment.billing.outbox_rules import DRAW_MAX, Delivery, DeliveryOutcome, Parcel, RetryRules, after_try, wait_ms

RULES = RetryRules()
HOUR_MS = 3_600_000
DELIVERED = Delivery(DeliveryOutcome.DELIVERED)
UNKNOWN = Delivery(DeliveryOutcome.UNKNOWN, "no answer")
REFUSED = Delivery(DeliveryOutcome.REFUSED, "less_than_previous")
PARCEL = Parcel("readings", "key-1", b"{}", created_ms=0, due_ms=0)


# --- rules -----------------------------------------------------------------------------------------------------------


@given(tries=st.integers(1, 10_000), draw=st.integers(0, DRAW_MAX - 1))
def test_a_wait_is_anywhere_below_its_ceiling(tries, draw):
    ceiling_ms = min(RULES.ceiling_ms, RULES.first_ms * 2 ** min(tries - 1, 60))
    assert 1 <= wait_ms(tries, draw, RULES) <= ceiling_ms
    assert wait_ms(tries, DRAW_MAX - 1, RULES) == ceiling_ms
    assert wait_ms(tries, 0, RULES) == 1


def test_ceilings_double_until_the_hour():
    assert [wait_ms(tries, DRAW_MAX - 1, RULES) // 1000 for tries in (1, 2, 3, 10, 11, 500)] == [
        5, 10, 20, 2_560, 3_600, 3_600,
    ]  # fmt: skip


def test_a_try_ends_a_parcel_or_lets_it_wait():
    assert after_try(PARCEL, DELIVERED, 100, 0, RULES) is None
    again = after_try(PARCEL, UNKNOWN, 100, DRAW_MAX // 2, RULES)
    assert again == Parcel("readings", "key-1", b"{}", 0, 100 + 1 + 2_500, tries=1)
    refused = after_try(PARCEL, REFUSED, 100, 0, RULES)
    assert (refused.refused, refused.is_due(10**15, RULES), refused.is_overdue(10**15, RULES)) == (
        "less_than_previous",
        False,
        False,
    )


def test_a_day_without_an_answer_is_for_a_person_and_does_not_end_the_tries():
    assert not PARCEL.is_overdue(24 * HOUR_MS, RULES)
    assert PARCEL.is_overdue(24 * HOUR_MS + 1, RULES)
    assert PARCEL.is_due(30 * 24 * HOUR_MS, RULES)


def test_a_clock_set_back_does_not_hold_a_parcel_for_years():
    waiting = Parcel("readings", "k", b"", created_ms=10 * HOUR_MS, due_ms=10 * HOUR_MS)
    assert not waiting.is_due(9 * HOUR_MS, RULES)
    assert waiting.is_due(8 * HOUR_MS, RULES)


# --- the box ---------------------------------------------------------------------------------------------------------


class Post:
    """A receiver that answers as it is told, and the clock of the terminal."""

    def __init__(self, path: Path, *answers: Delivery) -> None:
        self.now_ms = 1_000_000
        self.answers = list(answers)
        self.came: list[tuple[str, bytes]] = []
        self.path = path
        self.box = self.opened()

    def opened(self) -> Outbox:
        return Outbox(
            self.path,
            {"readings": self.receive, "register": self.receive},
            now_ms=lambda: self.now_ms,
            draw=lambda: DRAW_MAX - 1,
        )

    async def receive(self, key: str, body: bytes) -> Delivery:
        self.came.append((key, body))
        return self.answers.pop(0) if self.answers else DELIVERED


@pytest.fixture
async def post(tmp_path):
    made = Post(tmp_path / "outbox.sqlite")
    yield made
    await made.box.close()


async def test_a_parcel_is_delivered_and_forgotten(post):
    await post.box.put("readings", "key-1", b"one")
    assert await post.box.deliver_due() is None
    assert post.came == [("key-1", b"one")]
    assert await post.box.deliver_due() is None
    assert len(post.came) == 1
    assert await post.box.state() == OutboxState(0, 0, 0, None)


async def test_an_ill_receiver_is_tried_for_days_under_the_same_key(post):
    post.answers = [UNKNOWN] * 60
    await post.box.put("readings", "key-1", b"one")
    began_ms = post.now_ms
    while (due_ms := await post.box.deliver_due()) is not None:
        assert due_ms > post.now_ms
        post.now_ms = due_ms
    assert post.came == [("key-1", b"one")] * 61
    assert post.now_ms - began_ms > 48 * HOUR_MS
    assert post.answers == []


async def test_nothing_is_tried_before_its_time(post):
    post.answers = [UNKNOWN]
    await post.box.put("readings", "key-1", b"one")
    due_ms = await post.box.deliver_due()
    post.now_ms = due_ms - 1
    assert await post.box.deliver_due() == due_ms
    assert len(post.came) == 1


async def test_a_parcel_outlives_a_restart(post):
    post.answers = [UNKNOWN]
    await post.box.put("readings", "key-1", b"one")
    await post.box.deliver_due()
    await post.box.close()
    post.box = post.opened()
    post.now_ms += HOUR_MS
    assert await post.box.deliver_due() is None
    assert post.came == [("key-1", b"one")] * 2


async def test_a_refused_parcel_waits_for_a_person_only(post):
    post.answers = [REFUSED]
    await post.box.put("readings", "key-1", b"one")
    assert await post.box.deliver_due() is None
    post.now_ms += 1_000 * HOUR_MS
    assert await post.box.deliver_due() is None
    (kept,) = await post.box.refused()
    assert (kept.refused, len(post.came)) == ("less_than_previous", 1)
    assert (await post.box.state()).refused == 1
    await post.box.drop("key-1")
    assert await post.box.refused() == []


async def test_what_waits_for_more_than_a_day_is_told(post):
    post.answers = [UNKNOWN] * 9
    await post.box.put("readings", "key-1", b"one")
    put_ms = post.now_ms
    await post.box.deliver_due()
    assert await post.box.state() == OutboxState(1, 0, 0, put_ms)
    post.now_ms += 25 * HOUR_MS
    assert await post.box.state() == OutboxState(1, 1, 0, put_ms)


async def test_one_ill_receiver_does_not_stop_the_other_kind(post):
    post.answers = [UNKNOWN]
    await post.box.put("readings", "key-1", b"one")
    await post.box.put("readings", "key-2", b"two")
    await post.box.put("register", "key-3", b"three")
    await post.box.deliver_due()
    assert {key for key, _ in post.came} >= {"key-1", "key-3"}
    assert ("key-2", b"two") not in post.came
    await post.box.deliver_due()
    assert ("key-2", b"two") in post.came


async def test_a_sender_that_breaks_is_an_unknown_outcome(post):
    async def broken(_key: str, _body: bytes) -> Delivery:
        raise KeyError("a bug")

    await post.box.close()
    post.box = Outbox(post.path, {"readings": broken}, now_ms=lambda: post.now_ms, draw=lambda: 0)
    await post.box.put("readings", "key-1", b"one")
    assert await post.box.deliver_due() == post.now_ms + 1


async def test_the_same_parcel_is_kept_once_and_another_under_its_key_is_refused(post):
    await post.box.put("readings", "key-1", b"one")
    await post.box.put("readings", "key-1", b"one")
    with pytest.raises(OtherParcelError):
        await post.box.put("readings", "key-1", b"two")
    with pytest.raises(OtherParcelError):
        await post.box.put("register", "key-1", b"one")
    await post.box.deliver_due()
    assert post.came == [("key-1", b"one")]


async def test_what_cannot_be_kept_is_said_at_once(post):
    for kind, key, body in (
        ("letters", "key", b""),
        ("readings", "", b""),
        ("readings", "k" * 101, b""),
        ("readings", "key", b" " * (BODY_SIZE_MAX + 1)),
    ):
        with pytest.raises(OutboxError):
            await post.box.put(kind, key, body)
    assert (await post.box.state()).waiting == 0


def test_a_full_box_takes_nothing_more(tmp_path):
    box = OutboxFile(tmp_path / "outbox.sqlite")
    box.close()
    raw = sqlite3.connect(tmp_path / "outbox.sqlite")
    rows = ((f"waiting-{at}",) for at in range(PARCELS_MAX))
    raw.executemany("INSERT INTO parcel VALUES (?, 'readings', x'', 0, 0, 0, '')", rows)
    raw.commit()
    raw.close()
    box = OutboxFile(tmp_path / "outbox.sqlite")
    with pytest.raises(OutboxError, match="wait already"):
        box.put(PARCEL)
    box.close()


def test_a_second_program_and_a_file_that_is_no_outbox_are_refused(tmp_path):
    box = OutboxFile(tmp_path / "outbox.sqlite")
    with pytest.raises(OutboxError, match=r"outbox\.sqlite"):
        OutboxFile(tmp_path / "outbox.sqlite")
    box.close()
    (tmp_path / "text").write_text("words of a person " * 100)
    with pytest.raises(OutboxError, match="text"):
        OutboxFile(tmp_path / "text")
    with pytest.raises(OutboxError, match="absent"):
        OutboxFile(tmp_path / "absent" / "outbox.sqlite")


async def test_a_delivered_body_is_not_left_in_the_file(post):
    await post.box.put("readings", "key-1", b"personal-" * 50)
    assert b"personal-" in post.path.read_bytes()
    await post.box.deliver_due()
    assert b"personal-" not in b"".join(path.read_bytes() for path in post.path.parent.glob("outbox.sqlite*"))
    assert post.path.stat().st_mode & 0o077 == 0


async def test_the_running_box_delivers_what_is_put_while_it_sleeps(post):
    came: asyncio.Queue[str] = asyncio.Queue()

    async def receive(key: str, _body: bytes) -> Delivery:
        came.put_nowait(key)
        return DELIVERED

    await post.box.close()
    post.box = Outbox(post.path, {"readings": receive})
    running = asyncio.create_task(post.box.run())
    async with asyncio.timeout(10):
        for key in ("key-1", "key-2", "key-3"):
            await post.box.put("readings", key, b"one")
            assert await came.get() == key
            for _ in range(5):  # the disk is asked in turn: after these the box has nothing to do and sleeps
                await post.box.state()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
