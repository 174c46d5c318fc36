"""Document printer (XFS4IoT Printer) for A4 sheets: an act, a contract, an answer to a letter. Verbs only queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.receipt_printer import PrintFailure
from device_drivers.contract.status import Identified, StatusChanged


@dataclass(frozen=True, slots=True)
class PagesPrinted:
    """All sheets left the printer, as far as the print service knows."""

    job_id: str


@dataclass(frozen=True, slots=True)
class PagesFailed:
    """Not all sheets were printed. What was left of the job is cancelled: it is no longer this customer's turn."""

    job_id: str
    failure: PrintFailure
    detail: str = ""


DocumentPrinterEvent = PagesPrinted | PagesFailed | Identified | StatusChanged


class DocumentPrinter(Protocol):
    """Verbs of a document printer."""

    def print_pages(self, job_id: str, pdf: bytes) -> None:
        """Queue a PDF. Answered by exactly one `PagesPrinted` or `PagesFailed` with this `job_id`."""
