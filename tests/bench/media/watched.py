"""A program that is weighed from outside, and asked from inside (`inside.py`)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

ANSWER_S_MAX = 20.0
LOOK_S = 0.02


class Watched:
    """One program; a row of figures at every `weigh`."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.rows: list[dict[str, float]] = []
        self._out = folder / f"{name}.inside"

    def argv(self, words: Sequence[str]) -> list[str]:
        """How it is run: `words` as for `python -m`."""
        return [sys.executable, "-m", "tests.bench.media.inside", str(self._out), *words]

    async def weigh(self, pid: int) -> None:
        place = Path(f"/proc/{pid}")
        lines = [line.split(":") for line in (place / "smaps_rollup").read_text().splitlines()[1:]]
        mb = {name: int(amount.split()[0]) * 1_024 / 1e6 for name, amount in lines}
        row: dict[str, float] = {
            "rss_mb": mb["Rss"],
            "anon_mb": mb["Anonymous"],
            "pss_mb": mb["Pss"],
            "uss_mb": mb["Private_Clean"] + mb["Private_Dirty"],
            "threads": len(os.listdir(place / "task")),
            "descriptors": len(os.listdir(place / "fd")),
            "segments": len(_shared(place)),
        }
        row |= await self._ask(pid, signal.SIGUSR1)
        self.rows.append(row)

    async def objects(self, pid: int) -> dict[str, int]:
        """How many of each class live."""
        return await self._ask(pid, signal.SIGUSR2)

    async def _ask(self, pid: int, number: signal.Signals) -> dict[str, int]:
        self._out.unlink(missing_ok=True)
        os.kill(pid, number)
        async with asyncio.timeout(ANSWER_S_MAX):
            while not self._out.exists():  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(LOOK_S)
        answer: dict[str, int] = json.loads(self._out.read_text("utf-8"))
        return answer


def _shared(place: Path) -> set[str]:
    """What of its memory others may map too: rings, and whatever lies in /dev/shm."""
    found = set()
    with contextlib.suppress(FileNotFoundError):
        for line in (place / "maps").read_text().splitlines():
            name = line.split(maxsplit=5)[-1]
            if "/dev/shm/" in name or name.endswith(".ring") or "/memfd:" in name:
                found.add(name)
    return found
