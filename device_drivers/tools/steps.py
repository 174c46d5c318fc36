"""The steps a technician is led through, one list a device class. Words for people are here; nothing else is.

No step takes a sale, closes a fiscal document or keeps a note. A coin cannot come back, so its step says so first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from device_drivers.contract.barcode_reader import CodeDamaged, CodeRead
from device_drivers.contract.bill_validator import CassetteInserted, CassetteRemoved, NoteReturned, NoteStacked
from device_drivers.contract.card_reader import CardInserted, CardRemoved, CardUnreadable
from device_drivers.contract.cash import CashItem
from device_drivers.contract.coin_acceptor import CoinAccepted, CoinAcceptor
from device_drivers.contract.document_printer import PagesFailed, PagesPrinted
from device_drivers.contract.door import DoorChanged
from device_drivers.contract.fiscal_printer import FiscalStateChanged
from device_drivers.contract.lights import LightMode
from device_drivers.contract.presence import PresenceChanged
from device_drivers.contract.receipt_printer import (
    Align,
    PairLine,
    QrLine,
    ReceiptPrinter,
    RuleLine,
    Slip,
    SlipFailed,
    SlipPrinted,
    TextLine,
)
from device_drivers.contract.sos import SosPressed
from device_drivers.contract.status import Fault
from device_drivers.contract.ups import Supply, SupplyChanged
from device_drivers.tools.a4_page import a4_page
from device_drivers.tools.walk import Facts, Step

LINK_S = 60.0
HAND_S = 120.0  # a person does something
PRINT_S = 30.0
JOB = "test-1"


def steps_for(device_class: str, options: Mapping[str, str]) -> Sequence[Step]:
    """The steps of a class that `DEVICE_CLASSES` names, as far as a device of these options has the parts for them."""
    if device_class == "lights":
        return [_link("лампы"), *(_light(name) for name in options)]
    steps = _STEPS[device_class]
    return [step for step in steps if not step.part or step.part in options]


def _link(what: str) -> Step:
    return Step(
        "связь",
        f"Проверяем связь: {what}. Ничего делать не нужно.",
        LINK_S,
        proof=lambda event, facts: _who(facts) if facts.online else None,
    )


def _who(facts: Facts) -> str:
    if facts.identity is None:
        return "устройство отвечает"
    return f"устройство отвечает: {facts.identity.model}, заводской номер {facts.identity.serial or 'не назван'}"


def _rubles(item: CashItem) -> str:
    rubles, kopecks = divmod(item.value_minor, 100)
    return f"{rubles} ₽" if not kopecks else f"{rubles},{kopecks:02} ₽"


# --- bill validator -----------------------------------------------------------------------------------------------


def _note_back(event: object, facts: Facts) -> str | None:
    return f"купюра {_rubles(event.cash_item)} узнана и возвращена" if isinstance(event, NoteReturned) else None


def _note_kept(event: object) -> str | None:
    if isinstance(event, NoteStacked):
        return f"купюра {_rubles(event.cash_item)} ушла в кассету: её выдадут при инкассации, запишите это"
    return None


_BILL_VALIDATOR = (
    _link("купюроприёмник"),
    Step(
        "приём купюры",
        "Вставьте любую купюру. Купюроприёмник узнает её и вернёт, деньги не зачисляются.",
        HAND_S,
        proof=_note_back,
        failure=_note_kept,
        begin=lambda session, facts: session.enable(facts.cash_items),
        end=lambda session: session.disable(),
    ),
    Step(
        "кассета снята",
        "Снимите кассету.",
        HAND_S,
        proof=lambda event, facts: "снятие кассеты замечено" if isinstance(event, CassetteRemoved) else None,
    ),
    Step(
        "кассета на месте",
        "Поставьте кассету на место.",
        HAND_S,
        proof=lambda event, facts: "кассета на месте" if isinstance(event, CassetteInserted) else None,
    ),
)


# --- coin acceptor ------------------------------------------------------------------------------------------------


def _open_for_coins(session: CoinAcceptor, facts: Facts) -> None:
    session.enable(facts.cash_items)


_COIN_ACCEPTOR = (
    _link("монетоприёмник"),
    Step(
        "приём монеты",
        "Опустите одну монету. Назад она не вернётся: запишите её, она останется в ящике до инкассации. "
        "Если монеты нет, введите «п».",
        HAND_S,
        proof=lambda event, facts: f"монета {_rubles(event.cash_item)}" if isinstance(event, CoinAccepted) else None,
        begin=_open_for_coins,
        end=lambda session: session.disable(),
    ),
)


# --- printers -----------------------------------------------------------------------------------------------------

TEST_SLIP = Slip(
    (
        TextLine("Проверка принтера", Align.CENTER, bold=True, large=True),
        RuleLine(),
        TextLine("Съешь же ещё этих мягких французских булок, да выпей чаю. 0123456789 №"),
        PairLine("Сумма", "0,00 ₽"),
        QrLine(b"test"),
        TextLine("Это не чек.", Align.CENTER),
    )
)


def _print_test(session: ReceiptPrinter, facts: Facts) -> None:
    session.print_slip(JOB, TEST_SLIP)


def _not_printed(event: object) -> str | None:
    return f"принтер не напечатал: {event.detail or event.failure.value}" if isinstance(event, SlipFailed) else None


_COVER_AND_PAPER = (
    Step(
        "крышка открыта",
        "Откройте крышку принтера.",
        HAND_S,
        proof=lambda event, facts: "открытая крышка замечена" if facts.has(Fault.COVER_OPEN) else None,
    ),
    Step(
        "крышка закрыта",
        "Закройте крышку принтера.",
        HAND_S,
        proof=lambda event, facts: "принтер снова готов" if facts.online else None,
    ),
)
_RECEIPT_PRINTER = (
    _link("чековый принтер"),
    Step(
        "печать",
        "Печатаем проверочный лист. Ничего делать не нужно.",
        PRINT_S,
        proof=lambda event, facts: "лист напечатан и отрезан" if isinstance(event, SlipPrinted) else None,
        failure=_not_printed,
        begin=_print_test,
    ),
    Step(
        "вид листа",
        "Посмотрите на лист: русские буквы читаются, строки не обрезаны, код читается телефоном? Enter: да, «н»: нет.",
        HAND_S,
        asks_person=True,
    ),
    *_COVER_AND_PAPER,
)


# --- fiscal printer and bank terminal -----------------------------------------------------------------------------


def _drive(event: object, facts: Facts) -> str | None:
    if not isinstance(event, FiscalStateChanged):
        return None
    expires = "неизвестно" if not event.drive_expires else _day_words(event.drive_expires)
    return (
        f"накопитель отвечает: смена {event.shift_number} ({event.shift.value}), последний документ {event.last_fd}, "
        f"срок накопителя {expires}, не передано документов: {event.unsent_documents}"
    )


def _day_words(day: str) -> str:
    """20270110 -> 10.01.2027."""
    return f"{day[6:8]}.{day[4:6]}.{day[:4]}"


_FISCAL_PRINTER = (
    Step(
        "накопитель",
        "Спрашиваем фискальный накопитель. Чеки не пробиваются, смена не открывается. Ничего делать не нужно.",
        LINK_S,
        proof=_drive,
    ),
    _link("фискальный регистратор"),
)
_PAYMENT_CARD_READER = (_link("банковский терминал. Оплаты и сверки эта проверка не делает"),)


# --- scanner ------------------------------------------------------------------------------------------------------


def _code_read(event: object, facts: Facts) -> str | None:
    """Its size alone: a bill's code is a customer's data."""
    return f"код прочитан, {len(event.payload)} байт" if isinstance(event, CodeRead) else None


_BARCODE_READER = (
    _link("сканер кодов"),
    Step(
        "чтение кода",
        "Поднесите к сканеру любую квитанцию с кодом.",
        HAND_S,
        proof=_code_read,
        failure=lambda event: f"код пришёл не целиком: {event.detail}" if isinstance(event, CodeDamaged) else None,
    ),
)


# --- UPS ----------------------------------------------------------------------------------------------------------


def _supply(event: object, supply: Supply, seen: str) -> str | None:
    return seen if isinstance(event, SupplyChanged) and event.supply is supply else None


_UPS = (
    _link("источник бесперебойного питания"),
    Step(
        "работа от батареи",
        "Выньте вилку источника из розетки. Терминал должен работать дальше.",
        HAND_S,
        proof=lambda event, facts: _supply(event, Supply.BATTERY, "переход на батарею замечен"),
    ),
    Step(
        "работа от сети",
        "Вставьте вилку обратно.",
        HAND_S,
        proof=lambda event, facts: _supply(event, Supply.MAINS, "сеть вернулась"),
    ),
)


# --- contacts and watchdog ----------------------------------------------------------------------------------------


def _level(wanted: DoorChanged | PresenceChanged, seen: str) -> Callable[[object, Facts], str | None]:
    return lambda event, facts: seen if facts.levels.get(type(wanted)) == wanted else None


_AUXILIARIES = (
    _link("плата кнопок и датчиков"),
    Step(
        "кнопка вызова помощи",
        "Нажмите кнопку SOS и держите две секунды. Охрану эта проверка не вызывает.",
        HAND_S,
        proof=lambda event, facts: "нажатие замечено" if event == SosPressed() else None,
        part="sos",
    ),
    Step(
        "дверь открыта",
        "Откройте дверь терминала.",
        HAND_S,
        proof=_level(DoorChanged(True), "открытая дверь замечена"),
        part="door",
    ),
    Step(
        "дверь закрыта",
        "Закройте дверь терминала.",
        HAND_S,
        proof=_level(DoorChanged(False), "закрытая дверь замечена"),
        part="door",
    ),
    Step(
        "человек у терминала",
        "Встаньте перед терминалом.",
        HAND_S,
        proof=_level(PresenceChanged(True), "человек замечен"),
        part="presence",
    ),
    Step(
        "у терминала никого",
        "Отойдите от терминала на два метра.",
        HAND_S,
        proof=_level(PresenceChanged(False), "уход замечен"),
        part="presence",
    ),
)
_WATCHDOG = (_link("сторожевая плата. Таймер эта проверка не запускает и питание не снимает"),)


# --- print service, card reader, lights ---------------------------------------------------------------------------

_DOCUMENT_PRINTER = (
    _link("принтер документов"),
    Step(
        "печать листа А4",
        "Печатаем лист с рамкой и двумя диагоналями. Ничего делать не нужно.",
        PRINT_S * 4,
        proof=lambda event, facts: "лист вышел" if isinstance(event, PagesPrinted) else None,
        failure=lambda event: f"лист не напечатан: {event.detail}" if isinstance(event, PagesFailed) else None,
        begin=lambda session, facts: session.print_pages(JOB, a4_page()),
    ),
    Step(
        "вид листа А4",
        "Посмотрите на лист: рамка цела со всех сторон, линии ровные и чёрные? Enter: да, «н»: нет.",
        HAND_S,
        asks_person=True,
    ),
)
_CARD_READER = (
    _link("считыватель карт"),
    Step(
        "карта вставлена",
        "Вставьте в считыватель любую карту или приложите её. С карты ничего не списывается.",
        HAND_S,
        proof=lambda event, facts: "карта отвечает" if isinstance(event, CardInserted) else None,
        failure=lambda event: "карта не отвечает" if isinstance(event, CardUnreadable) else None,
    ),
    Step(
        "карта убрана",
        "Уберите карту.",
        HAND_S,
        proof=lambda event, facts: "считыватель пуст" if isinstance(event, CardRemoved) else None,
    ),
)
_CAMERA = (
    _link("камера"),
    Step(
        "код перед камерой",
        "Поднесите к камере квитанцию с кодом на расстояние ладони.",
        HAND_S,
        proof=_code_read,
    ),
)


def _light(name: str) -> Step:
    return Step(
        f"лампа {name}",
        f"Мигает ли лампа «{name}»? Enter: да, «н»: нет.",
        HAND_S,
        asks_person=True,
        begin=lambda session, facts: session.set_light(name, LightMode.FLASH),
        end=lambda session: session.set_light(name, LightMode.OFF),
    )


_STEPS: Mapping[str, Sequence[Step]] = {
    "bill_validator": _BILL_VALIDATOR,
    "coin_acceptor": _COIN_ACCEPTOR,
    "receipt_printer": _RECEIPT_PRINTER,
    "fiscal_printer": _FISCAL_PRINTER,
    "payment_card_reader": _PAYMENT_CARD_READER,
    "barcode_reader": _BARCODE_READER,
    "ups": _UPS,
    "auxiliaries": _AUXILIARIES,
    "watchdog": _WATCHDOG,
    "document_printer": _DOCUMENT_PRINTER,
    "camera": _CAMERA,
    "card_reader": _CARD_READER,
}
