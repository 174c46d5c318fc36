"""The question whose account it is: digits in groups, corrected, refused, and the other ways to be known."""

from __future__ import annotations

from msgspec.structs import replace

from terminal_app.ipc.messages import Availability, Notice, Screen, SubmitAccount, TerminalState
from terminal_app.ui.presenters.account_entry import ACCOUNT_LENGTH_MAX, AccountEntryPresenter

STATE = TerminalState(revision=1, screen=Screen.ACCOUNT_ENTRY, availability=Availability(billing=True, camera=True))


def typed(presenter: AccountEntryPresenter, digits: str) -> AccountEntryPresenter:
    for digit in digits:
        presenter.press(f"digit_{digit}", STATE)
    return presenter


def test_a_card_is_spoken_of_where_a_reader_waits_for_one_and_nowhere_else():
    able = replace(STATE, availability=replace(STATE.availability, card_reader=True))
    assert "карту" in AccountEntryPresenter(able).view(able).hint
    assert "карту" not in AccountEntryPresenter(STATE).view(STATE).hint


def test_account_digits_are_grouped_and_submitted_bare():
    presenter = typed(AccountEntryPresenter(STATE), "040123456")
    assert presenter.view(STATE).number == "040 123 456"
    assert presenter.press("next", STATE) == SubmitAccount("040123456")


def test_account_can_be_corrected_and_cleared():
    presenter = typed(AccountEntryPresenter(STATE), "1234")
    presenter.press("backspace", STATE)
    assert presenter.view(STATE).number == "123"
    presenter.press("clear", STATE)
    assert presenter.view(STATE).empty
    assert presenter.press("next", STATE) is None


def test_account_takes_no_more_digits_than_exist():
    presenter = typed(AccountEntryPresenter(STATE), "9" * (ACCOUNT_LENGTH_MAX + 5))
    assert presenter.press("next", STATE) == SubmitAccount("9" * ACCOUNT_LENGTH_MAX)


def test_account_error_stands_until_the_number_is_changed():
    refused = replace(STATE, account_typed="123", input_error=Notice.ACCOUNT_NOT_FOUND)
    presenter = AccountEntryPresenter(refused)
    assert presenter.view(refused).error
    assert presenter.press("next", refused) is None
    presenter.press("digit_4", refused)
    assert not presenter.view(refused).error
    assert presenter.press("next", refused) == SubmitAccount("1234")


def test_a_new_screen_remembers_no_digits_of_the_last_customer():
    typed(AccountEntryPresenter(STATE), "777")
    assert AccountEntryPresenter(STATE).view(STATE).empty
