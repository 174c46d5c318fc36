"""What service mode shows, as pages of the same kinds that the services show. Pure.

Words of the collector's steps are core's own (core/service.py), all others are keys of ui's catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from device_drivers.contract.status import DeviceState
from signaling_server.contract.messages import DeviceReport
from signaling_server.contract.readiness import Lack, Readiness
from terminal_app.core.service_mode.mode import PARENTS, SHEETS
from terminal_app.core.service_mode.values import Facts, Mode, Place, Result, Wanted
from terminal_app.ipc.pages import NOTHING, Choice, Entry, EntryKind, Page, PageKind, Pair, Part, Phrase, Tone
from terminal_app.ipc.service_messages import EncashmentStage

CARD_LENGTH_MAX = 64
PIN_LENGTH_MAX = 12
SEAL_LENGTH_MAX = 30
_GAP = re.compile(r"\s{2,}")  # between the name and the value on a line of a slip
_WELL = ("online", "device_busy")
_NO_DEVICE = ("power", "cash", "billing", "office")  # what is lacking beside devices
_STATES = frozenset(state.value for state in DeviceState)


def page_of(mode: Mode, facts: Facts) -> Page | None:
    """None: service mode is off."""
    make = _PAGES.get(mode.place)
    return make(mode, facts) if make is not None else None


def _card(mode: Mode, facts: Facts) -> Page:
    return _page(mode, PageKind.SUMMARY)


def _card_typed(mode: Mode, facts: Facts) -> Page:
    return _page(mode, PageKind.ENTRY, entry=Entry(EntryKind.EMAIL, length_max=CARD_LENGTH_MAX))


def _pin(mode: Mode, facts: Facts) -> Page:
    entry = Entry(EntryKind.DIGITS, length_max=PIN_LENGTH_MAX, length_min=4, error=mode.trouble, secret=True)
    return _page(mode, PageKind.ENTRY, entry=entry)


def _menu(mode: Mode, facts: Facts) -> Page:
    keys = ["readiness", "devices", "call", "paper", "report", "network"]
    keys += [*(["shift"] if facts.fiscal else []), "bundle", "training"]
    return _page(mode, PageKind.LIST, choices=[Choice(key) for key in keys])


def _readiness(mode: Mode, facts: Facts) -> Page:
    """The whole in one sentence, then what is lacking and why; it changes by itself as the devices do."""
    told = facts.readiness
    return _page(
        mode,
        PageKind.SUMMARY,
        title=Phrase(f"service_readiness.{told.state}"),
        sentence=Phrase(f"service_readiness.{told.state}.hint"),
        tone=Tone.GOOD if told.state is Readiness.READY else Tone.WARN,
        pairs=[_lack(lack) for lack in told.lacks],
    )


def _lack(lack: Lack) -> Pair:
    if lack.what in _NO_DEVICE:
        return Pair(Phrase(f"service.lack.{lack.what}"), Phrase(f"service.why.{lack.why}"))
    return Pair(Phrase(f"service.device.{lack.what}"), _word(lack.why))


def _word(why: str) -> Phrase:
    return Phrase(f"service.state.{why}" if why in _STATES else f"service.fault.{why}")


# --- devices --------------------------------------------------------------------------------------------------------


def _devices(mode: Mode, facts: Facts) -> Page:
    fitted = [device for device in facts.devices if device.fitted]
    choices = [
        Choice(each.device_class, Phrase(f"service.device.{each.device_class}"), _state(each)) for each in fitted
    ]
    return _page(mode, PageKind.LIST, choices=choices)


def _state(device: DeviceReport) -> Phrase:
    """In plain words: the fault where the device names one, else the state."""
    return _word(device.state if device.fault == "none" else device.fault)


def _device(mode: Mode, facts: Facts) -> Page:
    device = next((each for each in facts.devices if each.device_class == mode.device), None)
    if device is None:
        return _page(mode, PageKind.SUMMARY, title=Phrase("service.device.gone"), tone=Tone.WARN)
    pairs = [Pair(Phrase("service.field.state"), _state(device))]
    pairs += _said(("model", device.model), ("serial", device.serial), ("detail", device.detail))
    for unit in device.storage:
        pairs.append(Pair(Phrase("service.field.storage"), Phrase(f"service.storage.{unit.status}")))
    well = device.state in _WELL
    return _page(
        mode,
        PageKind.SUMMARY,
        title=Phrase(f"service.device.{mode.device}"),
        sentence=mode.result.sentence if mode.result is not None else NOTHING,
        tone=_tone(mode.result) if mode.result is not None else Tone.GOOD if well else Tone.WARN,
        pairs=pairs,
        choices=[Choice("test")],
    )


def _said(*named: tuple[str, str]) -> list[Pair]:
    return [Pair(Phrase(f"service.field.{name}"), Phrase(text=text)) for name, text in named if text]


def _camera(mode: Mode, facts: Facts) -> Page:
    return _page(mode, PageKind.PHOTO, choices=[Choice("works"), Choice("fails")])


def _sound(mode: Mode, facts: Facts) -> Page:
    return _page(mode, PageKind.SUMMARY, choices=[Choice("works"), Choice("fails")])


# --- paper, reports, network, shift, bundle ---------------------------------------------------------------------------


def _paper(mode: Mode, facts: Facts) -> Page:
    number = mode.sheet + 1
    step = Phrase(f"service_paper.step_{number}")
    last = number == SHEETS
    return _page(
        mode,
        PageKind.TEXT,
        sentence=Phrase("service_paper.number", {"number": str(number), "of": str(SHEETS)}),
        parts=[Part(text=step), *[Part(picture=picture) for picture in facts.paper[mode.sheet : number]]],
        choices=[Choice("next", Phrase("service_paper.try" if last else "service_paper.next"))],
    )


def _answer(mode: Mode, facts: Facts) -> Page:
    """A question was asked when this page was opened; its answer is shown."""
    result = mode.result or Result(good=True)
    prints = mode.place is Place.REPORT and bool(result.pairs)
    return _page(
        mode,
        PageKind.SUMMARY,
        sentence=result.sentence,
        tone=Tone.PLAIN if result.good else Tone.WARN,
        pairs=list(result.pairs),
        qr=result.qr,
        choices=[Choice("print")] if prints else [],
    )


def _training(mode: Mode, facts: Facts) -> Page:
    """Before the stand is ready, and when it is not to be had; else its own screens are shown."""
    failed = mode.result is not None
    sentence = mode.result.sentence if mode.result is not None else Phrase("service_training.preparing")
    return _page(mode, PageKind.SUMMARY, sentence=sentence, tone=Tone.WARN if failed else Tone.PLAIN)


def _shift(mode: Mode, facts: Facts) -> Page:
    shift = facts.shift
    if not shift.known:
        return _page(mode, PageKind.SUMMARY, tone=Tone.WARN, sentence=Phrase("service_shift.unknown"))
    pairs = _said(("shift", str(shift.number)), ("hours", str(shift.hours)), ("unsent", str(shift.unsent)))
    state = Phrase("service_shift.open" if shift.open else "service_shift.closed")
    wanted = Wanted.SHIFT_CLOSE if shift.open else Wanted.SHIFT_OPEN
    return _page(
        mode,
        PageKind.SUMMARY,
        sentence=mode.result.sentence if mode.result is not None else state,
        tone=_tone(mode.result) if mode.result is not None else Tone.PLAIN,
        pairs=[Pair(Phrase("service.field.state"), state), *pairs],
        choices=[Choice(wanted.value)],
    )


# --- the collector ----------------------------------------------------------------------------------------------------


def _seal(mode: Mode, facts: Facts) -> Page:
    trouble = Phrase(text=mode.desk.trouble) if mode.desk is not None else NOTHING
    return _page(mode, PageKind.ENTRY, entry=Entry(EntryKind.TEXT, length_max=SEAL_LENGTH_MAX, error=trouble))


def _encashment(mode: Mode, facts: Facts) -> Page:
    assert mode.desk is not None
    stage = mode.desk.stage
    done = stage is EncashmentStage.DONE
    may_copy = stage in (EncashmentStage.REMOVE, EncashmentStage.INSERT, EncashmentStage.DONE)
    choices = [Choice("finish")] if done else []
    choices += [Choice("copy")] if may_copy else []
    choices += [Choice("slip")] if mode.desk.slip else []
    trouble = [Pair(Phrase("service.field.trouble"), Phrase(text=mode.desk.trouble))] if mode.desk.trouble else []
    return _page(
        mode,
        PageKind.SUMMARY,
        title=Phrase(text=mode.desk.words),
        sentence=Phrase(f"service_encashment.{stage.value}"),
        tone=Tone.WARN if trouble else Tone.GOOD if done else Tone.PLAIN,
        pairs=[Pair(Phrase("service.field.collector"), Phrase(text=mode.desk.collector)), *trouble],
        choices=choices,
    )


def _slip(mode: Mode, facts: Facts) -> Page:
    """For who has no paper: a line of the slip is a row."""
    slip = mode.desk.slip if mode.desk is not None else ""
    rows = [_GAP.split(line.strip(), maxsplit=1) for line in slip.splitlines() if line.strip(" -─")]
    return _page(mode, PageKind.TEXT, parts=[Part(rows=rows)])


def _tone(result: Result) -> Tone:
    return Tone.GOOD if result.good else Tone.WARN


def _page(
    mode: Mode,
    kind: PageKind,
    *,
    title: Phrase = NOTHING,
    sentence: Phrase = NOTHING,
    tone: Tone = Tone.PLAIN,
    pairs: list[Pair] | None = None,
    parts: list[Part] | None = None,
    choices: list[Choice] | None = None,
    entry: Entry | None = None,
    qr: str = "",
) -> Page:
    return Page(
        mode.place.value,
        kind,
        title=title,
        sentence=sentence,
        tone=tone,
        pairs=pairs or [],
        parts=parts or [],
        choices=choices or [],
        entry=entry,
        qr=qr,
        back=mode.place in PARENTS,
    )


_PAGES: Mapping[Place, Callable[[Mode, Facts], Page]] = {
    Place.CARD: _card,
    Place.CARD_TYPED: _card_typed,
    Place.PIN: _pin,
    Place.MENU: _menu,
    Place.READINESS: _readiness,
    Place.DEVICES: _devices,
    Place.DEVICE: _device,
    Place.CAMERA: _camera,
    Place.SOUND: _sound,
    Place.PAPER: _paper,
    Place.REPORT: _answer,
    Place.NETWORK: _answer,
    Place.SHIFT: _shift,
    Place.BUNDLE: _answer,
    Place.SEAL: _seal,
    Place.ENCASHMENT: _encashment,
    Place.SLIP: _slip,
    Place.TRAINING: _training,
}
