"""`python -m signaling_server what-if`: a day's calls through the same router again, with more agents or other limits.

Three things stand side by side: how it was; the replay with nothing changed, which says how far a replay can be
believed; and the replay with the change. A wait ends when an agent takes the call, or when the customer leaves.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from statistics import fmean
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.cases.classifier import load_topics
from signaling_server.clock import milliseconds
from signaling_server.desk.call import Call, PastOffer
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.past_day import EmptyDayError, past_calls, shifts, waits
from signaling_server.desk.routing.asked import Asked
from signaling_server.desk.routing.replay import ReplayedCall, Shift, replay
from signaling_server.local_time import LOCAL_ZONE
from signaling_server.office_command import in_one_transaction
from signaling_server.schedules.calendar import ScheduleError
from signaling_server.schedules.hours import Interval, parse_intervals
from signaling_server.storage import calls as rows

ADDED_MAX = 200
SECONDS_MIN, SECONDS_MAX = 1.0, 86_400.0
LIMITS = ("wait_s_max", "wait_vip_s_max", "deserted_s")  # of `DeskLimits`: those that a replay depends on
COLUMNS = ("как было", "повтор", "с изменением")
WIDTHS = (10, 9, 14)

Added = tuple[int, Interval]
Rows = tuple[str, int, list[Sequence[ReplayedCall]]]  # when, calls, and the three columns


class WhatIfError(Exception):
    """The day cannot be replayed; the text is for the person at the keyboard."""


# --- what is typed ---------------------------------------------------------------------------------------------------


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"день пишется как 2026-11-27, а не {text}") from error


def added(text: str) -> Added:
    """`2@12:00-14:00`."""
    count, _, hours = text.partition("@")
    try:
        (interval,) = parse_intervals([hours])
    except ScheduleError as error:
        raise argparse.ArgumentTypeError(f"пишется как 2@12:00-14:00: {error}") from error
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= ADDED_MAX):
        raise argparse.ArgumentTypeError(f"консультантов добавляют от 1 до {ADDED_MAX}, а не «{count}»")
    return int(count), interval


def rule(text: str) -> tuple[str, float]:
    """`deserted_s=120`."""
    name, _, value = text.partition("=")
    if name not in LIMITS:
        raise argparse.ArgumentTypeError(f"«{name}» нет среди {', '.join(LIMITS)}")
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not SECONDS_MIN <= seconds <= SECONDS_MAX:
        raise argparse.ArgumentTypeError(f"{name} — от {SECONDS_MIN:g} до {SECONDS_MAX:g} с, а не «{value}»")
    return name, seconds


# --- what is done ----------------------------------------------------------------------------------------------------


def run(options: argparse.Namespace) -> int:
    """Raises WhatIfError, StorageError."""
    midnight = datetime.combine(options.day, time(), LOCAL_ZONE)
    from_ms = milliseconds(midnight.timestamp())
    until_ms = milliseconds(datetime.combine(options.day + timedelta(days=1), time(), LOCAL_ZONE).timestamp())

    async def read(tx: AsyncConnection) -> tuple[list[Call], list[PastOffer]]:
        calls = await rows.calls_asked_for(tx, from_ms, until_ms)
        return calls, await rows.offers_of_calls_asked_for(tx, from_ms, until_ms)

    calls, offers = in_one_transaction(options.data, read)
    try:
        asked = past_calls(calls, offers, Asked(load_topics()))
    except EmptyDayError as error:
        raise WhatIfError(f"{options.day:%d.%m.%Y} не было ни одного разговора: повторять нечего") from error
    duty, limits = shifts(calls, offers), DeskLimits()
    more = _more_shifts(options.add, midnight)
    changed = replace(limits, **dict(options.rule))
    columns = [waits(calls), replay(asked, duty, limits), replay(asked, [*duty, *more], changed)]
    hours = _by_hour(columns)
    print(json.dumps(_figures(options, hours)) if options.json else _table(options, hours))
    return 0


def _more_shifts(asked: Sequence[Added], midnight: datetime) -> list[Shift]:
    start_s = midnight.timestamp()
    return [
        Shift(f"added {group}.{number}", start_s + begin * 60, start_s + end * 60)
        for group, (count, (begin, end)) in enumerate(asked)
        for number in range(count)
    ]


def _by_hour(columns: Sequence[Sequence[ReplayedCall]]) -> list[Rows]:
    """The hour is the one in which the customer asked; the whole day comes last."""
    hours: dict[int, list[list[ReplayedCall]]] = defaultdict(lambda: [[] for _ in columns])
    for number, column in enumerate(columns):
        for call in column:
            hours[datetime.fromtimestamp(call.asked_at_s, UTC).astimezone(LOCAL_ZONE).hour][number].append(call)
    found: list[Rows] = [
        (f"{hour:02d}:00–{hour + 1:02d}:00", len(hours[hour][0]), list(hours[hour])) for hour in sorted(hours)
    ]
    return [*found, ("весь день", len(columns[0]), list(columns))]


def _mean_s(calls: Sequence[ReplayedCall]) -> float:
    return fmean(call.waited_s for call in calls)


def _longest_s(calls: Sequence[ReplayedCall]) -> float:
    return max(call.waited_s for call in calls)


def _lost(calls: Sequence[ReplayedCall]) -> int:
    return sum(not call.agent_id for call in calls)


# --- what is shown ---------------------------------------------------------------------------------------------------


def _table(options: argparse.Namespace, hours: Sequence[Rows]) -> str:
    groups = "".join(f"{title:>33}" for title in ("в среднем ждали", "дольше всех ждал", "не дождались"))
    lines = [
        f"{options.day:%d.%m.%Y}, {_change(options)}",
        "",
        f"{'':13}{'':>9}{groups}".rstrip(),
        f"{'спросили в':13}{'звонков':>9}" + _cells(COLUMNS * 3),
    ]
    for when, count, columns in hours:
        cells = [_clock(_mean_s(calls)) for calls in columns]
        cells += [_clock(_longest_s(calls)) for calls in columns]
        cells += [str(_lost(calls)) for calls in columns]
        lines.append(f"{when:13}{count:>9}" + _cells(cells))
    lines += [
        "",
        "Время — минуты:секунды. Кто ушёл, ждал до ухода. Консультант считается на месте от первого вызова в этот день",
        "до конца последнего разговора; пропустил вызов — до следующего его нет. «Повтор» — тот же день без изменений:",
        "чем он ближе к «как было», тем больше можно верить третьему числу.",
    ]
    return "\n".join(lines)


def _cells(texts: Sequence[str]) -> str:
    return "".join(f"{text:>{WIDTHS[number % len(WIDTHS)]}}" for number, text in enumerate(texts))


def _change(options: argparse.Namespace) -> str:
    parts = [f"ещё {count} на месте с {_minute(begin)} до {_minute(end)}" for count, (begin, end) in options.add]
    parts += [f"{name} = {seconds:g} с" for name, seconds in options.rule]
    return "изменено: " + "; ".join(parts) if parts else "ничего не изменено"


def _figures(options: argparse.Namespace, hours: Sequence[Rows]) -> dict[str, Any]:
    return {
        "day": options.day.isoformat(),
        "columns": ["was", "replayed", "changed"],
        "hours": [
            {
                "asked": when,
                "calls": count,
                "mean_wait_s": [round(_mean_s(calls), 1) for calls in columns],
                "longest_wait_s": [round(_longest_s(calls), 1) for calls in columns],
                "not_served": [_lost(calls) for calls in columns],
            }
            for when, count, columns in hours
        ],
    }


def _minute(of_day: int) -> str:
    return f"{of_day // 60}:{of_day % 60:02d}"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
