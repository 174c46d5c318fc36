"""Readings that the sandbox takes: one answer a key, for ever. Its own rules, apart from payment's."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from payment.sandbox.store import connect
from payment.sandbox.tariffs import ALLOWED_KW, METERS, SeedMeter

DEADLINE_DAY = 25  # later readings count for the next month
HOURS_A_DAY = 24

_SCHEMA = """
CREATE TABLE IF NOT EXISTS readings (
    number INTEGER PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    sent TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL
) STRICT
"""


class SentValue(Struct, frozen=True):
    zone: str
    value: Annotated[int, Meta(ge=0, le=10**9)]


class SentReadings(Struct, frozen=True):
    """The body of `POST /accounts/{account}/readings`."""

    account: str
    meter_id: str
    taken_on: date
    values: list[SentValue]
    rollover: bool = False
    unusual: bool = False


Answer = tuple[int, dict[str, Any]]  # HTTP status and JSON


class ReadingsStore:
    """What was sent under each key and what was answered."""

    def __init__(self, path: Path) -> None:
        self._database: sqlite3.Connection = connect(path, _SCHEMA)

    def close(self) -> None:
        self._database.close()

    def take(self, key: str, sent: SentReadings, last_billed: date) -> Answer:
        """Judges readings once; the same key with other readings is refused."""
        content = msgspec.json.encode(sent).decode()
        row = self._database.execute(
            "SELECT sent, status, answer FROM readings WHERE idempotency_key = ?", (key,)
        ).fetchone()
        if row is not None:
            return (row[1], msgspec.json.decode(row[2])) if row[0] == content else _refused("key_reused")
        status, answer = judge(key, sent, last_billed)
        self._database.execute(
            "INSERT INTO readings (idempotency_key, sent, status, answer) VALUES (?, ?, ?, ?)",
            (key, content, status, msgspec.json.encode(answer).decode()),
        )
        return status, answer

    def all(self) -> list[dict[str, Any]]:
        """The oracle: what was sent and how it ended, in order."""
        rows = self._database.execute("SELECT idempotency_key, sent, status FROM readings ORDER BY number")
        return [{"key": key, "accepted": status == 200} | dict(msgspec.json.decode(sent)) for key, sent, status in rows]


def judge(key: str, sent: SentReadings, last_billed: date) -> Answer:
    """Takes readings or says why not."""
    meter = next((meter for meter in METERS.get(sent.account, ()) if meter.meter_id == sent.meter_id), None)
    if meter is None:
        return _refused("meter_not_found" if sent.account in METERS else "account_not_found")
    if (wrong := _what_is_wrong(sent, meter, last_billed)) is not None:
        return _refused(wrong)
    return 200, {
        "key": key,
        "account": sent.account,
        "meter_id": sent.meter_id,
        "month": _month_of(sent.taken_on),
        "used_for_charging": sent.taken_on <= meter.verification_until,
    }


def _what_is_wrong(sent: SentReadings, meter: SeedMeter, last_billed: date) -> str | None:
    if [value.zone for value in sent.values] != list(meter.zones):
        return "wrong_zones"
    if any(value.value >= 10**meter.digits for value in sent.values):
        return "too_many_digits"
    used = [value.value - counter for value, counter in zip(sent.values, meter.counters, strict=True)]
    if any(kwh < 0 for kwh in used) and not sent.rollover:
        return "less_than_previous"
    used = [kwh + 10**meter.digits if kwh < 0 else kwh for kwh in used]
    days = max(1, (sent.taken_on - last_billed.replace(day=DEADLINE_DAY)).days)
    return "too_much" if sum(used) > ALLOWED_KW * HOURS_A_DAY * days else None


def _month_of(taken_on: date) -> str:
    """The accounting month: this one until the deadline day, the next one after it."""
    month = taken_on.replace(day=1)
    if taken_on.day > DEADLINE_DAY:
        month = (month + timedelta(days=31)).replace(day=1)
    return month.strftime("%Y-%m")


def _refused(reason: str) -> Answer:
    return 422, {"reason": reason}
