"""Service mode as a pure machine: who is let in, what it asks for, when it leaves; and words for every page of it."""

from __future__ import annotations

import logging
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from device_drivers.contract.status import DeviceState, Fault
from device_drivers.contract.storage import StorageStatus
from payment.contract import JournalRecord
from signaling_server.contract.messages import AlarmReport, DeviceReport
from terminal_app.core.collectors import Role
from terminal_app.core.service_bundle import KEPT, RecentLog, cleaned, write_bundle
from terminal_app.core.service_mode import mode as modes
from terminal_app.core.service_mode import values as v
from terminal_app.core.service_mode.mode import IDLE_HANDS_S, IDLE_S, SHUT_S, WRONG_MAX, step
from terminal_app.core.service_mode.pages import page_of
from terminal_app.core.service_mode.report import Standing, day_report
from terminal_app.core.site import AlarmKind
from terminal_app.core.visit_tasks import PAGE_SCREENS
from terminal_app.ipc import service_messages as desk
from terminal_app.ipc.messages import Availability, TerminalState
from terminal_app.ipc.pages import Choose, Enter, Phrase
from terminal_app.ui import locale
from terminal_app.ui.locale import CATALOGUES
from terminal_app.ui.router import ROUTES

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from service_states import ENCASHING, FACTS, MODES, TECHNICIAN

PIN = Enter("service_pin", "7351")


def told(mode: v.Mode, *events: v.Event, now_s: float = 1.0) -> tuple[v.Mode, list[v.Effect]]:
    """The effects of the last event."""
    effects: list[v.Effect] = []
    for event in events:
        mode, effects = step(mode, event, now_s)
    return mode, effects


def chosen(mode: v.Mode, key: str) -> tuple[v.Mode, list[v.Effect]]:
    return told(mode, Choose(mode.place.value, key))


def desk_at(stage: desk.EncashmentStage, trouble: str = "") -> v.DeskTold:
    return v.DeskTold(desk.EncashmentState(stage, "слова", trouble, "Петров П. П.", "строка   1"))


def collector_inside(stage: desk.EncashmentStage) -> v.Mode:
    at_pin, _ = told(v.Mode(), v.CardShown("04A1", Role.COLLECTOR), PIN)
    return told(at_pin, desk_at(stage))[0]


# --- the door ---------------------------------------------------------------------------------------------------------


def test_the_logo_leads_to_a_card_and_nothing_else():
    shown, effects = told(v.Mode(), v.LogoHeld(reader=True))
    assert (shown.place, effects) == (v.Place.CARD, [])
    for event in (Choose("service_card", "devices"), Enter("service_card", "1"), Enter("service_pin", "7351")):
        assert told(shown, event) == (shown, [])


def test_where_no_reader_works_the_number_is_typed():
    typed, effects = told(v.Mode(), v.LogoHeld(reader=False), Enter("service_card_typed", "04a1"))
    assert effects == [v.FindCard("04a1")]
    asked, _ = told(typed, v.CardTyped("04A1", Role.TECHNICIAN))
    assert (asked.place, asked.card_id) == (v.Place.PIN, "04A1")


def test_a_technician_is_let_in_by_card_and_pin_and_the_journal_knows():
    asked, effects = told(v.Mode(), v.CardShown("04A1"), PIN)
    assert effects == [v.CheckPin(asked.asked, "04A1", "7351")]
    inside, effects = told(asked, v.Checked(asked.asked, "Сидоров С. С."))
    assert (inside.place, inside.who) == (v.Place.MENU, "Сидоров С. С.")
    assert effects == [v.Acted("Сидоров С. С.", Role.TECHNICIAN, "sign_in")]


def test_an_answer_to_another_pin_lets_nobody_in():
    asked, _ = told(v.Mode(), v.CardShown("04A1"), PIN)
    assert told(asked, v.Checked(asked.asked + 1, "Сидоров С. С."))[0].place is v.Place.PIN


def test_three_vain_tries_shut_the_door_for_everybody_for_a_while():
    mode = v.Mode()
    for _ in range(WRONG_MAX):
        mode, _ = told(mode, v.CardShown("04A1"), PIN)
        mode, effects = told(mode, v.Checked(mode.asked, trouble=Phrase("service_pin.wrong")))
    assert mode.place is v.Place.OFF
    assert [effect.act for effect in effects if isinstance(effect, v.Acted)] == ["sign_in_refused", "door_shut"]
    assert step(mode, v.CardShown("04A1"), 1.0 + SHUT_S - 1)[0].place is v.Place.OFF
    assert step(mode, v.LogoHeld(), 1.0 + SHUT_S + 1)[0].place is v.Place.CARD_TYPED


def test_going_away_and_coming_back_buys_no_new_tries():
    mode, _ = told(v.Mode(), v.CardShown("04A1"), PIN)
    mode, _ = told(mode, v.Checked(mode.asked, trouble=Phrase("service_pin.wrong")), v.Leave())
    assert (mode.place, mode.wrong) == (v.Place.OFF, 1)


def test_a_card_shown_to_who_is_inside_changes_nothing():
    assert told(TECHNICIAN, v.CardShown("0B", Role.COLLECTOR)) == (replace(TECHNICIAN, active_at_s=1.0), [])


# --- inside -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["receipt_printer", "lights", "bill_validator", "coin_acceptor", "fiscal_printer"])
def test_a_test_of_a_device_asks_for_nothing_that_moves_money(device):
    at_device, _ = told(TECHNICIAN, Choose("service_menu", "devices"), Choose("service_devices", device))
    waiting, effects = chosen(at_device, "test")
    acted, asked = effects
    assert isinstance(acted, v.Acted)
    assert isinstance(asked, v.TryDevice)
    assert asked.test in (v.Test.SLIP, v.Test.LAMPS, v.Test.LINK)
    answered, _ = told(waiting, v.Answered(asked.asked, v.Result(good=True)))
    assert not answered.busy
    assert told(waiting, v.Answered(asked.asked + 1, v.Result(good=True)))[0].busy


def test_the_camera_is_on_only_while_its_page_is_shown():
    at_device, _ = told(TECHNICIAN, Choose("service_menu", "devices"), Choose("service_devices", "camera"))
    shown, effects = chosen(at_device, "test")
    assert (shown.place, effects) == (v.Place.CAMERA, [v.SetCamera(on=True)])
    assert v.SetCamera(on=False) in chosen(shown, "works")[1]
    assert v.SetCamera(on=False) in told(shown, v.Leave())[1]


def test_a_technician_has_no_way_to_the_cassette():
    for key in ("encashment", "seal", "slip"):
        assert chosen(TECHNICIAN, key)[1] == []
    assert told(TECHNICIAN, desk_at(desk.EncashmentStage.SEAL))[0].place is v.Place.MENU


def test_a_test_call_is_told_to_the_journal():
    _, effects = chosen(TECHNICIAN, "call")
    assert effects == [v.Acted(TECHNICIAN.who, Role.TECHNICIAN, "test_call"), v.CallDesk(TECHNICIAN.who)]


def test_the_paper_guide_ends_at_the_printer_and_leads_back_step_by_step():
    mode, _ = chosen(TECHNICIAN, "paper")
    for _ in range(modes.SHEETS - 1):
        mode, _ = chosen(mode, "next")
    assert told(mode, v.Back())[0].sheet == modes.SHEETS - 2
    at_printer, _ = chosen(mode, "next")
    assert (at_printer.place, at_printer.device) == (v.Place.DEVICE, "receipt_printer")


def test_it_leaves_by_itself_and_says_so_before():
    assert step(TECHNICIAN, v.Tick(), IDLE_S - 10)[0].left_s > 0
    gone, effects = step(TECHNICIAN, v.Tick(), IDLE_S + 1)
    assert gone.place is v.Place.OFF
    assert effects == [v.Acted(TECHNICIAN.who, Role.TECHNICIAN, "idle")]


# --- the collector ----------------------------------------------------------------------------------------------------


def test_a_collector_signs_in_at_the_one_desk_of_encashments():
    _, effects = told(v.Mode(), v.CardShown("04A1", Role.COLLECTOR), PIN)
    assert effects == [v.TakeDesk(), v.ToDesk(desk.SignInAsked("04A1", "7351"))]
    assert collector_inside(desk.EncashmentStage.SEAL).place is v.Place.SEAL


def test_a_wrong_pin_of_a_collector_counts_too():
    asked, _ = told(v.Mode(), v.CardShown("04A1", Role.COLLECTOR), PIN)
    assert told(asked, desk_at(desk.EncashmentStage.SIGN_IN))[0].busy  # the desk's first word is no answer
    refused, _ = told(asked, desk_at(desk.EncashmentStage.SIGN_IN, "не подходит"))
    assert (refused.place, refused.wrong, refused.busy) == (v.Place.PIN, 1, False)


def test_a_collector_sees_no_menu():
    inside = collector_inside(desk.EncashmentStage.SEAL)
    for page in ("service_menu", "service_devices", "service_seal"):
        assert told(inside, Choose(page, "devices"))[0].place is v.Place.SEAL


def test_hands_inside_get_more_time_than_a_menu():
    inside = collector_inside(desk.EncashmentStage.INSERT)
    assert step(inside, v.Tick(), IDLE_S + 60)[0].place is v.Place.ENCASHMENT
    gone, effects = step(inside, v.Tick(), IDLE_HANDS_S + 60)
    assert gone.place is v.Place.OFF
    assert v.ToDesk(desk.CollectorLeft()) in effects


def test_an_open_collection_is_not_finished_by_a_press():
    inside = collector_inside(desk.EncashmentStage.REMOVE)
    assert chosen(inside, "finish")[0].place is v.Place.ENCASHMENT
    done, _ = told(inside, desk_at(desk.EncashmentStage.DONE))
    assert chosen(done, "finish")[0].place is v.Place.OFF


# --- pages ------------------------------------------------------------------------------------------------------------


def words_of(state: TerminalState) -> None:
    presenter_type, _ = ROUTES[state.screen]
    presenter_type(state).view(state)  # a key without words raises


@pytest.mark.parametrize("name", MODES)
def test_every_page_of_service_mode_has_words_in_every_language(name):
    page = page_of(MODES[name], FACTS)
    assert page is not None
    for language, plain in CATALOGUES:
        locale.use(language, plain=plain)
        words_of(TerminalState(1, PAGE_SCREENS[page.kind], availability=Availability(), page=page))
    locale.use(next(iter(CATALOGUES))[0], plain=False)


def test_every_state_fault_alarm_and_storage_of_a_device_has_words():
    texts = next(iter(CATALOGUES.values())).texts
    for kind, values in {"state": DeviceState, "fault": Fault, "alarm": AlarmKind, "storage": StorageStatus}.items():
        named = {each.value for each in values} - ({"none"} if kind == "fault" else set())
        assert {word for word in named if f"service.{kind}.{word}" not in texts} == set()


def test_a_device_that_says_its_fault_is_named_by_it():
    jammed = DeviceReport("bill_validator", "hardware_error", "jammed")
    page = page_of(replace(TECHNICIAN, place=v.Place.DEVICES), replace(FACTS, devices=(jammed,)))
    assert page is not None
    assert page.choices[0].hint == Phrase("service.fault.jammed")


def test_off_has_no_page():
    assert page_of(v.Mode(), FACTS) is None


def test_a_pin_is_never_in_a_state_or_in_words_of_an_event():
    page = page_of(replace(ENCASHING, place=v.Place.PIN, card_id="04A1B2C3"), FACTS)
    assert page is not None
    assert page.entry is not None
    assert page.entry.secret
    assert b"04A1B2C3" not in msgspec.json.encode(page)
    assert "7351" not in repr(v.CheckPin(1, "04A1", "7351"))


# --- report and bundle ------------------------------------------------------------------------------------------------


def record(sequence: int, kind: str, **data: object) -> JournalRecord:
    return JournalRecord(sequence, kind, data, 1_795_420_800_000 + sequence, sequence, "boot", "1", b"")


def test_the_report_has_what_is_inside_and_each_open_alarm():
    now = Standing(123_00, 2, 1, [AlarmReport("door_open", 0)])
    report = day_report([record(1, "boot")], "20261126", now)
    assert [pair.value.text for pair in report.pairs[:3]] == ["123,00\u00a0₽", "2", "1"]
    assert report.pairs[3].value == Phrase("service.alarm.door_open")
    assert any("26.11.2026" in str(line) for line in report.lines)


def test_a_bundle_has_no_number_of_a_customer_and_no_data_of_a_record(tmp_path):
    recent = RecentLog()
    recent.emit(logging.LogRecord("x", logging.WARNING, "", 0, "счёт 040123456 у a@example.ru, порт 3", (), None))
    records = [record(1, "pay_intent", account="040123456", amount_minor=100)]
    path = write_bundle(tmp_path, "20261126120000", {"software": "1"}, records, recent.lines)
    with zipfile.ZipFile(path) as bundle:
        whole = b"\n".join(bundle.read(name) for name in bundle.namelist()).decode()
    assert "040123456" not in whole
    assert "example.ru" not in whole
    assert "pay_intent" in whole
    assert "порт 3" in whole
    assert path.stat().st_mode & 0o077 == 0


def test_only_the_last_bundles_are_kept(tmp_path):
    for number in range(KEPT + 2):
        write_bundle(tmp_path, f"2026112612000{number}", {}, [], [])
    names = sorted(path.name for path in (tmp_path / "service").iterdir())
    assert len(names) == KEPT
    assert names[-1] == f"261126-12000{KEPT + 1}.zip"


@pytest.mark.parametrize("text", ["тел. 8 921 000-00-00", "карта 1234 5678", "https://office.example:8443/x"])
def test_a_number_or_an_address_in_a_log_line_is_covered(text):
    covered = cleaned(text)
    assert not any(part in covered for part in ("921", "1234", "office"))
