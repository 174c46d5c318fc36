"""The sandbox's memory and its invented people."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from payment.codes.check_digits import account_key_is_good, correspondent_key_is_good, inn_is_good
from payment.sandbox.accounts_api import billed_period, details
from payment.sandbox.seed import ACCOUNTS, DEMO_ACCOUNT, FOREIGN_PAYEE, PAYEE
from payment.sandbox.store import APPLICATION_ID, Credit, CreditStore, OtherContentError, StoreError, hold

WANTED = Credit("7", DEMO_ACCOUNT, 100_00, "20261123141200")


@pytest.fixture
def store(tmp_path):
    opened = CreditStore(tmp_path / "sandbox.sqlite")
    yield opened
    opened.close()


def test_a_repeat_gets_the_first_credit_back(store):
    first = store.credit(WANTED)
    assert [store.credit(WANTED) for _ in range(3)] == [first] * 3
    assert store.all() == [first]
    assert store.credited_minor(DEMO_ACCOUNT) == 100_00


def test_other_content_under_the_same_txn_id_credits_nothing(store):
    first = store.credit(WANTED)
    with pytest.raises(OtherContentError):
        store.credit(Credit("7", DEMO_ACCOUNT, 100_01, "20261123141200"))
    assert store.all() == [first]


def test_a_credit_is_taken_back_once_and_its_row_stays(store):
    first = store.credit(WANTED)
    for _ in range(2):
        store.cancel(first.txn_id)
    assert [credit.cancelled for credit in store.all()] == [True]
    assert store.credited_minor(DEMO_ACCOUNT) == 0
    assert store.of_day("20261123") == []
    store.cancel("no such payment")
    assert len(store.all()) == 1


def test_a_file_opened_again_knows_every_credit(store, tmp_path):
    credited = store.credit(WANTED)
    other = CreditStore(tmp_path / "sandbox.sqlite")
    assert other.credit(WANTED) == credited
    other.close()


def test_a_second_sandbox_over_one_file_is_refused_until_the_first_has_ended(tmp_path):
    first = hold(tmp_path / "sandbox.sqlite")
    with pytest.raises(StoreError, match="another sandbox runs over"):
        hold(tmp_path / "sandbox.sqlite")
    first.close()
    hold(tmp_path / "sandbox.sqlite").close()


@pytest.mark.parametrize("application_id", [0, 77])
def test_another_programs_database_is_refused_and_not_one_byte_of_it_changes(tmp_path, application_id):
    path = tmp_path / "journal.sqlite"
    raw = sqlite3.connect(path)
    raw.executescript(f"PRAGMA application_id = {application_id}; CREATE TABLE record (sequence INTEGER PRIMARY KEY)")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        CreditStore(path)
    assert path.read_bytes() == before


def test_a_file_of_an_older_sandbox_is_taken_and_marked_as_ours(store, tmp_path):
    credited = store.credit(WANTED)
    raw = sqlite3.connect(tmp_path / "sandbox.sqlite")
    raw.execute("PRAGMA application_id = 0")  # as it was before there was a number
    again = CreditStore(tmp_path / "sandbox.sqlite")
    assert again.all() == [credited]
    again.close()
    assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    raw.close()


def test_the_database_itself_refuses_a_second_row_of_a_txn_id(store, tmp_path):
    store.credit(WANTED)
    raw = sqlite3.connect(tmp_path / "sandbox.sqlite")
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute("INSERT INTO credit VALUES (9, '7', '1', 1, '')")
    raw.close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "text").write_text("words " * 100)
    with pytest.raises(StoreError, match="text"):
        CreditStore(tmp_path / "text")


@pytest.mark.parametrize("payee", [PAYEE, FOREIGN_PAYEE])
def test_requisites_of_the_invented_payees_keep_their_check_digits(payee):
    assert inn_is_good(payee.inn)
    assert account_key_is_good(payee.bic, payee.personal_account)
    assert correspondent_key_is_good(payee.bic, payee.correspondent_account)


def test_the_invented_accounts_show_every_state():
    due = [seed.due_minor for seed in ACCOUNTS.values() if seed.active]
    assert len(ACCOUNTS) == 12
    assert min(due) < 0 < max(due)
    assert 0 in due
    assert not all(seed.active for seed in ACCOUNTS.values())
    assert ACCOUNTS[DEMO_ACCOUNT].due_minor == 1_543_21
    assert all(len(seed.phone_tail) == 4 for seed in ACCOUNTS.values())


@pytest.mark.parametrize(("today", "period"), [(date(2026, 12, 1), "ноябрь 2026"), (date(2027, 1, 31), "декабрь 2026")])
def test_the_last_bill_is_of_the_month_before(today, period):
    assert billed_period(today) == period


def test_a_payment_is_a_line_of_its_own_and_the_lines_add_up():
    said = details(ACCOUNTS[DEMO_ACCOUNT], 2_000_00, date(2026, 11, 23))
    lines = said["charges"]
    assert isinstance(lines, list)
    assert lines[-1]["amount_minor"] == -2_000_00
    assert sum(line["amount_minor"] for line in lines) == said["due_minor"] == -456_79
    assert said["as_of"] == "23.11.2026"
