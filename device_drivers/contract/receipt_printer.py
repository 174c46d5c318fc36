"""Receipt printer (XFS4IoT Printer). A slip is a value; its bytes are the driver's business."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.status import Identified, StatusChanged


class Align(enum.Enum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class TextLine:
    """One paragraph; the driver wraps it at the paper's width by whole words."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    large: bool = False  # double height and width


@dataclass(frozen=True, slots=True)
class PairLine:
    """A name at the left edge and a value at the right one: `Сумма ........ 500,00`."""

    name: str
    value: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class QrLine:
    """A QR code; `module_px` is the size of one module in printer dots (1..16)."""

    data: bytes
    module_px: int = 6


SlipLine = TextLine | PairLine | RuleLine | QrLine


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed and cut as one piece of paper."""

    lines: tuple[SlipLine, ...]


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The slip left the mechanism whole."""

    job_id: str


class PrintFailure(enum.Enum):
    NOT_STARTED = "not_started"  # nothing is on paper: safe to print again
    OUTCOME_UNKNOWN = "outcome_unknown"  # part of it may be on paper: a repeat is marked КОПИЯ


@dataclass(frozen=True, slots=True)
class SlipFailed:
    """The slip was not printed whole."""

    job_id: str
    failure: PrintFailure
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SlipTaken:
    """The customer has the slip. Only printers with a presenter tell; follows `SlipPrinted`."""

    job_id: str


@dataclass(frozen=True, slots=True)
class SlipNotTaken:
    """Nobody took the slip in its time: it was drawn back, so that the next customer does not find it."""

    job_id: str


ReceiptPrinterEvent = SlipPrinted | SlipFailed | SlipTaken | SlipNotTaken | Identified | StatusChanged


class ReceiptPrinter(Protocol):
    """Verbs of a receipt printer."""

    def print_slip(self, job_id: str, slip: Slip) -> None:
        """Queue a slip. Answered by exactly one `SlipPrinted` or `SlipFailed` with this `job_id`."""
