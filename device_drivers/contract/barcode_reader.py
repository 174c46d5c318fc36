"""Barcode reader (XFS4IoT BarcodeReader): a scanner that speaks when something is held before it. It has no verbs."""

from __future__ import annotations

from dataclasses import dataclass, field

from device_drivers.contract.status import StatusChanged


@dataclass(frozen=True, slots=True)
class CodeRead:
    """One code, its bytes untouched (a bill may be cp1251, UTF-8 or KOI8-R). A customer's data: never logged."""

    payload: bytes = field(repr=False)
    symbology: str = ""  # AIM identifier as Q1, where the scanner is set to send it


@dataclass(frozen=True, slots=True)
class CodeDamaged:
    """Something was read and did not arrive whole: the customer is asked to hold it up again."""

    detail: str


BarcodeReaderEvent = CodeRead | CodeDamaged | StatusChanged
