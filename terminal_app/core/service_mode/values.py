"""What service mode is told, asks for and knows. Values only."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from signaling_server.contract.messages import DeviceReport
from signaling_server.contract.readiness import Readiness, ReadinessReport
from terminal_app.core.collectors import Role
from terminal_app.ipc.messages import CustomerActive, EndTraining
from terminal_app.ipc.pages import NOTHING, Choose, Enter, Pair, Phrase
from terminal_app.ipc.service_messages import EncashmentState, ServiceToCore


class Place(enum.StrEnum):
    """Where the technician or the collector is. OFF: a customer's terminal."""

    OFF = ""
    CARD = "service_card"
    CARD_TYPED = "service_card_typed"
    PIN = "service_pin"
    MENU = "service_menu"
    READINESS = "service_readiness"
    DEVICES = "service_devices"
    DEVICE = "service_device"
    CAMERA = "service_camera"
    SOUND = "service_sound"
    PAPER = "service_paper"
    REPORT = "service_report"
    NETWORK = "service_network"
    SHIFT = "service_shift"
    BUNDLE = "service_bundle"
    SEAL = "service_seal"
    ENCASHMENT = "service_encashment"
    SLIP = "service_slip"
    TRAINING = "service_training"


class Test(enum.StrEnum):
    """What a device can be tried by. None of these takes, credits or gives out money."""

    LINK = "link"  # whether it speaks
    SLIP = "slip"  # a slip that says that it is no receipt
    LAMPS = "lamps"
    CAMERA = "camera"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Shift:
    """Of the fiscal register, as it last said."""

    known: bool = False
    open: bool = False
    number: int = 0
    hours: int = 0
    unsent: int = 0


_READY = ReadinessReport(Readiness.READY)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of the terminal at this moment."""

    devices: tuple[DeviceReport, ...] = ()
    fiscal: bool = False
    shift: Shift = Shift()
    readiness: ReadinessReport = _READY
    paper: tuple[bytes, ...] = ()  # PNG of each step of changing the paper


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a question."""

    good: bool
    sentence: Phrase = NOTHING
    pairs: tuple[Pair, ...] = ()
    qr: str = ""


@dataclass(frozen=True, slots=True)
class Mode:
    """`Mode()` is off; only the guard of the door is kept then."""

    place: Place = Place.OFF
    card_id: str = field(default="", repr=False)
    role: Role = Role.TECHNICIAN  # of the card
    who: str = ""  # empty before the PIN
    trouble: Phrase = NOTHING
    device: str = ""
    result: Result | None = None
    sheet: int = 0  # of the paper guide
    desk: EncashmentState | None = None
    busy: bool = False
    asked: int = 0
    active_at_s: float = 0.0
    left_s: int = 0
    wrong: int = 0
    shut_until_s: float = 0.0


# --- events -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; about four times a second."""


@dataclass(frozen=True, slots=True)
class LogoHeld:
    """The hidden gesture: a finger stayed on the logo. `reader`: a card reader works here."""

    reader: bool = False


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card in the reader, by its number. `role`: whose it would be."""

    card_id: str = field(repr=False)
    role: Role = Role.TECHNICIAN


@dataclass(frozen=True, slots=True)
class CardTyped:
    """The same by hand, where no reader works."""

    card_id: str = field(repr=False)
    role: Role = Role.TECHNICIAN


@dataclass(frozen=True, slots=True)
class Checked:
    """The PIN fits: `who` it is. Empty: it does not, `trouble` says what to do."""

    asked: int
    who: str = ""
    trouble: Phrase = NOTHING


@dataclass(frozen=True, slots=True)
class Answered:
    asked: int
    result: Result


@dataclass(frozen=True, slots=True)
class DeskTold:
    """Where the collector's conversation is (core/service.py)."""

    state: EncashmentState


@dataclass(frozen=True, slots=True)
class TrainingTold:
    """The training stand is ready, or it could not be started or fell."""

    ready: bool


@dataclass(frozen=True, slots=True)
class Back:
    pass


@dataclass(frozen=True, slots=True)
class Leave:
    """«Завершить», or the terminal cannot stay in service mode."""


Event = (
    Tick
    | LogoHeld
    | CardShown
    | CardTyped
    | Checked
    | Answered
    | DeskTold
    | TrainingTold
    | EndTraining
    | Back
    | Leave
    | Choose
    | Enter
    | CustomerActive
)

# --- effects ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Of a technician. Answered by `Checked`."""

    asked: int
    card_id: str = field(repr=False)
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindCard:
    """A number was typed. Answered by `CardTyped`."""

    card_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TryDevice:
    """Answered by `Answered`."""

    asked: int
    device: str
    test: Test


class Wanted(enum.StrEnum):
    REPORT = "report"
    REPORT_SLIP = "report_slip"
    NETWORK = "network"
    BUNDLE = "bundle"
    SHIFT_OPEN = "shift_open"
    SHIFT_CLOSE = "shift_close"


@dataclass(frozen=True, slots=True)
class Ask:
    """Answered by `Answered`."""

    asked: int
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class TakeDesk:
    """The collector's conversation is led on this screen from now on."""


@dataclass(frozen=True, slots=True)
class ToDesk:
    """Answered by `DeskTold`, as often as something changes."""

    message: ServiceToCore


@dataclass(frozen=True, slots=True)
class CallDesk:
    """A call to the consultants, said to be a test."""

    who: str


@dataclass(frozen=True, slots=True)
class SetCamera:
    on: bool


@dataclass(frozen=True, slots=True)
class SetTraining:
    """The training stand is started or thrown away. Answered by `TrainingTold`."""

    on: bool


@dataclass(frozen=True, slots=True)
class Acted:
    """For the journal, and so for the office: who did what."""

    who: str
    role: Role
    act: str
    detail: str = ""


Effect = CheckPin | FindCard | TryDevice | Ask | TakeDesk | ToDesk | CallDesk | SetCamera | SetTraining | Acted
