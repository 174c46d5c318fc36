"""The voice and a tactile keypad on the real window: what is said, what a key presses, what is never said."""

from __future__ import annotations

import pytest
from kiosk_bench import Kiosk
from msgspec.structs import replace
from terminal_states import STATES, at

from terminal_app.ipc.call_messages import Introduced
from terminal_app.ipc.messages import Screen, StartPayment, SubmitAccount
from terminal_app.ipc.modes import Language, Modes

VOICE = Modes(voice=True)


def said(kiosk: Kiosk) -> list[str]:
    return kiosk.ask("said")["said"]


def wait_said(kiosk: Kiosk, words: str) -> list[str]:
    kiosk._until(lambda: any(words in phrase for phrase in said(kiosk)), 8.0)
    return said(kiosk)


def press_keys(kiosk: Kiosk, *keys: str) -> None:
    for key in keys:
        kiosk.finger("key", key)


def test_a_new_screen_is_read_from_top_to_bottom_and_then_only_what_is_new(kiosk: Kiosk):
    kiosk.show(replace(STATES["attract"], modes=VOICE))
    wait_said(kiosk, "Здравствуйте")
    cash = STATES["cash_in"]
    kiosk.show(replace(cash, modes=VOICE))
    phrases = wait_said(kiosk, "Внесите купюры по одной")
    assert "две тысячи сто рублей" in phrases
    kiosk.show(replace(cash, modes=VOICE, cash=replace(cash.cash, inserted_minor=2_600_00)))
    phrases = wait_said(kiosk, "две тысячи шестьсот рублей")
    assert not any("Внесите купюры" in phrase for phrase in phrases)


def test_in_english_it_speaks_english(kiosk: Kiosk):
    kiosk.show(replace(STATES["balance"], modes=replace(VOICE, language=Language.ENGLISH)))
    assert any("three thousand, two hundred and fourteen rubles" in phrase for phrase in wait_said(kiosk, "To pay"))


def test_a_keypad_alone_goes_from_the_first_screen_to_a_typed_account(kiosk: Kiosk):
    kiosk.show(replace(STATES["attract"], modes=VOICE))
    wait_said(kiosk, "Здравствуйте")
    for _ in range(12):
        press_keys(kiosk, "Down")
        if any("Баланс и оплата. Кнопка" in phrase for phrase in said(kiosk)):
            break
    wait_said(kiosk, "Баланс и оплата. Кнопка")
    press_keys(kiosk, "Return")
    assert kiosk.wait_command(StartPayment) == StartPayment()
    kiosk.show(at(Screen.ACCOUNT_ENTRY, modes=VOICE))
    wait_said(kiosk, "Введите номер счёта")
    press_keys(kiosk, "0", "4", "0", "1")
    wait_said(kiosk, "ноль сорок, один")
    press_keys(kiosk, "Up", "Up")
    for _ in range(40):
        if any("Продолжить. Кнопка" in phrase for phrase in said(kiosk)):
            break
        press_keys(kiosk, "Up")
    press_keys(kiosk, "Return")
    assert kiosk.wait_command(SubmitAccount) == SubmitAccount("0401")


def test_who_is_on_the_line_is_said_before_core_is_asked_to_open_the_sound(kiosk: Kiosk):
    talk = STATES["call_live"]
    kiosk.show(replace(STATES["attract"], modes=VOICE))
    kiosk.show(replace(talk, modes=VOICE, call=replace(talk.call, introducing=True)))
    wait_said(kiosk, "С вами говорит Константинопольская Александра Вячеславовна, Главный специалист")
    assert kiosk.wait_command(Introduced) == Introduced()
    assert "С вами говорит" in " ".join(said(kiosk)), "the words of the screen did not cut it short"
    kiosk.show(replace(talk, modes=VOICE))
    assert len(kiosk.commands(Introduced)) == 1


def test_typed_secrets_are_never_said(kiosk: Kiosk):
    kiosk.show(replace(STATES["attract"], modes=VOICE))
    kiosk.show(replace(STATES["second_attribute"], modes=VOICE))
    wait_said(kiosk, "цифры")
    heard = []
    for key in ("7", "3"):
        press_keys(kiosk, key)
        wait_said(kiosk, "Цифра введена")
        heard += said(kiosk)
    assert not any(word in phrase for phrase in heard for word in ("семь", "три", "7", "3"))


def test_without_the_voice_nothing_is_said_and_nothing_is_kept_after_the_visit(kiosk: Kiosk):
    kiosk.show(replace(STATES["balance"], modes=VOICE))
    wait_said(kiosk, "рублей")
    kiosk.show(STATES["attract"])
    kiosk._until(lambda: said(kiosk) == [], 8.0)
    kiosk.show(STATES["balance"])
    kiosk.tree()
    assert said(kiosk) == []


@pytest.mark.parametrize("key", ["F1", "F11", "Escape", "alt+F4", "Super_L"])
def test_no_key_leads_out_of_the_terminal(kiosk: Kiosk, key: str):
    kiosk.show(STATES["balance"])
    press_keys(kiosk, key)
    assert kiosk.process.poll() is None
    assert kiosk.tree()["screen"] == "balance"
