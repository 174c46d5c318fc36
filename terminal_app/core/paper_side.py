"""Papers of a call beyond core: stills to the office, pages of a document from it, pages onto sheets of A4."""

from __future__ import annotations

import asyncio
import io
import logging
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

from PIL import Image

from device_drivers.contract.document_printer import (
    DocumentPrinterEvent,
    PagesFailed,
    PagesPrinted,
)
from device_drivers.contract.status import DeviceState
from signaling_server.contract.documents import PAGE_SIZE_MAX
from terminal_app.core.call_document import READY, FetchPage, PageFetched, PrintSheets, SheetsPrinted
from terminal_app.core.call_still import NO_ANSWER, BringStill, StillBrought
from terminal_app.core.call_values import PaperEffect
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.papers import is_picture
from terminal_app.core.site_devices import SiteDevices
from terminal_app.core.state import may_work

DEVICE = "document_printer"
A4_INCHES = (8.27, 11.69)
DPI = 150
_log = logging.getLogger(__name__)

Told = StillBrought | PageFetched | SheetsPrinted


class PaperSide:
    """`tell` hears what came of each effect, once."""

    def __init__(
        self, office: OfficeSide, site: SiteDevices, devices: DeviceManager, tell: Callable[[Told], None]
    ) -> None:
        self._office = office
        self._printer = site.document_printer
        site.on_pages = self.on_pages
        self._devices = devices
        self._tell = tell
        self._printing: dict[str, str] = {}  # documents by job
        self._running: set[asyncio.Task[None]] = set()

    def printer(self) -> str:
        """Of sheets: empty where there is none; ready, or its fault."""
        if self._printer is None:
            return ""
        state = self._devices.state(DEVICE)
        return READY if may_work(state) else self._fault(state)

    def _fault(self, state: DeviceState) -> str:
        fault = self._devices.fault(DEVICE).value
        return fault if fault != "none" else state.value

    def do(self, effect: PaperEffect) -> None:
        match effect:
            case BringStill():
                self._run(self._bring(effect))
            case FetchPage():
                self._run(self._fetch(effect))
            case PrintSheets():
                self._run(self._print(effect))

    def on_pages(self, event: DocumentPrinterEvent) -> None:
        """From the printer."""
        if isinstance(event, PagesPrinted | PagesFailed) and event.job_id in self._printing:
            if isinstance(event, PagesFailed):
                _log.warning("sheets are not printed: %s %s", event.failure.value, event.detail)
            self._tell(SheetsPrinted(self._printing.pop(event.job_id), isinstance(event, PagesPrinted)))

    async def _bring(self, still: BringStill) -> None:
        try:
            status = await self._office.put(still.path, still.content)
        except OSError as error:
            _log.warning("a still is not brought: %s", error)
            status = NO_ANSWER
        self._tell(StillBrought(still.still_id, status))

    async def _fetch(self, page: FetchPage) -> None:
        try:
            content = await self._office.get(f"{page.path}/{page.number}", PAGE_SIZE_MAX)
        except OSError as error:
            _log.warning("a page is not fetched: %s", error)
            content = b""
        good = bool(content) and await asyncio.to_thread(is_picture, content)
        self._tell(PageFetched(page.document_id, page.number, content if good else b""))

    async def _print(self, sheets: PrintSheets) -> None:
        pdf, job_id = await asyncio.to_thread(pdf_of, sheets.pages), f"document-{uuid.uuid4()}"
        assert self._printer is not None, "a document is printed where there is a printer"
        self._printing[job_id] = sheets.document_id
        self._printer.print_pages(job_id, pdf)

    def _run(self, job: Coroutine[Any, Any, None]) -> None:
        running = asyncio.create_task(job)
        self._running.add(running)
        running.add_done_callback(self._running.discard)


def pdf_of(pages: tuple[bytes, ...]) -> bytes:
    """Each page on a sheet of A4, as large as fits; a lying page lies."""
    sheets = []
    for page in pages:
        picture = Image.open(io.BytesIO(page)).convert("RGB")
        lies = picture.width > picture.height
        width, height = (round(inches * DPI) for inches in (reversed(A4_INCHES) if lies else A4_INCHES))
        scale = min(width / picture.width, height / picture.height)
        fitted = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
        sheet = Image.new("RGB", (width, height), "white")
        sheet.paste(fitted, ((width - fitted.width) // 2, (height - fitted.height) // 2))
        sheets.append(sheet)
    pdf = io.BytesIO()
    sheets[0].save(pdf, "PDF", resolution=DPI, save_all=True, append_images=sheets[1:])
    return pdf.getvalue()
