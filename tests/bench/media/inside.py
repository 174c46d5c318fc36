"""Run inside a program that is watched: at SIGUSR1 it says how many asyncio tasks it has, at SIGUSR2 what objects live.

`python -m tests.bench.media.inside OUT MODULE ARGUMENTS...`; the answers lie in OUT as JSON, the second after a whole
collection, so that what it counts is held by somebody.
"""

from __future__ import annotations

import asyncio
import gc
import json
import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType


def install(out: Path) -> None:
    def answer(number: int, _: FrameType | None) -> None:
        _write(out, _tasks() if number == signal.SIGUSR1 else _objects())

    signal.signal(signal.SIGUSR1, answer)
    signal.signal(signal.SIGUSR2, answer)


def _tasks() -> dict[str, int]:
    try:
        return {"tasks": len(asyncio.all_tasks())}
    except RuntimeError:  # no loop runs yet
        return {"tasks": 0}


def _objects() -> dict[str, int]:
    gc.collect()
    return dict(Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects()))


def _write(out: Path, said: dict[str, int]) -> None:
    new = out.with_suffix(".new")
    new.write_text(json.dumps(said), "utf-8")
    new.replace(out)


def main() -> None:
    out, module, *arguments = sys.argv[1:]
    install(Path(out))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
