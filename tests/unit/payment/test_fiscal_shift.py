"""Shifts change between customers, and the office hears of a drive in trouble long before money must stop."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from payment.contract import FiscalChanged
from payment.fiscal.shift import (
    DriveTerm,
    Severity,
    ShiftAction,
    drive_expires_on,
    fiscal_warnings,
    may_begin_visit,
    may_make_document,
    shift_action,
)

SOUND = FiscalChanged(ready=True, shift_open=True, shift_hours=5, drive_days_left=200)


def state(**changes: object) -> FiscalChanged:
    return msgspec.structs.replace(SOUND, **changes)


@pytest.mark.parametrize(
    ("told", "visit_open", "action"),
    [
        (state(), False, ShiftAction.NONE),
        (state(shift_hours=22), False, ShiftAction.NONE),
        (state(shift_hours=23), False, ShiftAction.CLOSE),
        (state(shift_hours=23), True, ShiftAction.NONE),
        (state(shift_hours=30), True, ShiftAction.NONE),  # even then: the receipt waits in the queue
        (state(shift_hours=30, ready=False), False, ShiftAction.CLOSE),  # an expired shift makes nothing else
        (state(shift_open=False, shift_hours=0), False, ShiftAction.OPEN),
        (state(shift_open=False, shift_hours=0), True, ShiftAction.NONE),
        (state(shift_open=False, ready=False), False, ShiftAction.NONE),
    ],
)
def test_a_shift_is_changed_by_itself_and_never_under_a_customer(told, visit_open, action):
    assert shift_action(told, visit_open=visit_open) is action


@pytest.mark.parametrize(
    ("told", "may"),
    [
        (state(), True),
        (state(shift_open=False), True),
        (state(shift_hours=23), False),
        (state(ready=False), False),
        (state(unsent_days=28), True),
        (state(unsent_days=29), False),
        (state(drive_days_left=1), True),
        (state(drive_days_left=0), False),
        (state(drive_days_left=None), True),
    ],
)
def test_a_visit_begins_only_where_its_receipt_can_be_made(told, may):
    assert may_begin_visit(told) is may


@pytest.mark.parametrize(("hours", "begins", "goes_on"), [(22, True, True), (23, False, True), (24, False, False)])
def test_a_visit_under_way_goes_on_to_the_end_of_the_shift(hours, begins, goes_on):
    told = state(shift_hours=hours)
    assert (may_begin_visit(told), may_make_document(told)) == (begins, goes_on)
    assert not may_make_document(state(ready=False))
    assert not may_make_document(state(unsent_days=29))
    assert may_make_document(state(shift_open=False, shift_hours=hours))


@pytest.mark.parametrize(
    ("days", "severity"),
    [
        (2, None),
        (3, Severity.NOTICE),
        (9, Severity.NOTICE),
        (10, Severity.WARNING),
        (20, Severity.URGENT),
        (28, Severity.URGENT),
        (29, Severity.STOPPED),
        (40, Severity.STOPPED),
    ],
)
def test_receipts_that_do_not_reach_the_ofd_are_told_of_ever_louder(days, severity):
    warnings = fiscal_warnings(state(unsent_days=days))
    assert [warning.severity for warning in warnings] == ([] if severity is None else [severity])
    assert all(str(days) in warning.words for warning in warnings)


@pytest.mark.parametrize(
    ("days", "severity"),
    [(31, None), (30, Severity.WARNING), (4, Severity.WARNING), (3, Severity.URGENT), (0, Severity.STOPPED)],
)
def test_the_end_of_a_drive_is_told_of_a_month_before(days, severity):
    warnings = fiscal_warnings(state(drive_days_left=days))
    assert [warning.severity for warning in warnings] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("percent", "severity"), [(89, None), (90, Severity.WARNING), (99, Severity.WARNING), (100, Severity.STOPPED)]
)
def test_the_memory_of_a_drive_is_told_of_at_nine_tenths(percent, severity):
    warnings = fiscal_warnings(state(memory_percent=percent))
    assert [warning.severity for warning in warnings] == ([] if severity is None else [severity])


def test_the_worst_is_told_first():
    told = fiscal_warnings(state(unsent_days=3, drive_days_left=0, memory_percent=95))
    assert [warning.severity for warning in told] == [Severity.STOPPED, Severity.WARNING, Severity.NOTICE]


def test_a_drive_of_36_months_lasts_1110_days():
    assert drive_expires_on(date(2026, 1, 1), DriveTerm.MONTHS_36) == date(2029, 1, 15)
    assert drive_expires_on(date(2026, 1, 1), DriveTerm.MONTHS_13) == date(2027, 2, 15)
