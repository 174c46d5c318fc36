"""A program that is killed while it puts parcels into the outbox: what it was told to be kept, is kept."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from payment.billing.outbox import OutboxError, OutboxFile
from payment.billing.outbox_rules import Parcel

ROOT = Path(__file__).resolve().parents[2]
KILLS = 6
GIVER = """
import asyncio, sys
from pathlib import Path
from payment.billing.outbox import Outbox

async def never(key, body):
    raise AssertionError("nothing is delivered here")

async def give():
    box = Outbox(Path(sys.argv[1]), {"readings": never})
    for number in range(int(sys.argv[2]), 10**6):
        await box.put("readings", f"key-{number}", b"body %d" % number)
        print(number, flush=True)

asyncio.run(give())
"""


def test_a_parcel_that_is_told_to_be_kept_survives_a_kill(tmp_path):
    chance = random.Random(4)
    path, told = tmp_path / "outbox.sqlite", -1
    for _ in range(KILLS):
        argv = [sys.executable, "-c", GIVER, str(path), str(told + 1)]
        with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as giver:
            assert giver.stdout is not None
            for _ in range(chance.randint(1, 40)):
                told = int(giver.stdout.readline())
            giver.kill()
            told = max([told, *(int(line) for line in giver.stdout.read().split("\n")[:-1])])
        box = OutboxFile(path)
        kept = {parcel.key for parcel in box.labels()}
        assert {f"key-{number}" for number in range(told + 1)} <= kept
        assert len(kept) <= told + 2  # one may be on disk without its giver having heard so
        found = box.find(f"key-{told}")
        assert found is not None
        assert found.body == b"body %d" % told
        box.close()


def put_many(box: OutboxFile, count: int) -> None:
    for number in range(count):
        box.put(Parcel("readings", f"key-{number}", b"x" * 4096, number, number))


def test_a_full_disk_is_said_to_the_giver_and_loses_nothing_that_was_kept(tmp_path):
    box = OutboxFile(tmp_path / "outbox.sqlite")
    box._database.execute("PRAGMA max_page_count = 20")  # SQLite says "full" as a disk does
    with pytest.raises(OutboxError, match="full"):
        put_many(box, 100)
    kept = len(box.labels())
    assert 0 < kept < 20
    assert [parcel.key for parcel in box.labels()] == [f"key-{number}" for number in range(kept)]
    box.forget("key-0")
    box.put(Parcel("readings", "key-200", b"x" * 4096, 0, 0))
    assert len(box.labels()) == kept
    box.close()
