"""What an acquirer says of a QR is believed only when it is surely about our order and our sum."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payment.billing.http_values import Request
from payment.billing.sbp_answers import order_request, read_registered, read_state, register_request
from payment.billing.sbp_dialects import ACQUIRERS, ISO, ORDERS, RUBLES, AmountError, Unit, from_wire, to_wire
from payment.codes.sbp_link import SbpKind, SbpLink, compose
from payment.contract import QrAnswered, QrNotRegistered, QrRegistered, QrState
from payment.sandbox.faults import DEEP_JSON

ORDER, AMOUNT_MINOR = "b7c1f7de-0001", 1_543_21
QRC_ID = "AD" + "0" * 29 + "7"
DIALECTS = pytest.mark.parametrize("dialect", ACQUIRERS.values(), ids=lambda dialect: dialect.name)
STATES = [(dialect, word, state) for dialect in ACQUIRERS.values() for word, state in dialect.states.items()]


def payload(sum_minor: int = AMOUNT_MINOR, qrc_id: str = QRC_ID) -> str:
    return compose(SbpLink(qrc_id, SbpKind.DYNAMIC, "100000000111", sum_minor))


def answer(dialect, **changed: object) -> bytes:
    wire = {Unit.RUBLES: "1543.21", Unit.KOPECKS: "154321", Unit.KOPECKS_TEXT: '"154321"'}[dialect.unit]
    fields = {
        "order": json.dumps(ORDER),
        "qrc_id": json.dumps(QRC_ID),
        "payload": json.dumps(payload()),
        "amount": wire,
        "state": json.dumps(next(iter(dialect.states))),
        "provider_id": '"B1"',
    } | {name: value if isinstance(value, str) else json.dumps(value) for name, value in changed.items()}
    named = (f'"{getattr(dialect.fields, name)}":{value}' for name, value in fields.items() if value != "")
    return ("{" + ",".join(named) + "}").encode()


@DIALECTS
def test_a_registered_qr_is_shown(dialect):
    said = read_registered(answer(dialect), dialect, ORDER, AMOUNT_MINOR)
    assert said == QrRegistered(ORDER, QRC_ID, payload())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order", '"another"'),
        ("order", ""),
        ("qrc_id", '"AD1"'),
        ("qrc_id", "7"),
        ("payload", '"https://evil.example/pay"'),
        ("payload", '"https://qr.nspk.ru.evil.example/AD"'),
        ("payload", json.dumps(payload(sum_minor=1_543_22))),
        ("payload", json.dumps(payload(qrc_id="AD" + "1" * 30))),
        ("payload", json.dumps(payload()[:-1])),
        ("payload", json.dumps("https://qr.nspk.ru/" + "A" * 9_000)),
        ("payload", "null"),
        ("amount", "1"),
        ("state", '"PAID"'),
        ("state", '"ACWP"'),
        ("state", '"SUCCESS"'),
        ("state", '"who knows"'),
    ],
)
@DIALECTS
def test_a_qr_of_another_order_sum_or_place_is_never_shown(dialect, name, value):
    said = read_registered(answer(dialect, **{name: value}), dialect, ORDER, AMOUNT_MINOR)
    assert isinstance(said, QrNotRegistered)
    assert said.reason


@pytest.mark.parametrize(("dialect", "word", "state"), STATES, ids=lambda value: getattr(value, "name", value))
def test_every_word_of_a_bank_means_what_its_table_says(dialect, word, state):
    said = read_state(answer(dialect, state=json.dumps(word)), dialect, ORDER)
    sum_minor = AMOUNT_MINOR if state in (QrState.PAID, QrState.REFUNDED) else 0
    assert said == QrAnswered(ORDER, state, sum_minor, "B1" if sum_minor else "")


@DIALECTS
def test_every_bank_can_say_each_state_of_the_contract(dialect):
    assert set(dialect.states.values()) == set(QrState) - {QrState.UNKNOWN}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order", '"another"'),
        ("order", "null"),
        ("state", '"success"'),
        ("state", "1"),
        ("state", ""),
        ("amount", ""),
        ("amount", "-1"),
        ("amount", "true"),
        ("amount", "1.005"),
        ("amount", "1e999999"),
        ("amount", "[1]"),
        ("provider_id", '""'),
        ("provider_id", ""),
    ],
)
@DIALECTS
def test_a_payment_that_is_not_surely_ours_is_unknown(dialect, name, value):
    paid = next(word for word, state in dialect.states.items() if state is QrState.PAID)
    said = read_state(answer(dialect, **({"state": json.dumps(paid)} | {name: value})), dialect, ORDER)
    assert said == QrAnswered(ORDER, QrState.UNKNOWN)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", DEEP_JSON, b"[" * 100_000, b"\xff\xfe", b'{"order":'])
@DIALECTS
def test_what_is_no_answer_is_unknown(dialect, body):
    assert read_state(body, dialect, ORDER).state is QrState.UNKNOWN
    assert isinstance(read_registered(body, dialect, ORDER, AMOUNT_MINOR), QrNotRegistered)


@settings(deadline=None)
@given(body=st.binary(max_size=200), at=st.integers(0, 200), byte=st.integers(0, 255))
def test_any_bytes_end_in_an_answer_and_never_in_an_error(body, at, byte):
    assert read_state(body, ISO, ORDER).state is QrState.UNKNOWN
    damaged = bytearray(answer(RUBLES, state='"SUCCESS"'))
    damaged[at % len(damaged)] = byte
    said = read_state(bytes(damaged), RUBLES, ORDER)
    assert isinstance(said, QrAnswered)


# --- units -----------------------------------------------------------------------------------------------------------


def test_the_same_sum_goes_out_in_the_unit_of_each_bank():
    bodies = {d.name: register_request(d, "http://bank/", ORDER, 100_05, "100000017").body for d in ACQUIRERS.values()}
    assert b'"amount":100.05' in bodies["rubles"]
    assert b'"order_sum":10005' in bodies["orders"]
    assert b'"amount":"10005"' in bodies["iso"]


@settings(deadline=None)
@given(amount_minor=st.integers(0, 10**11), unit=st.sampled_from(Unit))
def test_a_sum_comes_back_to_the_kopeck_in_every_unit(amount_minor, unit):
    assert from_wire(to_wire(amount_minor, unit), unit) == amount_minor


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (True, Unit.KOPECKS),
        (Decimal("154321.0"), Unit.KOPECKS),
        ("154321", Unit.KOPECKS),
        ("154321", Unit.RUBLES),
        (154321, Unit.KOPECKS_TEXT),
        ("1543.21", Unit.KOPECKS_TEXT),
        ("١٢", Unit.KOPECKS_TEXT),
        ("9" * 500, Unit.KOPECKS_TEXT),
        (Decimal("1.005"), Unit.RUBLES),
        (Decimal("NaN"), Unit.RUBLES),
        (Decimal("1e40"), Unit.RUBLES),
        (Decimal("1." + "1" * 400), Unit.RUBLES),
        (-1, Unit.KOPECKS),
        (10**12, Unit.KOPECKS),
        (None, Unit.RUBLES),
    ],
)
def test_an_amount_of_another_unit_or_size_is_refused(value, unit):
    with pytest.raises(AmountError):
        from_wire(value, unit)


def test_trailing_zeros_of_rubles_are_no_other_sum():
    assert from_wire(Decimal("1543.2100"), Unit.RUBLES) == 1_543_21
    assert from_wire(1543, Unit.RUBLES) == 1_543_00


def test_an_order_is_named_in_the_address_or_in_the_body():
    assert order_request(RUBLES, RUBLES.cancel, "http://bank", "a b/1") == Request(
        "DELETE", "http://bank/orders/a%20b%2F1"
    )
    asked = order_request(ORDERS, ORDERS.ask, "http://bank", ORDER)
    assert (asked.method, asked.url, asked.body) == ("POST", "http://bank/status", b'{"order_number":"b7c1f7de-0001"}')
