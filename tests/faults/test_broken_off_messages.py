"""A simulated device forgets a message of the host that breaks off, as real ones do, and hears the next one."""

from __future__ import annotations

import pytest

from device_drivers.catalog import make_bill_validator, make_fiscal_printer, make_payment_card_reader
from terminal_app.simulation.devices import PINPADS, REGISTERS, VALIDATORS

SIMULATORS = {**VALIDATORS, **PINPADS, **REGISTERS}
PAUSE_S = 9.0
HEADS = {  # the beginning of a long message
    "ccnet": "0203fa",
    "id003": "fcff11",
    "cctalk": "28f001",
    "essp": "7f80fe",
    "vendotek": "1f0fff",
    "inpas": "02ff0f",
    "sberbank": "022341",
    "shtrih-m": "02fa10",
    "atol3": "fe7f7f01",
}


def session_of(name):
    makers = ((VALIDATORS, make_bill_validator), (PINPADS, make_payment_card_reader), (REGISTERS, make_fiscal_printer))
    return next(make(name) for names, make in makers if name in names)


def is_answered(name, head):
    simulator, session, now_s = SIMULATORS[name](None, 1000.0), session_of(name), 1001.0
    simulator.feed(head, now_s)
    now_s += PAUSE_S
    said = session.bytes_to_send(now_s)
    assert said
    answer = simulator.feed(said, now_s)
    for _ in range(100):
        now_s += 0.01
        answer += simulator.feed(b"", now_s)
    return bool(answer)


@pytest.mark.parametrize("name", SIMULATORS)
def test_a_message_that_breaks_off_does_not_swallow_the_next_one(name):
    assert is_answered(name, b""), "the first word of a driver is answered"
    assert is_answered(name, bytes.fromhex(HEADS[name]))
