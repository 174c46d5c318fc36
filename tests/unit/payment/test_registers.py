"""Registers: what is written is read back, and what does not fit its description is refused as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payment.reconciliation.register_layouts import BANK, BILLING_DAY, LAYOUTS, layout_of
from payment.reconciliation.registers import (
    BLOCK_LENGTH,
    Kind,
    RegisterError,
    RegisterMissingError,
    Row,
    read_register,
    register_sha256,
    write_register,
)

COLUMNS = ("txn_id", "account", "amount_minor", "date")
CLOSING = {"order_number": "17", "order_date": "20261124"}


def bank_row(number: int = 1, **changed: str | int) -> Row:
    return {
        "date": "20261123",
        "time": "14-12-00",
        "branch": "9038",
        "cashier": "0017",
        "txn_id": f"{number:020d}",
        "account": "001234567",
        "name": "Ёлкина А. П.",
        "amount_minor": 154_321,
        "transfer_minor": 154_321,
        "fee_minor": 0,
        **changed,
    }


def bank_text(tmp_path: Path, count: int = 3) -> str:
    path = tmp_path / "good.txt"
    write_register(path, BANK, (bank_row(number) for number in range(1, count + 1)), CLOSING)
    return path.read_bytes().decode("cp1251")


def read_text(tmp_path: Path, text: str, layout=BANK, columns=COLUMNS):
    path = tmp_path / "register.txt"
    path.write_bytes(text.encode(layout.encoding))
    return list(read_register(path, layout, columns))


def test_a_bank_register_is_written_as_the_bank_writes_it(tmp_path):
    first, _, _, last, end = bank_text(tmp_path).split("\r\n")
    amounts = "1543,21;1543,21;0,00"
    assert first == f"23-11-2026;14-12-00;9038;0017;{1:020d};001234567;Ёлкина А. П.;;;{amounts}"
    assert last == "=3;4629,63;4629,63;0,00;17;24-11-2026"
    assert end == ""


def test_a_written_register_is_read_back(tmp_path):
    rows = read_text(tmp_path, bank_text(tmp_path))
    assert rows == [(f"{number:020d}", "001234567", 154_321, "20261123") for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("found", "put", "says"),
    [
        ("=3;", "=2;", "count 2, the lines give 3"),
        ("=3;4629,63", "=3;4629,64", "amount_minor 462964, the lines give 462963"),
        ("0,00;17", "0,01;17", "fee_minor 1"),
        ("=3;", "", "3 columns|6 columns|5 columns"),
        ("1543,21", "1543.21", "amount_minor is '1543.21', not rubles and kopecks"),
        ("1543,21", "1543,2", "amount_minor"),
        ("1543,21", "-1543,21", "amount_minor"),
        ("1543,21", "", "amount_minor"),
        ("23-11-2026", "31-13-2026", "date is '31-13-2026', not a date as DD-MM-YYYY"),
        ("23-11-2026", "2026-11-23", "date"),
        (";001234567;", ";;", "account is ''"),
        (";001234567;", ";", "11 columns instead of 12"),
        ("24-11-2026", "soon", "order_date"),
    ],
)
def test_a_register_with_one_wrong_thing_is_refused_with_its_line(tmp_path, found, put, says):
    text = bank_text(tmp_path)
    assert found in text
    with pytest.raises(RegisterError, match=says) as refusal:
        read_text(tmp_path, text.replace(found, put, 1))
    assert "register.txt: line " in str(refusal.value)


def test_a_cut_register_is_refused_at_every_cut(tmp_path):
    text = bank_text(tmp_path)
    whole = len(text) - len(";17;24-11-2026\r\n")
    for length in range(whole):
        with pytest.raises(RegisterError):
            read_text(tmp_path, text[:length])


def test_lines_after_the_last_one_and_a_second_last_one_are_refused(tmp_path):
    text = bank_text(tmp_path)
    first, last = text.split("\r\n")[0], text.split("\r\n")[3]
    for more in (first, last):
        with pytest.raises(RegisterError, match="a line follows the last one"):
            read_text(tmp_path, text + more + "\r\n")


def test_a_missing_file_is_not_an_empty_one(tmp_path):
    with pytest.raises(RegisterMissingError):
        list(read_register(tmp_path / "none.txt", BANK, COLUMNS))
    with pytest.raises(RegisterMissingError):
        register_sha256(tmp_path / "none.txt")
    with pytest.raises(RegisterError, match="cut") as refusal:
        read_text(tmp_path, "")
    assert not isinstance(refusal.value, RegisterMissingError)
    write_register(tmp_path / "empty.txt", BANK, [], CLOSING)
    assert list(read_register(tmp_path / "empty.txt", BANK, COLUMNS)) == []


def test_another_encoding_a_folder_and_a_file_without_lines_are_one_error(tmp_path):
    path = tmp_path / "utf8.csv"
    path.write_bytes(b"txn_id;\xff\xfe")
    with pytest.raises(RegisterError, match="utf-8"):
        list(read_register(path, BILLING_DAY, ("txn_id", "account")))
    with pytest.raises(RegisterError, match="cannot be read"):
        list(read_register(tmp_path, BANK, COLUMNS))
    with pytest.raises(RegisterError, match="no end"):
        read_text(tmp_path, "x" * (2 * BLOCK_LENGTH + 1))


def test_a_header_is_checked_and_a_byte_order_mark_forgiven(tmp_path):
    path = tmp_path / "billing.csv"
    row = {"txn_id": "12", "txn_date": "20261123141200", "account": "Л-1", "amount_minor": 100}
    write_register(path, BILLING_DAY, [row], {"day": "20261123"})
    text = path.read_text("utf-8")
    assert text.splitlines()[0] == "txn_id;txn_date;account;amount_minor;provider_txn;terminal_id"
    wanted = ("amount_minor", "txn_id")
    assert read_text(tmp_path, "\ufeff" + text, BILLING_DAY, wanted) == [(100, "12")]
    with pytest.raises(RegisterError, match="names of the columns"):
        read_text(tmp_path, text.replace("account;", "sum;", 1), BILLING_DAY, wanted)


def test_a_register_longer_than_a_block_is_read_and_its_worst_line_found(tmp_path):
    count = 3 * BLOCK_LENGTH // 100
    text = bank_text(tmp_path, count)
    assert len(read_text(tmp_path, text)) == count
    spoilt = text.replace(f"{count - 2:020d};001234567", f"{count - 2:020d};", 1)
    with pytest.raises(RegisterError, match=rf"line {count - 2}: account is ''"):
        read_text(tmp_path, spoilt)


@pytest.mark.parametrize(
    "changed",
    [
        {"account": "00;12"},
        {"account": "00\n12"},
        {"account": ""},
        {"amount_minor": -1},
        {"amount_minor": "5"},
        {"date": "2026"},
        {"name": "漢"},
        {"date": "=0261123"},
    ],
)
def test_a_row_that_does_not_fit_writes_no_file(tmp_path, changed):
    path = tmp_path / "bank.txt"
    with pytest.raises(RegisterError):
        write_register(path, BANK, [bank_row(1), bank_row(2, **changed)], CLOSING)
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_would_end_the_register_is_not_written(tmp_path):
    row = {"txn_id": "1", "txn_date": "20261123141200", "account": "1", "amount_minor": 1, "provider_txn": ""}
    path = tmp_path / "no such folder" / "b.csv"
    with pytest.raises(RegisterError, match="cannot be written"):
        write_register(path, BILLING_DAY, [row], {"day": "20261123"})


def test_unknown_names_are_refused():
    assert layout_of("bank") is BANK
    with pytest.raises(RegisterError, match="known are"):
        layout_of("excel")
    with pytest.raises(RegisterError, match="no column"):
        BANK.index("sum")


def _texts(layout):
    signs = st.characters(codec="cp1251", exclude_characters=f"{layout.separator}\r\n", exclude_categories=("Cc",))
    return st.text(signs, min_size=1, max_size=12).filter(lambda text: not text.startswith("="))


VALUES = {
    Kind.TEXT: _texts(BANK),
    Kind.DIGITS: st.from_regex(r"[0-9]{1,20}", fullmatch=True),
    Kind.AMOUNT: st.integers(0, 10**13),
    Kind.DATE: st.dates().map(lambda day: f"{day:%Y}".zfill(4) + f"{day:%m%d}"),
    Kind.MOMENT: st.datetimes().map(lambda at: f"{at:%Y}".zfill(4) + f"{at:%m%d%H%M%S}"),
}


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("name", sorted(LAYOUTS))
@given(data=st.data())
def test_whatever_is_written_is_read_back_in_every_layout(tmp_path_factory, name, data):
    layout = LAYOUTS[name]
    row = st.fixed_dictionaries({column.name: VALUES[column.kind] for column in layout.columns})
    rows = data.draw(st.lists(row, max_size=4))
    path = tmp_path_factory.mktemp("registers") / "r"
    write_register(path, layout, rows, {"day": "20261123", **CLOSING})
    columns = [column.name for column in layout.columns]
    assert list(read_register(path, layout, columns)) == [tuple(row[column] for column in columns) for row in rows]


@settings(max_examples=150, deadline=None)
@given(spoilt=st.binary(max_size=40), at=st.integers(0, 400))
def test_any_bytes_give_rows_or_the_declared_error(tmp_path_factory, spoilt, at):
    folder = tmp_path_factory.mktemp("fuzz")
    raw = bank_text(folder).encode("cp1251")
    path = folder / "spoilt.txt"
    path.write_bytes(raw[:at] + spoilt + raw[at + len(spoilt) :])
    try:
        rows = list(read_register(path, BANK, COLUMNS))
    except RegisterError:
        return
    assert len(rows) == 3
