"""A settings file is used whole or refused whole, in one sentence, before anything starts."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from device_drivers.command_line import WRONG_USE
from payment.journal.journal import Journal
from payment.local_time import local_date, local_stamp
from terminal_app import supervisor
from terminal_app.__main__ import main
from terminal_app.config import ConfigError, Devices, TerminalConfig, load_config, window_size
from terminal_app.supervisor import Child, Program

EVENING_UTC_S = datetime(2026, 11, 24, 21, 30, tzinfo=UTC).timestamp()  # 00:30 of the 25th in Moscow
SERIAL = "serial:///dev/ttyUSB0"


def load(folder: Path, text: str) -> TerminalConfig:
    path = folder / "terminal.toml"
    path.write_text(text)
    return load_config(path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f'[devices]\nbill_validator = "nv9+{SERIAL}"', r"protocols: .*ccnet.*devices"),
        (f'[devices]\nbill_validator = "ccnet+{SERIAL}?baud=12"', r"baud is one of .*devices"),
        (f'[devices]\nbill_validator = "escpos+{SERIAL}"', "no bill_validator speaks escpos"),
        ('[devices]\nreceipt_printer = "escpos+usb://1"', "a device is written"),
        ('[devices]\ncamera = "frob"', "a camera is written"),
        ('[devices]\nsound = "loud"', "no sound URL"),
        ('[devices]\nups = "nut+serial:///dev/ttyUSB9?ups=a b"', "ups is a name"),
        ('[devices]\nwatchdog = "linux-watchdog:///dev/watchdog?timeout=1"', r"10\.\.3600 s"),
        ('[devices]\nlights = "leds:///sys/class/leds"', "lights are written"),
        ('[devices]\ncard_reader = "acr122"', "a card_reader begins with pcsc://"),
        ('[devices]\ndocument_printer = "cups://localhost/a4"', "a document printer is written"),
        ('[devices]\nbarcode_reader = "ccnet+serial:///dev/ttyUSB9"', "no barcode_reader speaks ccnet"),
        ('[devices]\nauxiliaries = "switches+input:///dev/input/event5"', "at least one of"),
        ('[payee]\ninns = ["7841000000"]', "check digits.*payee"),
        ('[payee]\ninns = ["784100000"]', "10 or 12 digits"),
        ('[payee]\ninns = [" 7841000002"]', "10 or 12 digits"),
        ('[payee]\npersonal_accounts = ["4070281000000000000"]', "20 digits, not"),
        ("[power]\nbattery_cash_s = -1", "battery_cash_s is at least 0"),
        ("[coin_box]\nwarn_percent = 101", "warn_percent from 1 to 100"),
        ('[panel]\nwindow = "big"', "WIDTHxHEIGHT"),
        ("[panel]\nppi = -3.0", "ppi is 0 or from"),
        ("[panel]\nppi = nan", "ppi is 0 or from"),
        ('[office]\nurl = "office.example"', "url is written https://"),
        ('[office]\nurl = "https://office.example:99999"', "out of range"),
        ('[office]\ntime_zone = "Moscow"', "time_zone is a name like Europe/Moscow"),
        ('[office]\ntime_zone = "../../etc/passwd"', "time_zone is a name like Europe/Moscow"),
        ('[billing]\naccounts_url = "ftp://billing.example"', "accounts_url is written"),
        ('[billing]\naccount_pattern = "[0-9"', "no regular expression"),
        ('[acquirer]\nurl = "bank"', "url is written"),
        ("[rules]\namount_min_minor = 0", "amount_min_minor"),
        ("[rules]\nidle_ask_s = 0", "idle_ask_s is at least 1"),
        ("[devices", "terminal.toml"),
        ("[devices]\nscanner = 1", "unknown field `scanner`"),
    ],
)
def test_what_could_not_work_is_refused_with_its_place(tmp_path, text, why):
    with pytest.raises(ConfigError, match=why) as told:
        load(tmp_path, text)
    assert "\n" not in str(told.value)


def test_a_terminal_without_devices_is_a_terminal(tmp_path):
    none = "\n".join(f'{name} = ""' for name in Devices.__struct_fields__)
    config = load(tmp_path, f"[devices]\n{none}")
    assert config.office.time_zone == "Europe/Moscow"


@pytest.mark.parametrize("text", ["540", "540x", "axb", "540x960x1", "-540x960", "000x960", ""])
def test_a_window_size_that_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError, match="WIDTHxHEIGHT"):
        window_size(text)


def test_a_window_size_is_read():
    assert window_size("540x960") == (540, 960)


def test_dates_are_of_the_offices_zone_whatever_the_machine_is_set_to(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    moscow = load(tmp_path, "").office.zone()
    assert local_stamp(EVENING_UTC_S, moscow) == "20261125003000"
    assert local_date(EVENING_UTC_S, moscow) == date(2026, 11, 25)
    omsk = load(tmp_path, '[office]\ntime_zone = "Asia/Omsk"').office.zone()
    assert local_stamp(EVENING_UTC_S, omsk) == "20261125033000"


@pytest.mark.parametrize(
    ("text", "run_dir", "why"),
    [
        (f'[devices]\nbill_validator = "nv9+{SERIAL}"', "run", "protocols"),
        ('[panel]\nppi = 100.0\nwindow = "300x400"', "run", "too small"),
        ("", "/proc/nowhere", "не создать каталог /proc/nowhere"),
        ('data_dir = "/proc/nothing"', "run", "не создать каталог /proc/nothing"),
    ],
)
def test_run_ends_in_one_sentence_before_it_starts_a_program(tmp_path, monkeypatch, capsys, text, run_dir, why):
    (tmp_path / "terminal.toml").write_text(text)
    words = ["run", "--config", str(tmp_path / "terminal.toml"), "--run-dir", str(tmp_path / run_dir)]
    monkeypatch.setattr(sys, "argv", ["terminal_app", *words])
    assert main() == WRONG_USE
    said = capsys.readouterr()
    assert why in said.err
    assert (said.err.count("\n"), said.out) == (1, "")


def test_a_second_run_over_one_journal_ends_in_one_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "terminal.toml").write_text('data_dir = "data"')
    journal = Journal.open(tmp_path / "data" / "journal.sqlite", post=lambda call: call(), on_failed=pytest.fail)
    words = ["run", "--config", str(tmp_path / "terminal.toml"), "--run-dir", str(tmp_path / "run")]
    monkeypatch.setattr(sys, "argv", ["terminal_app", *words])
    try:
        assert main() == 1
    finally:
        journal.close()
    said = capsys.readouterr()
    assert "another process writes the journal" in said.err
    assert (said.err.count("\n"), said.out) == (1, "")


@pytest.mark.parametrize("device", [("--camera", "frob"), ("--sound", "frob")])
def test_the_demo_refuses_a_device_url_before_it_starts_a_program(tmp_path, monkeypatch, capsys, device):
    monkeypatch.setattr(sys, "argv", ["terminal_app", "demo", "--data", str(tmp_path / "demo"), *device])
    assert main() == WRONG_USE
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "demo").exists()


async def test_a_program_whose_settings_are_broken_is_not_started_again_and_again(monkeypatch):
    monkeypatch.setattr(supervisor, "RESTART_S_MIN", 0.001)
    said: list[str] = []
    thrice = asyncio.Event()

    def on_line(name: str, line: dict[str, Any]) -> None:
        said.append(name)
        if said.count("falls") == 3:
            thrice.set()

    def child(name: str, code: int) -> Child:
        argv = [sys.executable, "-c", f"print('{{}}'); raise SystemExit({code})"]
        return Child(Program(name, argv, restart=True), on_line)

    broken, falls = child("broken", WRONG_USE), child("falls", 1)
    for each in (broken, falls):
        await each.start()
    async with asyncio.timeout(20):
        await thrice.wait()
        await broken.stop()
        await falls.stop()
    assert said.count("broken") == 1


def test_limits_and_fees_of_money_hold_from_their_day_on(tmp_path):
    text = "[[money]]\nstarts_on = 2027-01-01\npayment_max_minor = 500000\nfees.gas = {rate_bp = 150, on_top = true}\n"
    (tmp_path / "terminal.toml").write_text(text)
    rules = load_config(tmp_path / "terminal.toml").dated_rules()
    assert rules.on(date(2027, 1, 1)).payment_max_minor == 5_000_00
    assert rules.on(date(2027, 1, 1)).fee_of("gas").rate_bp == 150


def test_a_terminal_without_limits_of_its_own_has_those_of_the_law_within_its_own_ceiling(tmp_path):
    (tmp_path / "terminal.toml").write_text("[rules]\namount_max_minor = 500000\n")
    held = load_config(tmp_path / "terminal.toml").dated_rules().on(date(2026, 11, 26))
    assert (held.payment_max_minor, held.anonymous_cash_max_minor) == (5_000_00, 15_000_00)
    (tmp_path / "terminal.toml").write_text("[rules]\namount_max_minor = 10000000\n")
    held = load_config(tmp_path / "terminal.toml").dated_rules().on(date(2026, 11, 26))
    assert (held.payment_max_minor, held.anonymous_cash_max_minor) == (100_000_00, 15_000_00)


@pytest.mark.parametrize(
    "more", ["[[money]]\nstarts_on = 2027-01-01\n", "[[money]]\nstarts_on = 2028-01-01\npayment_min_minor = 0\n"]
)
def test_rules_of_money_that_contradict_themselves_stop_the_start(tmp_path, more):
    (tmp_path / "terminal.toml").write_text("[[money]]\nstarts_on = 2027-01-01\n" + more)
    with pytest.raises(ConfigError, match="money"):
        load_config(tmp_path / "terminal.toml")
