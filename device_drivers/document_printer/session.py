"""A document printer, watched job by job to its end. Told the time; blocking only in its port: a thread of its own.

A job that is not through within its limit is cancelled: nobody wants his papers printed for the next customer.
A probe only reads the printer's attributes.
"""

from __future__ import annotations

import contextlib
import queue
from dataclasses import dataclass, field

from device_drivers.contract.document_printer import DocumentPrinterEvent, PagesFailed, PagesPrinted
from device_drivers.contract.errors import LineLostError, PeerProtocolError
from device_drivers.contract.receipt_printer import PrintFailure
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.document_printer import ipp
from device_drivers.document_printer.ipp import Answer, Attribute, IppError, JobState, Operation, PrinterState
from device_drivers.document_printer.port import IppPort
from device_drivers.status_teller import StatusTeller

STATUS_PERIOD_S = 3.0
JOB_PERIOD_S = 0.5
JOB_S_MAX = 120.0
JOBS_MAX = 4
CANCELS_MAX = 16
PDF_SIZE_MAX = 20 << 20
_STATUS_WORDS = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "printer-make-and-model")
# The gravest first: (begin of the reason, state, fault). A reason may end in -report, -warning or -error.
_REASONS = (
    ("cover-open", DeviceState.USER_ERROR, Fault.COVER_OPEN),
    ("door-open", DeviceState.USER_ERROR, Fault.COVER_OPEN),
    ("media-jam", DeviceState.USER_ERROR, Fault.JAMMED),
    ("media-empty", DeviceState.USER_ERROR, Fault.PAPER_OUT),
    ("media-needed", DeviceState.USER_ERROR, Fault.PAPER_OUT),
    ("toner-empty", DeviceState.USER_ERROR, Fault.FAILED),
    ("marker-supply-empty", DeviceState.USER_ERROR, Fault.FAILED),
    ("offline", DeviceState.OFFLINE, Fault.NO_ANSWER),
    ("connecting-to-device", DeviceState.OFFLINE, Fault.NO_ANSWER),
    ("paused", DeviceState.OFFLINE, Fault.PAUSED),
    ("media-low", DeviceState.ONLINE, Fault.PAPER_LOW),
)


@dataclass(slots=True)
class _Job:
    """The job at the print service."""

    job_id: str
    number: int
    limit_s: float
    began: bool = field(default=False)  # a sheet may be out


class CupsPrinterSession:
    """Implements the verb of `DocumentPrinter`; `step` is called again and again by its thread."""

    def __init__(self, port: IppPort, printer_uri: str) -> None:
        self._port = port
        self._uri = printer_uri
        self._waiting: queue.Queue[tuple[str, bytes]] = queue.Queue(JOBS_MAX)
        self._refused: queue.SimpleQueue[PagesFailed] = queue.SimpleQueue()
        self._status = StatusTeller()
        self._state = StatusChanged(DeviceState.OFFLINE, Fault.STARTING)
        self._told_identity: Identified | None = None
        self._job: _Job | None = None
        self._to_cancel: list[int] = []
        self._request_id = 0
        self._next_status_s = self._next_job_s = 0.0

    def print_pages(self, job_id: str, pdf: bytes) -> None:
        """Queue a PDF, from any thread."""
        if not pdf.startswith(b"%PDF-") or len(pdf) > PDF_SIZE_MAX:
            self._refused.put(PagesFailed(job_id, PrintFailure.NOT_STARTED, "no PDF, or one of more than 20 MB"))
            return
        try:
            self._waiting.put_nowait((job_id, pdf))
        except queue.Full:
            self._refused.put(PagesFailed(job_id, PrintFailure.NOT_STARTED, f"{JOBS_MAX} documents wait already"))

    def step(self, now_s: float) -> list[DocumentPrinterEvent]:
        """Does what is due; the events of it."""
        events: list[DocumentPrinterEvent] = []
        while not self._refused.empty():
            events.append(self._refused.get_nowait())
        wants_job = self._job is None and not self._waiting.empty()
        if now_s >= self._next_status_s or wants_job:
            self._next_status_s = now_s + STATUS_PERIOD_S
            events += self._look_at_printer()
        if wants_job:
            events += self._begin(*self._waiting.get_nowait(), now_s)
        elif self._job is not None and now_s >= self._next_job_s:
            self._next_job_s = now_s + JOB_PERIOD_S
            events += self._look_at_job(self._job, now_s)
        return events

    def wakes_at_s(self) -> float:
        """When something is due next; a queued document is due at once."""
        if self._job is None:
            return self._next_status_s if self._waiting.empty() else 0.0
        return min(self._next_status_s, self._next_job_s)

    def close(self) -> None:
        """A document that is not through is taken from the printer: its customer is gone."""
        if self._job is not None:
            self._to_cancel.append(self._job.number)
        with contextlib.suppress(LineLostError, PeerProtocolError):
            self._cancel_leftovers()

    # --- the printer -------------------------------------------------------------------------------------------

    def _look_at_printer(self) -> list[DocumentPrinterEvent]:
        asked = Attribute(ipp.KEYWORD, "requested-attributes", _STATUS_WORDS)
        try:
            answer = self._ask(Operation.GET_PRINTER_ATTRIBUTES, asked)
            self._cancel_leftovers()
        except LineLostError:
            self._state = StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
        except PeerProtocolError as error:
            self._state = StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER, str(error))
        else:
            self._state = _status_of(answer)
            return [*self._status.tell(self._state), *self._identity(answer)]
        return [*self._status.tell(self._state)]

    def _identity(self, answer: Answer) -> list[Identified]:
        identity = Identified(" ".join(answer.words("printer-make-and-model")), "")
        if not answer.good or identity == self._told_identity:
            return []
        self._told_identity = identity
        return [identity]

    # --- the job -----------------------------------------------------------------------------------------------

    def _begin(self, job_id: str, pdf: bytes, now_s: float) -> list[DocumentPrinterEvent]:
        if self._state.state is not DeviceState.ONLINE:
            detail = f"{self._state.state.value}, {self._state.fault.value}"
            return [PagesFailed(job_id, PrintFailure.NOT_STARTED, detail)]
        name = Attribute(ipp.NAME, "job-name", (job_id,))
        kind = Attribute(ipp.MIME, "document-format", ("application/pdf",))
        try:
            answer = self._ask(Operation.PRINT_JOB, name, kind, document=pdf)
        except LineLostError as error:
            return [PagesFailed(job_id, PrintFailure.NOT_STARTED, str(error))]
        except PeerProtocolError as error:
            return [PagesFailed(job_id, PrintFailure.OUTCOME_UNKNOWN, str(error))]
        number = answer.number("job-id")
        if not answer.good or number is None:
            return [PagesFailed(job_id, PrintFailure.NOT_STARTED, f"refused with {answer.status:04x}")]
        self._job, self._next_job_s = _Job(job_id, number, now_s + JOB_S_MAX), now_s
        return []

    def _look_at_job(self, job: _Job, now_s: float) -> list[DocumentPrinterEvent]:
        asked = Attribute(ipp.KEYWORD, "requested-attributes", ("job-state", "job-state-reasons"))
        try:
            answer = self._ask(Operation.GET_JOB_ATTRIBUTES, _number_of(job.number), asked)
        except (LineLostError, PeerProtocolError):
            return self._end_late(job, "the print service is gone") if now_s >= job.limit_s else []
        state, reasons = answer.number("job-state"), " ".join(answer.words("job-state-reasons"))
        if state == JobState.COMPLETED:
            self._job = None
            return [PagesPrinted(job.job_id)]
        if not answer.good or state in (JobState.CANCELED, JobState.ABORTED):
            self._job = None
            failure = PrintFailure.OUTCOME_UNKNOWN if job.began or not answer.good else PrintFailure.NOT_STARTED
            return [PagesFailed(job.job_id, failure, reasons or f"answered with {answer.status:04x}")]
        job.began = job.began or state not in (JobState.PENDING, JobState.HELD)
        return self._end_late(job, reasons) if now_s >= job.limit_s else []

    def _end_late(self, job: _Job, detail: str) -> list[DocumentPrinterEvent]:
        self._job = None
        self._to_cancel = [*self._to_cancel, job.number][-CANCELS_MAX:]
        self._next_status_s = 0.0  # which cancels it
        text = f"not through after {JOB_S_MAX:.0f} s: {detail}"
        return [PagesFailed(job.job_id, PrintFailure.OUTCOME_UNKNOWN, text)]

    def _cancel_leftovers(self) -> None:
        """What was given up is taken from the printer as soon as the print service hears us."""
        while self._to_cancel:
            self._ask(Operation.CANCEL_JOB, _number_of(self._to_cancel[0]))
            del self._to_cancel[0]

    def _ask(self, operation: Operation, *attributes: Attribute, document: bytes = b"") -> Answer:
        self._request_id = self._request_id % 0x7FFFFFFF + 1
        place = Attribute(ipp.URI, "printer-uri", (self._uri,))
        ours = tuple(attribute for attribute in attributes if attribute.name == "job-id")
        rest = tuple(attribute for attribute in attributes if attribute.name != "job-id")
        user = Attribute(ipp.NAME, "requesting-user-name", ("terminal",))
        request = ipp.encode(operation, self._request_id, (place, *ours, user, *rest), document)
        try:
            return ipp.decode(self._port.post(request))
        except IppError as error:
            raise PeerProtocolError(str(error), device=self._uri) from error


def _number_of(job: int) -> Attribute:
    return Attribute(ipp.INTEGER, "job-id", (job,))


def _status_of(answer: Answer) -> StatusChanged:
    """The state of the printer; the gravest reason wins."""
    if not answer.good:
        return StatusChanged(DeviceState.NO_DEVICE, Fault.NO_ANSWER, f"the queue answers with {answer.status:04x}")
    reasons = answer.words("printer-state-reasons")
    detail = " ".join(reason for reason in reasons if reason != "none")
    for begin, state, fault in _REASONS:
        if any(reason.startswith(begin) for reason in reasons):
            return StatusChanged(state, fault, detail)
    if answer.number("printer-state") == PrinterState.STOPPED:
        return StatusChanged(DeviceState.OFFLINE, Fault.PAUSED, detail)
    if answer.attributes.get("printer-is-accepting-jobs", (True,))[0] is False:
        return StatusChanged(DeviceState.OFFLINE, Fault.PAUSED, "takes no jobs")
    return StatusChanged(DeviceState.ONLINE)
