"""Places of service mode with the longest words that really occur, for the robot's walk and the unit tests."""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract.messages import CashCount, DeviceReport, StorageReport
from signaling_server.contract.readiness import Lack, Readiness, ReadinessReport
from terminal_app.core.collectors import Role
from terminal_app.core.service_mode import values as v
from terminal_app.core.service_mode.mode import SHEETS
from terminal_app.core.service_mode.pages import page_of
from terminal_app.core.service_work import PICTURES
from terminal_app.ipc.pages import Page, Pair, Phrase
from terminal_app.ipc.service_messages import EncashmentStage, EncashmentState

FACTS = v.Facts(
    devices=(
        DeviceReport(
            "bill_validator",
            "online",
            model="CashCode SM-2073",
            serial="00A1234567",
            storage=[StorageReport("cassette", "high", 920, 1000, [CashCount(1000_00, 500)])],
        ),
        DeviceReport("receipt_printer", "user_error", "paper_out", "n=3", "VKP80III", "112233"),
        DeviceReport("camera", "online"),
        DeviceReport("audio", "no_device", "line_lost", "no card with this name"),
        DeviceReport("fiscal_printer", "online", model="ПТК «РИТЕЙЛ-01Ф»", serial="0012345678"),
        DeviceReport("lights", "online"),
        DeviceReport("auxiliaries", "offline", "no_answer"),
        DeviceReport("card_reader", "online", model="ACS ACR122U PICC Interface 00 00"),
        DeviceReport("ups", "online"),
        DeviceReport("watchdog", "no_device", fitted=False),
    ),
    fiscal=True,
    readiness=ReadinessReport(
        Readiness.PARTLY,
        [
            Lack("cash", "journal"),
            Lack("receipt_printer", "paper_out"),
            Lack("audio", "line_lost"),
            Lack("auxiliaries", "no_answer"),
        ],
    ),
    paper=tuple((PICTURES / f"step_{number}.png").read_bytes() for number in range(1, SHEETS + 1)),
    shift=v.Shift(known=True, open=True, number=214, hours=9, unsent=3),
)
TECHNICIAN = v.Mode(place=v.Place.MENU, who="Константинопольский А. В.")
SLIP = "Инкассация: до изъятия\n-----------\nНомер      12\n1000 ₽ x 14      14000,00 ₽\nВсего     27 350,00 ₽\n"
ENCASHING = v.Mode(
    place=v.Place.ENCASHMENT,
    role=Role.COLLECTOR,
    who="Петров П. П.",
    desk=EncashmentState(EncashmentStage.REMOVE, "Выньте кассету", "", "Петров П. П.", SLIP),
)
_REPORT = v.Result(
    good=True,
    pairs=(
        Pair(Phrase(text="Наличные"), Phrase(text="41 · 84 350,00 ₽")),
        Pair(Phrase("service.report.cassette"), Phrase(text="84 350,00 ₽")),
        Pair(Phrase("service.report.waiting"), Phrase(text="2")),
        Pair(Phrase("service.report.alarm"), Phrase("service.alarm.watchdog_unreachable")),
    ),
)
_NETWORK = v.Result(
    False,
    Phrase("service_network.alone"),
    (
        Pair(Phrase("service.network.office"), Phrase("service.no")),
        Pair(Phrase(text="enp3s0"), Phrase("service.network.up")),
        Pair(Phrase(text="wwan0"), Phrase("service.network.down")),
    ),
)
_BUNDLE = v.Result(
    True,
    Phrase("service_bundle.written"),
    (Pair(Phrase("service.field.file"), Phrase(text="261126-120000.zip")),),
    qr="261126-120000.zip",
)
_DESKS = {
    stage.value: replace(
        ENCASHING,
        desk=EncashmentState(stage, "Счётчики обнулены, печатается итог", "", "Петров П. П.", SLIP),
    )
    for stage in EncashmentStage
    if stage not in (EncashmentStage.SIGN_IN, EncashmentStage.SEAL)
}

MODES: dict[str, v.Mode] = {
    "service_card": v.Mode(place=v.Place.CARD),
    "service_card_typed": v.Mode(place=v.Place.CARD_TYPED),
    "service_pin": v.Mode(place=v.Place.PIN, trouble=Phrase("service_pin.wrong")),
    "service_menu": TECHNICIAN,
    "service_readiness": replace(TECHNICIAN, place=v.Place.READINESS),
    "service_devices": replace(TECHNICIAN, place=v.Place.DEVICES),
    **{
        f"service_device_{each.device_class}": replace(TECHNICIAN, place=v.Place.DEVICE, device=each.device_class)
        for each in FACTS.devices
    },
    "service_device_gone": replace(TECHNICIAN, place=v.Place.DEVICE, device="pump"),
    **{
        f"service_tested_{words}": replace(
            TECHNICIAN,
            place=v.Place.DEVICE,
            device="receipt_printer",
            result=v.Result(good, Phrase(f"service.test.{words}")),
        )
        for words, good in {
            "printed": True,
            "not_printed": False,
            "lamps": True,
            "speaks": True,
            "silent": False,
            "works": True,
            "fails": False,
        }.items()
    },
    "service_camera": replace(TECHNICIAN, place=v.Place.CAMERA, device="camera"),
    "service_sound": replace(TECHNICIAN, place=v.Place.SOUND, device="audio"),
    **{f"service_paper_{n + 1}": replace(TECHNICIAN, place=v.Place.PAPER, sheet=n) for n in range(SHEETS)},
    "service_report": replace(TECHNICIAN, place=v.Place.REPORT, result=_REPORT),
    "service_network": replace(TECHNICIAN, place=v.Place.NETWORK, result=_NETWORK),
    "service_bundle": replace(TECHNICIAN, place=v.Place.BUNDLE, result=_BUNDLE),
    "service_shift": replace(TECHNICIAN, place=v.Place.SHIFT),
    **{
        f"service_shift_{words}": replace(
            TECHNICIAN, place=v.Place.SHIFT, result=v.Result(True, Phrase(f"service_shift.{words}"))
        )
        for words in ("opened", "was_closed", "refused")
    },
    "service_seal": replace(ENCASHING, place=v.Place.SEAL),
    **{f"service_encashment_{stage}": mode for stage, mode in _DESKS.items()},
    "service_slip": replace(ENCASHING, place=v.Place.SLIP),
    "service_training": replace(TECHNICIAN, place=v.Place.TRAINING, busy=True),
    "service_training_failed": replace(
        TECHNICIAN, place=v.Place.TRAINING, result=v.Result(False, Phrase("service_training.failed"))
    ),
}
WALKED = (
    "service_card", "service_card_typed", "service_pin", "service_menu", "service_devices",
    "service_device_receipt_printer", "service_paper_3", "service_report", "service_bundle", "service_shift",
    "service_training_failed", "service_seal", "service_encashment_remove", "service_slip",
)  # fmt: skip


def page_named(name: str) -> Page:
    page = page_of(MODES[name], FACTS)
    assert page is not None
    return page
