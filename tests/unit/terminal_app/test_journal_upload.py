"""The journal's upload: at least once, in batches, from where the office says it is; nothing lost by any loss."""

from __future__ import annotations

import random
import threading

import msgspec
import pytest

from payment.journal.chain import GENESIS, StoredRecord, chained, follows
from payment.journal.journal import Journal, JournalDamagedError
from payment.journal.rows import JournalRows
from signaling_server.contract.messages import MESSAGE_SIZE_MAX, encode
from signaling_server.contract.money import BATCH_RECORDS_MAX, JournalAcknowledged, JournalAsked, JournalBatch
from terminal_app.core.journal_upload import ANSWER_S_MAX, REFUSED_S, JournalUpload


class Paper:
    """A journal in memory."""

    def __init__(self, count: int = 0, data: str = '{"value_minor":50000}') -> None:
        self.records: list[StoredRecord] = []
        self.damaged = False
        for _ in range(count):
            self.write(data)

    def write(self, data: str = "{}") -> None:
        previous = self.records[-1].hash if self.records else GENESIS
        stamp = (len(self.records) + 1, "stacked", data, 1_795_432_320_000, 5, "boot", "0.1.0")
        self.records.append(StoredRecord(*stamp, chained(previous, stamp)))

    def journal_id(self) -> str:
        return self.records[0].hash.hex() if self.records else ""

    def hash_of(self, sequence: int) -> bytes | None:
        if sequence == 0:
            return GENESIS
        return self.records[sequence - 1].hash if sequence <= len(self.records) else None

    def after(self, sequence: int, limit: int) -> list[StoredRecord]:
        if self.damaged:
            raise JournalDamagedError("torn")
        return self.records[sequence : sequence + limit]


class World:
    def __init__(self, paper: Paper) -> None:
        self.sent: list[JournalAsked | JournalBatch] = []
        self.upload = JournalUpload(paper, self.sent.append)
        self.paper = paper

    def take(self):
        return self.sent.pop(0)

    def answer(self, sequence: int, now_s: float = 0.0, refused: str = "") -> None:
        self.upload.on_acknowledged(JournalAcknowledged(self.paper.journal_id(), sequence, refused), now_s)


def test_the_office_is_asked_first_and_sent_what_it_lacks():
    world = World(Paper(3))
    world.upload.link_changed(True, 0.0)
    assert world.take() == JournalAsked(world.paper.journal_id())
    world.answer(1)
    batch = world.take()
    assert [row.sequence for row in batch.rows] == [2, 3]
    assert batch.previous_hash == world.paper.records[0].hash.hex()
    world.answer(3)
    assert world.sent == []
    world.paper.write()
    world.upload.on_time(1.0)
    assert [row.sequence for row in world.take().rows] == [4]


def test_an_empty_journal_says_nothing_until_its_first_record():
    world = World(Paper())
    world.upload.link_changed(True, 0.0)
    world.upload.on_time(5.0)
    assert world.sent == []
    world.paper.write()
    world.upload.on_time(6.0)
    assert isinstance(world.take(), JournalAsked)


def test_one_batch_waits_for_its_answer_and_a_lost_one_is_asked_for():
    world = World(Paper(3))
    world.upload.link_changed(True, 0.0)
    world.take()
    world.answer(0)
    world.take()
    world.upload.on_time(ANSWER_S_MAX - 1)
    assert world.sent == []
    world.upload.on_time(ANSWER_S_MAX)
    assert isinstance(world.take(), JournalAsked)


def test_a_refused_batch_is_not_hammered_and_tried_again_later():
    world = World(Paper(3))
    world.upload.link_changed(True, 0.0)
    world.take()
    world.answer(0)
    world.take()
    world.answer(0, 1.0, refused="the chain is broken")
    world.upload.on_time(REFUSED_S)
    assert world.sent == []
    world.upload.on_time(REFUSED_S + 1.0)
    assert isinstance(world.take(), JournalBatch)


def test_batches_are_bounded_in_number_and_in_bytes():
    world = World(Paper(250))
    world.upload.link_changed(True, 0.0)
    world.take()
    world.answer(0)
    assert len(world.take().rows) == BATCH_RECORDS_MAX
    large = World(Paper(20, data=f'{{"slip":"{"я" * 6000}"}}'))
    large.upload.link_changed(True, 0.0)
    large.take()
    large.answer(0)
    batch = large.take()
    assert 1 < len(batch.rows) < 20
    assert len(encode(batch)) <= MESSAGE_SIZE_MAX


def test_a_record_that_fits_no_frame_a_torn_file_and_a_foreign_office_stop_the_upload_alone(caplog):
    for paper in (Paper(1, data=f'"{"я" * 30_000}"'), Paper(1)):
        world = World(paper)
        world.upload.link_changed(True, 0.0)
        world.take()
        paper.damaged = len(paper.records[0].data) < 100
        world.answer(0)
        assert world.sent == []
    ahead = World(Paper(2))
    ahead.upload.link_changed(True, 0.0)
    ahead.take()
    ahead.answer(7)
    assert ahead.sent == []
    assert "not sent" in caplog.text


def test_nothing_is_sent_without_a_link_and_an_answer_about_another_journal_is_none():
    world = World(Paper(2))
    world.upload.on_time(1.0)
    assert world.sent == []
    world.upload.link_changed(True, 2.0)
    world.take()
    world.upload.on_acknowledged(JournalAcknowledged("0" * 64, 2), 3.0)
    assert world.upload.acknowledged is None
    world.upload.link_changed(False, 0.0)
    world.answer(0)
    assert world.sent == []


@pytest.mark.parametrize("seed", range(20))
def test_over_a_bad_link_the_office_ends_with_every_record_once_and_in_order(seed):
    """Frames and answers are lost, the link breaks, records come meanwhile."""
    chance = random.Random(seed)
    world = World(Paper(120))
    office: list[str] = []
    now_s = 0.0
    for _ in range(1_500):
        now_s += 1.0
        if chance.random() < 0.1:
            world.paper.write()
        if chance.random() < 0.03:
            world.upload.link_changed(False, 0.0)
            world.sent.clear()
            world.upload.link_changed(True, now_s)
        while world.sent and chance.random() < 0.8:
            message = world.take()
            if chance.random() < 0.3:
                continue  # lost on the way
            if isinstance(message, JournalBatch) and message.rows[0].sequence <= len(office) + 1:
                office += [row.hash for row in message.rows if row.sequence > len(office)]
            if chance.random() < 0.7:
                world.answer(len(office), now_s)
        world.upload.on_time(now_s)
    for _ in range(200):  # the link is good at last
        now_s += ANSWER_S_MAX
        world.upload.on_time(now_s)
        while world.sent:
            message = world.take()
            if isinstance(message, JournalBatch):
                assert message.rows[0].sequence <= len(office) + 1
                office += [row.hash for row in message.rows if row.sequence > len(office)]
            world.answer(len(office), now_s)
    assert office == [record.hash.hex() for record in world.paper.records]


# --- a real journal ---------------------------------------------------------------------------------------------------


def test_rows_of_a_real_journal_are_read_beside_its_writer_and_follow_each_other(tmp_path):
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, post=lambda call: call(), on_failed=pytest.fail, software_version="0.1.0")
    durable = threading.Semaphore(0)
    for number in range(5):
        journal.append("stacked", {"value_minor": 50_000, "text": "Ёж №5", "number": number}, durable.release)
    for _ in range(5):
        assert durable.acquire(timeout=10)
    rows = JournalRows(path)
    try:
        records = rows.after(0, 100)
        assert [record.sequence for record in records] == [1, 2, 3, 4, 5]
        assert rows.journal_id() == records[0].hash.hex()
        assert rows.hash_of(0) == GENESIS
        assert rows.hash_of(9) is None
        for previous, record in zip([GENESIS, *(each.hash for each in records)], records, strict=False):
            assert follows(previous, record)
        assert not follows(GENESIS, records[1])
        assert not follows(records[0].hash, records[1]._replace(wall_ms=1))
        assert msgspec.json.decode(records[4].data)["number"] == 4
    finally:
        rows.close()
        journal.close()
