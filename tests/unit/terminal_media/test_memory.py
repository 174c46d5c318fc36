"""Run in a process of its own: the allocator is set for good."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc, sys, weakref
from pathlib import Path
from terminal_app.media import memory

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096 / 1e6

class Ring:
    def __init__(self, blocks):
        self.itself, self.blocks = self, blocks

memory.limit()
memory.settle()
gc.disable()
kept = [bytearray(b"x" * 1_000_000) for _ in range(100)]
ring = Ring(kept[::2])
gone = weakref.ref(ring)
del kept[::2], ring
full_mb = resident_mb()
memory.trim()
assert gone() is not None and full_mb - resident_mb() < 10, "somebody still holds them"
memory.give_back()
assert gone() is None
print(full_mb - resident_mb())
"""


def test_what_a_ring_of_references_held_between_used_blocks_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert 45 < float(done.stdout) < 60
