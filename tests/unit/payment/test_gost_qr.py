"""Bills as they come from printers of every kind."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from payment.codes.check_digits import account_key_is_good, correspondent_key_is_good, inn_is_good
from payment.codes.gost_qr import (
    LENGTHS_MAX,
    REQUIRED,
    BillEncoding,
    BillQrError,
    DamagedBillError,
    MissingFieldError,
    NotABillError,
    PayeeAllowList,
    compose,
    is_ours,
    parse,
)
from payment.sandbox.seed import FOREIGN_PAYEE, PAYEE

FIELDS = {
    "Name": "АО «Энергосбыт»",
    "PersonalAcc": PAYEE.personal_account,
    "BankName": "АО Ладога-Банк г. Санкт-Петербург",
    "BIC": PAYEE.bic,
    "CorrespAcc": PAYEE.correspondent_account,
    "Sum": "154321",
    "PayeeINN": PAYEE.inn,
    "persAcc": "001234567",
    "paymPeriod": "102026",
}
CODECS = {BillEncoding.CP1251: "cp1251", BillEncoding.UTF_8: "utf-8", BillEncoding.KOI8_R: "koi8-r"}


def written(
    fields: dict[str, str] | None = None, digit: str = "2", codec: str = "utf-8", separator: str = "|"
) -> bytes:
    """A bill made by hand: the codec under test does not write its own exam."""
    pairs = separator.join(f"{key}={value}" for key, value in (fields or FIELDS).items())
    return f"ST0001{digit}{separator}{pairs}".encode(codec)


@pytest.mark.parametrize(("digit", "codec"), [("1", "cp1251"), ("2", "utf-8"), ("3", "koi8-r")])
@pytest.mark.parametrize("separator", ["|", "^", "~", ";", "\x1d"])
def test_a_bill_reads_in_every_encoding_with_any_separator(digit, codec, separator):
    fields = FIELDS | {"Name": "АО Энергосбыт"}  # KOI8-R has no Russian quotation marks
    bill = parse(written(fields, digit, codec, separator))
    assert dict(bill.fields) == fields
    assert (bill.account, bill.sum_minor, bill.payee_inn, bill.period) == ("001234567", 154321, PAYEE.inn, "102026")
    assert bill.personal_acc == PAYEE.personal_account


@pytest.mark.parametrize("change", [str.upper, str.lower, str.swapcase])
def test_keys_are_matched_without_case_and_named_as_the_standard_does(change):
    bill = parse(written({change(key): value for key, value in FIELDS.items()}))
    assert dict(bill.fields) == FIELDS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbf", b""),
        (b"", b"|"),
        (b"", b"\r\n"),
        (b"", b"|\r"),
        (b"\r\n", b"||\n"),
        (b"\xef\xbb\xbf\n", b"\r\n"),
    ],
)
def test_what_scanners_and_printers_add_around_a_bill_is_taken_off(before, after):
    assert dict(parse(before + written() + after).fields) == FIELDS


def test_cp1251_called_utf_8_is_still_read():
    assert dict(parse(written(digit="2", codec="cp1251")).fields) == FIELDS


def test_a_value_may_hold_the_sign_of_equality():
    assert parse(written(FIELDS | {"Purpose": "Счёт=17; a=b"})).fields["Purpose"] == "Счёт=17; a=b"


def test_fields_of_the_payee_are_kept_as_written():
    assert parse(written(FIELDS | {"Uchastok": "5"})).fields["Uchastok"] == "5"


def test_both_names_of_the_technical_code_are_one():
    assert parse(written(FIELDS | {"technicalCode": "02"})).fields["TechCode"] == "02"


def test_the_account_is_found_under_its_other_name():
    fields = {key: value for key, value in FIELDS.items() if key != "persAcc"}
    assert parse(written(fields)).account == ""
    assert parse(written(fields | {"personalAccount": "77"})).account == "77"
    assert parse(written(FIELDS | {"personalAccount": "77"})).account == "001234567"


@pytest.mark.parametrize("asked", [None, ""])
def test_an_open_sum_is_none_and_not_zero(asked):
    fields = {key: value for key, value in FIELDS.items() if key != "Sum"}
    assert parse(written(fields if asked is None else fields | {"Sum": asked})).sum_minor is None


@pytest.mark.parametrize(
    "payload", [b"", b"ST", b"https://qr.nspk.ru/AS1", b"t=20261123T1412&s=1.00", b"ST00022|Name=x", b"st00012|"]
)
def test_other_codes_are_told_apart_from_bills(payload):
    with pytest.raises(NotABillError):
        parse(payload)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_bill_without_a_required_field_names_it(name):
    with pytest.raises(MissingFieldError) as caught:
        parse(written({key: value for key, value in FIELDS.items() if key != name}))
    assert caught.value.field == name


@pytest.mark.parametrize("name", LENGTHS_MAX)
def test_a_value_longer_than_the_standard_allows_is_refused(name):
    with pytest.raises(DamagedBillError):
        parse(written(FIELDS | {name: "1" * (LENGTHS_MAX[name] + 1)}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Sum", "1543.21"),
        ("Sum", "-5"),
        ("Sum", "١٢٣"),  # Arabic-Indic digits pass str.isdigit
        ("Sum", "12 00"),
        ("PayeeINN", "7899001548"),
        ("PayeeINN", "789900154"),
        ("BIC", "044030989"),
        ("BIC", "04403098"),
        ("PersonalAcc", PAYEE.personal_account[:-1] + "8"),
        ("PersonalAcc", PAYEE.personal_account[:-1]),
        ("CorrespAcc", "30101810100000000988"),
        ("persAcc", "12\x1b3"),
        ("lastName", "Бел\r\nозёров"),
    ],
)
def test_a_value_that_cannot_be_true_is_refused(name, value):
    with pytest.raises(DamagedBillError):
        parse(written(FIELDS | {name: value}))


@pytest.mark.parametrize(
    "payload",
    [
        b"ST00012|",
        b"ST00014" + written()[7:],
        b"ST0001A" + written()[7:],
        b"ST00011" + b"|Name=\x98",  # a byte that cp1251 does not have
        written(separator="="),
        b"ST00012aName=1aBIC=2",
        written() + b"|persAcc=5",
        written() + b"|lonely",
        written() + b"|=5",
        written() + b"|Note=" + b"1" * 3000,
    ],
)
def test_a_bill_that_breaks_the_standard_is_damaged(payload):
    with pytest.raises(DamagedBillError):
        parse(payload)


def test_the_same_field_twice_with_one_value_is_no_harm():
    assert dict(parse(written() + b"|PERSACC=001234567").fields) == FIELDS


def test_a_treasury_account_has_another_key_and_no_ordinary_bank():
    # Where the tax service takes the single tax payment, as it publishes it: the key of a bank does not hold here.
    treasury = {"PersonalAcc": "03100643000000018500", "BIC": "017003983", "CorrespAcc": "40102810445370000059"}
    assert not account_key_is_good(treasury["BIC"], treasury["PersonalAcc"])
    assert parse(written(FIELDS | treasury)).personal_acc.startswith("03")


# --- composing -------------------------------------------------------------------------------------------------------


def test_required_fields_are_written_first_in_the_order_of_the_standard():
    payload = compose(dict(reversed(FIELDS.items())))
    keys = [pair.partition("=")[0] for pair in payload.decode().split("|")[1:]]
    assert tuple(keys[:5]) == REQUIRED


def test_a_separator_is_chosen_that_no_value_holds():
    payload = compose(FIELDS | {"Purpose": "a|b^c"})
    assert payload[7:8] == b"~"
    assert parse(payload).fields["Purpose"] == "a|b^c"


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({"Purpose": "a|b"}, {"separator": "|"}),
        ({}, {"separator": "||"}),
        ({}, {"separator": "5"}),
        ({}, {"separator": "\n"}),
        ({"Purpose": "|^~;#$&*!"}, {}),
        ({"Purpose": "100 ₽"}, {"encoding": BillEncoding.CP1251}),
        ({"Sum": "15.00"}, {}),
        ({"persacc": "5"}, {}),
        ({"a=b": "5"}, {}),
        ({"": "5"}, {}),
        ({"Note": "ы" * 1500}, {}),
        ({"Note": "\ud800"}, {}),
    ],
)
def test_what_cannot_be_written_is_refused(change, options):
    with pytest.raises(DamagedBillError):
        compose(FIELDS | change, **options)


@pytest.mark.parametrize(("encoding", "codec"), CODECS.items())
def test_a_bill_is_written_in_every_encoding(encoding, codec):
    fields = FIELDS | {"Name": "АО Энергосбыт"}
    assert compose(fields, encoding=encoding) == written(fields, str(encoding.value), codec)


def test_composing_without_a_required_field_names_it():
    with pytest.raises(MissingFieldError):
        compose({"Name": "АО"})


_letters = st.characters(codec="cp1251", exclude_categories=("Cc", "Cs"))
_values = st.text(_letters, max_size=40)


@settings(deadline=None)
@given(
    extra=st.dictionaries(
        st.sampled_from(["Purpose", "lastName", "payerAddress", "contract", "Own"]),
        _values.filter(lambda v: "|" not in v),
    ),
    encoding=st.sampled_from([BillEncoding.CP1251, BillEncoding.UTF_8]),
)
def test_what_is_composed_is_what_is_parsed(extra, encoding):
    assert dict(parse(compose(FIELDS | extra, encoding=encoding)).fields) == FIELDS | extra


@settings(deadline=None)
@given(payload=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: b"ST00012|" + tail)))
@example(payload=b"ST00012\xc2|Name=1")
@example(payload=b"ST00011\xa0Name=1\xa0")
def test_any_bytes_end_in_a_bill_or_in_the_declared_error(payload):
    with contextlib.suppress(BillQrError):
        parse(payload)


@settings(deadline=None)
@given(at=st.integers(0, len(written()) - 1), byte=st.integers(0, 255))
def test_a_bill_with_any_byte_changed_ends_in_a_bill_or_in_the_declared_error(at, byte):
    damaged = bytearray(written())
    damaged[at] = byte
    try:
        bill = parse(bytes(damaged))
    except BillQrError:
        return
    assert bill.sum_minor is None or bill.sum_minor >= 0


# --- whose bill ------------------------------------------------------------------------------------------------------

OURS = PayeeAllowList(frozenset({PAYEE.inn}), frozenset({PAYEE.personal_account}))
FOREIGN = FIELDS | {
    "PersonalAcc": FOREIGN_PAYEE.personal_account,
    "BIC": FOREIGN_PAYEE.bic,
    "CorrespAcc": FOREIGN_PAYEE.correspondent_account,
    "PayeeINN": FOREIGN_PAYEE.inn,
}
WITHOUT_INN = {key: value for key, value in FIELDS.items() if key != "PayeeINN"}


@pytest.mark.parametrize(
    ("fields", "payees", "ours"),
    [
        (FIELDS, OURS, True),
        (FOREIGN, OURS, False),
        (WITHOUT_INN, OURS, True),  # the INN is optional, the account decides
        (FOREIGN | {"PayeeINN": PAYEE.inn}, OURS, False),  # our name on a stranger's account
        (FIELDS | {"PayeeINN": FOREIGN_PAYEE.inn}, OURS, False),
        (FIELDS, PayeeAllowList(frozenset({PAYEE.inn}), frozenset()), True),
        (WITHOUT_INN, PayeeAllowList(frozenset({PAYEE.inn}), frozenset()), False),
        (FIELDS, PayeeAllowList(frozenset(), frozenset({PAYEE.personal_account})), True),
        (FIELDS, PayeeAllowList(frozenset(), frozenset()), False),
    ],
)
def test_a_bill_is_ours_when_every_requisite_agrees(fields, payees, ours):
    assert is_ours(parse(written(fields)), payees) is ours


# --- check digits ----------------------------------------------------------------------------------------------------


def test_keys_of_a_real_bank_hold():
    # Requisites that Sberbank publishes about itself.
    assert correspondent_key_is_good("044525225", "30101810400000000225")
    assert inn_is_good("7707083893")


def test_a_wrong_digit_anywhere_breaks_the_key_of_an_account():
    for at in range(20):
        wrong = str((int(PAYEE.personal_account[at]) + 1) % 10)
        assert not account_key_is_good(
            PAYEE.bic, PAYEE.personal_account[:at] + wrong + PAYEE.personal_account[at + 1 :]
        )


def test_an_account_in_the_bank_of_russia_is_checked_by_its_region():
    bic = "044030001"
    keyed = [f"40503810{key}00001000017" for key in range(10)]
    assert [account_key_is_good(bic, account) for account in keyed].count(True) == 1
    assert account_key_is_good(bic, keyed[[correspondent_key_is_good(bic, account) for account in keyed].index(True)])


@pytest.mark.parametrize("inn", ["500100732259", "7707083893", PAYEE.inn, FOREIGN_PAYEE.inn])
def test_a_right_inn_is_good(inn):
    assert inn_is_good(inn)


@pytest.mark.parametrize("inn", ["500100732258", "500100732269", "7707083892", "", "77070838931", "٧٧٠٧٠٨٣٨٩٣"])
def test_a_wrong_inn_is_not(inn):
    assert not inn_is_good(inn)
