"""A day of a busy terminal as fast as its screens turn: memory and handles of every process of the terminal stay flat.

`pytest -m soak -s tests/smoke/test_9_day.py`; `DAY_VISITS` is how many visits make the day. Nothing waits but for the
programs: 24 hours of a terminal that serves a customer every five minutes are over in some half an hour.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from payment.money import rubles_bare
from tests.smoke.places import PLACE, get, hand
from tests.smoke.robot import TouchRobot, wait_for

ACCOUNT, ATTRIBUTE = "100000017", "4321"
VISITS = int(os.environ.get("DAY_VISITS", "288"))
NOTE = 500
PARTS = ("core", "ui", "media")  # of the terminal; each is a process of its own
GROWTH_MAX = 0.05  # from the second fifth of the day to the last: caches have filled by the end of the first
GROWTH_MB_MAX = 4.0  # what an allocator may keep of a small process
HANDLES_MORE_MAX = 2

pytestmark = [pytest.mark.soak, pytest.mark.timeout(4 * 3600)]


def identified(robot: TouchRobot) -> None:
    robot.touch("pay")
    robot.wait_screen("account_entry")
    robot.type_digits(ACCOUNT)
    robot.touch("next")
    robot.wait_screen("account_confirm")
    robot.touch("yes")
    robot.wait_screen("second_attribute")
    robot.type_digits(ATTRIBUTE)
    robot.touch("next")
    robot.wait_screen("balance")


def pays_by_cash(demo: dict[str, str], robot: TouchRobot) -> None:
    before = len(get(demo["sandbox_url"] + "/credits"))
    identified(robot)
    robot.touch("pay")
    robot.wait_screen("amount")
    robot.touch(next(key for key in robot.touchable() if key.startswith("sum_")))
    robot.wait_screen("means")
    robot.touch("cash")
    robot.wait_screen("cash_in")
    wait_for("the slot to draw the note in", lambda: _drawn_in(demo))
    wait_for("the note on the screen", lambda: any(rubles_bare(NOTE * 100) in name for name in robot.names()))
    robot.touch("pay")
    wait_for("the way on", lambda: robot.screen() in {"notice", "receipt"})
    if robot.screen() == "notice":
        robot.touch("credit")
    robot.wait_screen("receipt")
    wait_for("the credit", lambda: len(get(demo["sandbox_url"] + "/credits")) == before + 1)
    robot.touch("done")


def _drawn_in(demo: dict[str, str]) -> bool:
    """The screen is there a moment before the slot opens."""
    try:
        return bool(hand(demo, "insert", str(NOTE)))
    except AssertionError:
        return False


def asks_the_balance(_: dict[str, str], robot: TouchRobot) -> None:
    identified(robot)
    robot.touch("home")


def looks_for_a_consultant(_: dict[str, str], robot: TouchRobot) -> None:
    """None is on duty: the camera and the connection to the office are asked all the same."""
    robot.touch("consultant")
    wait_for("the way to talk", lambda: "speak" in robot.touchable())
    robot.touch("speak")
    robot.wait_screen("notice")
    robot.touch("dismiss")


def scans_no_bill(_: dict[str, str], robot: TouchRobot) -> None:
    robot.touch("pay")
    robot.wait_screen("account_entry")
    robot.touch("scan")
    robot.wait_screen("bill_scan")
    robot.touch("home")


def has_it_in_large_contrast(_: dict[str, str], robot: TouchRobot) -> None:
    robot.touch("mode_contrast")
    robot.touch("mode_size")
    robot.touch("pay")
    robot.wait_screen("account_entry")
    robot.touch("home")


KINDS: tuple[Callable[[dict[str, str], TouchRobot], None], ...] = (
    pays_by_cash,
    asks_the_balance,
    pays_by_cash,
    looks_for_a_consultant,
    pays_by_cash,
    has_it_in_large_contrast,
    pays_by_cash,
    scans_no_bill,
)


def processes(demo: dict[str, str]) -> dict[str, int]:
    """The pid of each part of the terminal."""
    config, found = demo["config"], {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        for part in PARTS:
            if part in words and "terminal_app" in words and config in words:
                found[part] = int(path.parent.name)
    return found


def weighed(pid: int) -> dict[str, float]:
    place = Path(f"/proc/{pid}")
    line = next(line for line in (place / "smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
    return {
        "memory_mb": int(line.split()[1]) / 1024,
        "handles": len(list((place / "fd").iterdir())),
        "threads": len(list((place / "task").iterdir())),
    }


def test_a_day_of_visits_leaves_memory_and_handles_as_they_were(demo, robot):
    robot.wait_screen("attract")
    pids = processes(demo)
    assert set(pids) == set(PARTS)
    seen: dict[str, list[dict[str, float]]] = {part: [] for part in PARTS}
    began_s = time.monotonic()
    try:
        for number, visit in enumerate(itertools.islice(itertools.cycle(KINDS), VISITS)):
            visit(demo, robot)
            robot.wait_screen("attract")
            for part, pid in pids.items():
                seen[part].append({"visit": number, **weighed(pid)})
    finally:
        (PLACE / "day.json").write_text(json.dumps(seen) + "\n")
    assert processes(demo) == pids, "no process was started anew"
    told = {part: _ends(rows) for part, rows in seen.items()}
    told["visits"], told["minutes"] = VISITS, round((time.monotonic() - began_s) / 60, 1)
    print(json.dumps(told, indent=1))
    assert [fault for part in PARTS for fault in _grown(part, told[part])] == []


def _ends(rows: list[dict[str, float]]) -> dict[str, Any]:
    """Medians of the second fifth and of the last."""
    fifth = max(1, len(rows) // 5)
    early, late = rows[fifth : 2 * fifth] or rows, rows[-fifth:]
    names = [name for name in rows[0] if name != "visit"]
    return {name: [round(statistics.median(row[name] for row in part), 1) for part in (early, late)] for name in names}


def _grown(part: str, ends: dict[str, Any]) -> list[str]:
    early_mb, late_mb = ends["memory_mb"]
    found = []
    if late_mb - early_mb > max(GROWTH_MB_MAX, early_mb * GROWTH_MAX):
        found.append(f"{part} grew from {early_mb} to {late_mb} MB")
    for name in ("handles", "threads"):
        early, late = ends[name]
        if late - early > HANDLES_MORE_MAX:
            found.append(f"{part} has {late} {name}, had {early}")
    return found
