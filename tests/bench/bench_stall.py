"""What a screen that stands still for two seconds moves: `python -m tests.bench.bench_stall [--stalls N] [--json]`.

The real ui is stopped (SIGSTOP) for 2 s, as a graphics driver may do it. Core: from the validator's
«escrow» on the wire to the command «stack» that answers it, with the screen running and stopped by turns. Media: the
longest gap between two pictures that the agent decodes, and between two pictures for the screen in the ring, running
and stopped by turns, with the live ui drawing the call. Nothing of either may change.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "ui"))
sys.path.append(str(Path(__file__).parents[1] / "integration"))

from kiosk_bench import Kiosk, virtual_display
from media_bench import Agent, MediaBench
from terminal_states import STATES

from tests.bench.cash_wire import ESCROW, NOTE_MINOR, PPI, SIZE, paying

STALL_S = 2.0
AGENT_SIZE = {"width": 320, "height": 240}


async def decision_ms(folder: Path, rounds: int) -> dict[str, list[float]]:
    """One note with the screen running, one with it stopped, by turns."""
    async with paying(folder) as payer:
        took: dict[str, list[float]] = {"running": [], "stopped": []}
        inside_minor = 0
        for _ in range(rounds):
            for name in took:
                inside_minor += NOTE_MINOR
                if name == "stopped":
                    os.kill(payer.screen.pid, signal.SIGSTOP)
                    ends_s = time.monotonic() + STALL_S
                await payer.pushes()
                await payer.decided(inside_minor // NOTE_MINOR)
                if name == "stopped":
                    await asyncio.sleep(max(0.0, ends_s - time.monotonic()))
                    os.kill(payer.screen.pid, signal.SIGCONT)
                await payer.sees(inside_minor)
                took[name].append((payer.port.commanded_s[-1] - payer.port.told_s[ESCROW][-1]) * 1000)
        return took


async def gap_ms(folder: Path, rounds: int) -> dict[str, list[float]]:
    """The longest gap of each turn, at the agent and in the ring of the screen."""
    screen_dir, media_dir = folder / "screen", folder / "media"
    screen_dir.mkdir()
    media_dir.mkdir()
    for ring in ("agent.ring", "preview.ring"):
        (screen_dir / ring).symlink_to(media_dir / ring)
    with virtual_display(*SIZE) as display:
        kiosk = await asyncio.to_thread(Kiosk, screen_dir, display, SIZE, PPI)
        try:
            await asyncio.to_thread(kiosk.show, STATES["call_live"])
            async with MediaBench(media_dir) as bench, Agent(**AGENT_SIZE) as agent:
                await bench.connect(agent)
                await bench.live()
                await asyncio.sleep(2 * STALL_S)  # the estimate of the line's speed settles
                drawn = kiosk.ask("frames")["drawn"]
                found: dict[str, list[float]] = {}
                for _ in range(rounds):
                    for name in ("running", "stopped"):
                        if name == "stopped":
                            kiosk.process.send_signal(signal.SIGSTOP)
                        gaps = await _longest_gaps(bench, agent)
                        kiosk.process.send_signal(signal.SIGCONT)
                        for place, value in gaps.items():
                            found.setdefault(f"{place}_{name}", []).append(value)
                        await asyncio.sleep(1)
                assert kiosk.ask("frames")["drawn"] > drawn, "the screen draws the call"
                return found
        finally:
            kiosk.close()


async def _longest_gaps(bench: MediaBench, agent: Agent) -> dict[str, float]:
    looks: dict[str, Callable[[], int | None]] = {
        "agent": lambda: len(agent.video_pts),
        "ring": lambda: frame.number if (frame := bench.agent_picture.latest()) is not None else None,
    }
    seen: dict[str, list[float]] = {place: [time.monotonic()] for place in looks}
    last: dict[str, int | None] = dict.fromkeys(looks)
    ends_s = time.monotonic() + STALL_S
    while (now_s := time.monotonic()) < ends_s:
        for place, look in looks.items():
            number = look()
            if number is not None and number != last[place]:
                last[place] = number
                seen[place].append(now_s)
        await asyncio.sleep(0.002)
    return {
        place: max(later - earlier for earlier, later in pairwise([*at, ends_s])) * 1000 for place, at in seen.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_stall")
    parser.add_argument("--stalls", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        decisions = asyncio.run(decision_ms(Path(name), words.stalls))
    with tempfile.TemporaryDirectory() as name:
        gaps = asyncio.run(gap_ms(Path(name), words.stalls))
    every = {f"decision_{name}": values for name, values in decisions.items()}
    every |= {f"longest_gap_{name}": values for name, values in gaps.items()}
    figures = {f"{name}_median_ms": round(statistics.median(values), 1) for name, values in every.items()}
    figures |= {f"{name}_max_ms": round(max(values), 1) for name, values in every.items()}
    print(json.dumps(figures) if words.json else "\n".join(f"{name:40}{value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
