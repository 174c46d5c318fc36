"""Training as values: who comes into it and how it ends, what its stand is told, what its slips and sums say."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from payment.receipt import Heading, Pair
from payment.sandbox.seed import ACCOUNTS, DEMO_ACCOUNT
from terminal_app.config import (
    Acquirer,
    Billing,
    ConfigError,
    Devices,
    Fiscal,
    Office,
    Payee,
    Rules,
    TerminalConfig,
    load_config,
)
from terminal_app.core.collectors import Role
from terminal_app.core.printing import marked_training
from terminal_app.core.service_mode import values as v
from terminal_app.core.service_mode.mode import ASK_S, IDLE_TRAINING_S, step
from terminal_app.core.service_mode.pages import page_of
from terminal_app.core.training_side import training_settings
from terminal_app.ipc.messages import (
    Availability,
    CashView,
    CustomerActive,
    EndTraining,
    InsertTrainingNote,
    Screen,
    TerminalState,
)
from terminal_app.ipc.modes import Language
from terminal_app.ipc.pages import Choose, Phrase, Tone
from terminal_app.training.stand import load_settings
from terminal_app.ui import theme
from terminal_app.ui.locale import CATALOGUES
from terminal_app.ui.presenters.chrome import ChromePresenter
from terminal_app.ui.presenters.simulated import simulated
from terminal_app.ui.voice.words_en import spoken_en
from terminal_app.ui.voice.words_ru import spoken_ru

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from service_states import ENCASHING, FACTS, TECHNICIAN

SECRETS = ("office.real", "billing.real", "bank.real", "token-real", "/dev/real", "/var/real", "7899001549")
REAL = TerminalConfig(
    data_dir="/var/real",
    devices=Devices(bill_validator="ccnet+serial:///dev/real0", fiscal_printer="shtrih-m+serial:///dev/real1"),
    office=Office(url="https://office.real:8443", identity_dir="/var/real/identity", time_zone="Asia/Omsk"),
    billing=Billing(osmp_url="http://billing.real", accounts_url="http://billing.real", registers_url=""),
    acquirer=Acquirer(url="https://bank.real", token="token-real"),
    bank_hosts=["bank.real:1"],
    fiscal=Fiscal(automat_number="0001"),
    payee=Payee(inns=["7899001549"]),
    rules=Rules(amount_max_minor=7_000_00),
)


def begun() -> v.Mode:
    mode, _ = step(TECHNICIAN, Choose("service_menu", "training"), 1.0)
    return step(mode, v.TrainingTold(ready=True), 1.0)[0]


# --- who, and how it ends ---------------------------------------------------------------------------------------------


def test_a_technician_begins_training_from_the_menu_and_the_journal_knows():
    mode, effects = step(TECHNICIAN, Choose("service_menu", "training"), 1.0)
    assert (mode.place, mode.busy) == (v.Place.TRAINING, True)
    assert effects == [v.Acted(TECHNICIAN.who, Role.TECHNICIAN, "training"), v.SetTraining(True)]
    preparing = page_of(mode, FACTS)
    assert preparing is not None
    assert (preparing.sentence, preparing.tone) == (Phrase("service_training.preparing"), Tone.PLAIN)


@pytest.mark.parametrize(
    "mode", [v.Mode(), v.Mode(place=v.Place.CARD), v.Mode(place=v.Place.PIN), replace(ENCASHING, place=v.Place.MENU)]
)
def test_nobody_else_comes_into_training(mode):
    for event in (Choose("service_menu", "training"), EndTraining(), v.TrainingTold(ready=True)):
        after, effects = step(mode, event, 1.0)
        assert after.place is mode.place
        assert effects == []


def test_training_ends_at_a_press_and_is_thrown_away():
    after, effects = step(begun(), EndTraining(), 2.0)
    assert (after.place, after.who) == (v.Place.MENU, TECHNICIAN.who)
    assert effects == [v.Acted(TECHNICIAN.who, Role.TECHNICIAN, "training_end"), v.SetTraining(False)]


def test_training_that_nobody_touches_asks_and_ends_with_the_whole_of_service_mode():
    mode = begun()
    asked, effects = step(mode, v.Tick(), 1.0 + IDLE_TRAINING_S - ASK_S + 1)
    assert (asked.left_s > 0, effects) == (True, [])
    touched, _ = step(asked, CustomerActive(), 1.0 + IDLE_TRAINING_S - 1)
    assert (touched.place, touched.left_s) == (v.Place.TRAINING, 0)
    after, effects = step(mode, v.Tick(), 1.0 + IDLE_TRAINING_S)
    assert after.place is v.Place.OFF
    assert v.SetTraining(False) in effects
    assert [each.act for each in effects if isinstance(each, v.Acted)] == ["idle", "training_end"]


def test_a_stand_that_fell_is_told_and_the_way_back_stays():
    fallen, _ = step(begun(), v.TrainingTold(ready=False), 2.0)
    page = page_of(fallen, FACTS)
    assert page is not None
    assert (page.sentence, page.tone, page.back) == (Phrase("service_training.failed"), Tone.WARN, True)
    after, effects = step(fallen, v.Back(), 3.0)
    assert after.place is v.Place.MENU
    assert v.SetTraining(False) in effects


# --- what the stand is told -------------------------------------------------------------------------------------------


def test_the_stand_is_told_the_rules_and_nothing_that_leads_to_anything_real():
    told = training_settings(REAL)
    assert (told.training, told.rules, told.office.time_zone) == (True, REAL.rules, "Asia/Omsk")
    written = msgspec.json.encode(told).decode()
    assert [secret for secret in SECRETS if secret in written] == []
    assert [secret for secret in SECRETS if secret not in msgspec.json.encode(REAL).decode()] == []


def test_a_stand_takes_no_settings_of_a_real_terminal(tmp_path):
    (tmp_path / "settings.json").write_bytes(msgspec.json.encode(REAL))
    with pytest.raises(ConfigError, match="not of a training stand"):
        load_settings(tmp_path)


def test_a_real_terminal_is_no_training_one_by_its_settings(tmp_path):
    path = tmp_path / "terminal.toml"
    path.write_text('training = true\n[office]\nurl = "https://office.real:8443"\n')
    with pytest.raises(ConfigError, match="training stand has no office"):
        load_config(path)


# --- what is read -----------------------------------------------------------------------------------------------------


def test_no_piece_of_a_training_slip_looks_like_a_receipt():
    slip = marked_training(tuple(Pair(f"{number}", "500,00 ₽") for number in range(11)))
    gaps, since = [], 0
    for line in slip:
        since = 0 if isinstance(line, Heading) else since + 1
        gaps.append(since)
    assert max(gaps) <= 4
    for end in (slip[:2], slip[-2:]):
        assert [line.text for line in end if isinstance(line, Heading)] == ["УЧЕБНЫЙ", "НЕ ЯВЛЯЕТСЯ ЧЕКОМ"]
    assert len([line for line in slip if isinstance(line, Pair)]) == 11


def test_every_sum_of_a_view_is_marked_however_deep_it_lies():
    @dataclass(frozen=True)
    class Inner:
        key: str
        amount: str

    @dataclass(frozen=True)
    class Outer:
        inner: tuple[Inner, ...]
        said: str
        part: float

    marked = simulated(Outer((Inner("pay", "1\u00a0₽"),), "5\u00a0₽ и 6\u00a0₽", 0.5))
    expected = (Inner("pay", "1\u00a0₽\u00a0уч."),)
    assert marked == Outer(expected, "5\u00a0₽\u00a0уч. и 6\u00a0₽\u00a0уч.", 0.5)


def test_a_note_goes_in_only_where_the_simulated_slot_is_open():
    presenter = ChromePresenter(theme.brand)
    away = TerminalState(0, Screen.ATTRACT, Availability(), service=True, training=True)
    at_slot = msgspec.structs.replace(away, screen=Screen.CASH_IN, cash=CashView(acceptor_ready=True))
    assert presenter.press("training", away) is None
    assert presenter.view(away).dialog == "training"
    assert presenter.press("note_50000", away) is None
    assert presenter.press("note_50000", at_slot) == InsertTrainingNote(500_00)
    assert presenter.view(at_slot).dialog == ""
    assert presenter.press("end_training", at_slot) == EndTraining()
    customers = msgspec.structs.replace(at_slot, training=False, service=False)
    for key in ("training", "note_50000", "end_training"):
        assert presenter.press(key, customers) is None
    assert (presenter.view(customers).dialog, presenter.view(customers).notes) == ("", ())


def test_the_words_name_an_account_that_the_simulated_billing_knows():
    for catalogue in CATALOGUES.values():
        hint = catalogue.texts["training.hint"]
        assert DEMO_ACCOUNT in hint
        assert ACCOUNTS[DEMO_ACCOUNT].phone_tail in hint


def test_the_voice_says_that_the_sum_is_no_money():
    for language, said in (
        (Language.RUSSIAN, "Внесено пятьсот рублей ненастоящих"),
        (Language.ENGLISH, "Внесено five hundred rubles, simulated,"),
    ):
        mark = CATALOGUES[language, False].texts["training.mark"]
        spoken = spoken_ru if language is Language.RUSSIAN else spoken_en
        assert spoken(f"Внесено 500,00\u00a0₽\u00a0{mark}") == said
