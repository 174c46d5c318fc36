"""The QR of a fiscal receipt: what registers print is read, and written the same."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.codes.fiscal_qr import FiscalQr, FiscalQrError, compose, parse

PRINTED = "t=20261123T1412&s=1543.21&fn=9999078900000001&i=12345&fp=3829112233&n=1"
CODE = FiscalQr("20261123T1412", 1_543_21, "9999078900000001", 12345, 3829112233, 1)


def test_a_printed_code_is_read_and_written_the_same():
    assert parse(PRINTED) == CODE
    assert compose(CODE) == PRINTED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PRINTED.replace("T1412", "T141259"), replace(CODE, at="20261123T141259")),
        (PRINTED.replace("fp=3829112233", "fp=0029112233"), replace(CODE, fpd=29112233)),
        (PRINTED.replace("n=1", "n=4"), replace(CODE, kind=4)),
        (PRINTED.replace("1543.21", "1543"), replace(CODE, sum_minor=1_543_00)),
        ("&".join(reversed(PRINTED.split("&"))), CODE),
    ],
)
def test_other_spellings_of_registers_are_read(text, code):
    assert parse(text) == code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("20261123T1412", "20261323T1412"),
        ("20261123T1412", "20261123T2512"),
        ("20261123T1412", "20261123"),
        ("1543.21", "1543,21"),
        ("1543.21", "-1.00"),
        ("1543.21", "1543.211"),
        ("1543.21", "99999999999.99"),
        ("9999078900000001", "999907890000001"),
        ("i=12345", "i=0"),
        ("i=12345", "i="),
        ("3829112233", "4294967296"),
        ("n=1", "n=5"),
        ("n=1", "n=1&n=1"),
        ("&n=1", ""),
        ("n=1", "n=1&x=2"),
        ("12345", "١٢٣٤٥"),
        ("&n=1", "&n"),
    ],
)
def test_what_no_register_prints_is_refused(old, new):
    assert old in PRINTED
    with pytest.raises(FiscalQrError):
        parse(PRINTED.replace(old, new))


@pytest.mark.parametrize(
    "changes", [{"sum_minor": -1}, {"sum_minor": 1 << 40}, {"fn": "1"}, {"kind": 0}, {"fpd": -1}, {"at": "today"}]
)
def test_what_would_not_be_read_back_is_not_written(changes):
    with pytest.raises(FiscalQrError):
        compose(replace(CODE, **changes))


@given(
    st.text(max_size=100)
    | st.tuples(st.integers(0, 70), st.characters()).map(lambda p: PRINTED[: p[0]] + p[1] + PRINTED[p[0] + 1 :])
)
def test_any_text_ends_in_a_code_or_in_the_declared_error(text):
    with contextlib.suppress(FiscalQrError):
        assert parse(compose(parse(text))) == parse(text)
