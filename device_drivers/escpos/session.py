"""ESC/POS host session of a receipt printer: pure, single-threaded, told the time. Driven by `pump`.

Source: ESC/POS paper, "Job discipline for a kiosk". A job: status; the slip in slices of whole commands; GS r, which
is answered when all of it is on paper; cut and GS r again; status again. A job that failed after its first byte
leaves the printer `torn`: before the next one the remainder is cut off and its late markers are waited for.
"""

from __future__ import annotations

import enum
import math
from collections import deque
from dataclasses import dataclass

from device_drivers.contract.receipt_printer import PrintFailure, ReceiptPrinterEvent, Slip, SlipFailed, SlipPrinted
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.escpos import commands, status
from device_drivers.escpos.commands import Paper, SlipError
from device_drivers.escpos.presenter import PRESENT, RETRACT, Presenter
from device_drivers.escpos.status import PrinterStatus

STATUS_PERIOD_S = 1.0
ANSWER_S = 0.5  # a real-time answer comes at once, also with a full buffer
LATE_ANSWER_S = 0.2  # what comes this soon after a time-out is dropped
TRIES_MAX = 3
JOBS_MAX = 8
SLICE_SIZE = 256
BYTE_WIRE_S = 1 / 1920  # 19200 baud: the next slice leaves when this one is through
PRINT_S_MAX = 60.0  # from the last slice to its marker, and for an XOFF
MARKER_QUIET_S = 3.0  # markers of a torn job may come this late after the first
IDENTITY_SIZE_MAX = 64


class Phase(enum.Enum):
    """Where the job is."""

    IDLE = enum.auto()
    CHECKING = enum.auto()  # the status before
    CLEARING = enum.auto()  # the remainder of a torn job goes out
    SENDING = enum.auto()
    PRINTING = enum.auto()  # its marker is awaited
    CUTTING = enum.auto()
    VERIFYING = enum.auto()  # the status after


_UNDER_WAY = (Phase.SENDING, Phase.PRINTING, Phase.CUTTING, Phase.VERIFYING)
_WAITS_FOR_MARKER = (Phase.CLEARING, Phase.PRINTING, Phase.CUTTING)


@dataclass(frozen=True, slots=True)
class Job:
    """A slip and the name its outcome is told under."""

    job_id: str
    slices: tuple[bytes, ...]


class EscposSession:
    """The host's side of one printer. Implements `Session` and the verb of `ReceiptPrinter`."""

    def __init__(self, paper: Paper | None = None) -> None:
        self._paper = paper if paper is not None else Paper()
        self._events: list[ReceiptPrinterEvent] = []
        self._jobs: deque[Job] = deque()
        self._told_status: StatusChanged | None = None
        self._told_identity: Identified | None = None
        self._torn = False
        self._markers_owed = 0  # a torn job may still be answered after the link broke
        self._now_s = 0.0
        self._presenter = Presenter(self._paper.presenter, self._paper.taken_s) if self._paper.presenter else None
        self._begin()

    def _begin(self) -> None:
        """Nothing is known of the printer: a fresh line, or a link that broke."""
        self._phase = Phase.IDLE
        self._slices: deque[bytes] = deque()
        self._next_slice_s = 0.0
        self._phase_limit_s = 0.0
        self._stopped_by_xoff = False
        self._outbox = b""
        self._last_marker_s: float | None = None
        self._round: deque[int] = deque()  # questions of this round still to ask
        self._round_began_in = Phase.IDLE
        self._ask_after_s = 0.0
        self._asked: int | None = None
        self._answers: dict[int, int] = {}
        self._tries = 0
        self._answer_limit_s = 0.0
        self._next_round_s = 0.0
        self._identity_questions: deque[bytes] = deque()
        self._identity: list[str] = []
        self._identity_text: bytearray | None = None  # what has come of the answer awaited
        self._greeted = False
        self._back_left = 0  # bytes still to come of a status told unasked
        if self._presenter is not None:
            self._presenter.forget()

    # --- verb --------------------------------------------------------------------------------------------------

    def print_slip(self, job_id: str, slip: Slip) -> None:
        """Queue a slip; answered by exactly one `SlipPrinted` or `SlipFailed`."""
        if len(self._jobs) >= JOBS_MAX:
            self._refuse(job_id, f"{JOBS_MAX} slips are waiting already")
            return
        try:
            slices = _slices(commands.slip_commands(slip, self._paper))
        except SlipError as error:
            self._refuse(job_id, str(error))
            return
        self._jobs.append(Job(job_id, slices))

    # --- session -----------------------------------------------------------------------------------------------

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        self._now_s = now_s
        self._give_up(now_s)
        if self._outbox:
            data, self._outbox = self._outbox, b""
            return data
        if self._asked is not None or self._identity_text is not None or self._presenting:
            return b""
        if self._round:
            return self._ask(now_s) if now_s >= self._ask_after_s else b""
        if self._identity_questions:
            self._identity_text, self._answer_limit_s = bytearray(), now_s + ANSWER_S
            return self._identity_questions.popleft()
        return self._work(now_s)

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        self._now_s = now_s
        for byte in chunk:
            self._hear(byte, now_s)
        self._give_up(now_s)

    def take_events(self) -> list[ReceiptPrinterEvent]:
        """Events since the last call, oldest first."""
        if self._presenter is not None:
            self._events += self._presenter.take_events()
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to send or to give up next."""
        if self._outbox:
            return self._now_s
        if self._asked is not None or self._identity_text is not None:
            return self._answer_limit_s
        if self._round or self._identity_questions:
            return max(self._now_s, self._ask_after_s)
        if self._phase in (Phase.IDLE, Phase.CHECKING, Phase.VERIFYING):
            if self._jobs and self._greeted and self._outlet_clear:
                return self._now_s
            watched = self._presenter is not None and self._greeted and self._phase is Phase.IDLE
            return (
                min(self._next_round_s, self._presenter.wakes_at_s())
                if watched and self._presenter
                else self._next_round_s
            )
        if self._phase is Phase.SENDING:
            return self._phase_limit_s if self._stopped_by_xoff else self._next_slice_s
        return min(self._phase_limit_s, self._next_round_s, self._quiet_at_s())

    def line_lost(self, now_s: float) -> None:
        """The port is gone. Called again for each vain attempt to open it, it fails the slips queued meanwhile."""
        self._fail_all("the port is gone")
        self._begin()
        self._tell(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))

    # --- what to say next --------------------------------------------------------------------------------------

    def _work(self, now_s: float) -> bytes:
        if self._phase is Phase.IDLE:
            if self._presenter is not None and self._greeted and (wire := self._presenter.bytes_to_send(now_s)):
                return wire
            if self._jobs and self._greeted and self._outlet_clear:
                self._phase = Phase.CHECKING
                return self._start_round(now_s)
            if self._presenter is not None and self._presenter.stuck:
                self._fail_all("a slip in the outlet can neither be drawn back nor dropped")
            return self._start_round(now_s) if now_s >= self._next_round_s else b""
        if self._phase is Phase.SENDING:
            return self._send_slice(now_s)
        return self._start_round(now_s) if now_s >= self._next_round_s else b""

    def _send_slice(self, now_s: float) -> bytes:
        if self._stopped_by_xoff or now_s < self._next_slice_s:
            return b""
        if not self._slices:
            return self._marked(Phase.PRINTING, b"", now_s)
        data = self._slices.popleft()
        self._next_slice_s = now_s + len(data) * BYTE_WIRE_S
        self._phase_limit_s = now_s + PRINT_S_MAX
        return data

    def _marked(self, phase: Phase, before: bytes, now_s: float) -> bytes:
        self._phase = phase
        self._phase_limit_s = now_s + PRINT_S_MAX
        self._next_round_s = now_s + STATUS_PERIOD_S
        self._markers_owed += 1
        self._last_marker_s = None
        return before + commands.MARKER

    def _start_round(self, now_s: float) -> bytes:
        self._round = deque(status.EVERY_STATUS)
        self._round_began_in = self._phase
        self._answers = {}
        self._next_round_s = now_s + STATUS_PERIOD_S
        return self._ask(now_s)

    def _ask(self, now_s: float) -> bytes:
        self._asked = self._round[0]
        self._answer_limit_s = now_s + ANSWER_S
        return commands.REAL_TIME_STATUS + bytes((self._asked,))

    # --- what was heard ----------------------------------------------------------------------------------------

    @property
    def _presenting(self) -> bool:
        return self._presenter is not None and self._presenter.waiting

    @property
    def _outlet_clear(self) -> bool:
        return self._presenter is None or self._presenter.clear

    def _hear(self, byte: int, now_s: float) -> None:
        if self._back_left:
            self._back_left -= 1
        elif self._presenter is not None and self._presenter.hear(byte, now_s):
            return
        elif status.is_back(byte) and not self._identity_text:
            self._back_left = status.BACK_SIZE - 1
            self._next_round_s = now_s  # something changed: it is asked at once
        elif self._identity_text is not None:
            self._hear_identity(byte)
        elif byte == status.XOFF:
            self._stopped_by_xoff, self._phase_limit_s = True, now_s + PRINT_S_MAX
        elif byte == status.XON:
            self._stopped_by_xoff = False
        elif status.is_status(byte):
            self._hear_status(byte, now_s)
        elif status.is_marker(byte) and self._markers_owed:
            self._markers_owed -= 1
            self._last_marker_s = now_s
            if self._markers_owed == 0:
                self._marker_reached(now_s)

    def _hear_status(self, byte: int, now_s: float) -> None:
        if self._asked is None:
            return
        self._answers[self._asked] = byte
        self._asked, self._tries = None, 0
        self._round.popleft()
        if not self._round:
            self._round_done(status.decode(self._answers), now_s)

    def _hear_identity(self, byte: int) -> None:
        assert self._identity_text is not None
        self._identity_text.append(byte)
        if byte == 0 or len(self._identity_text) > IDENTITY_SIZE_MAX:
            self._identity_heard(bytes(self._identity_text).strip(b"_\x00").decode("ascii", errors="replace"))

    def _identity_heard(self, answer: str) -> None:
        self._identity_text = None
        self._identity.append(answer)
        if not self._identity_questions and self._identity[0]:
            identity = Identified(model=self._identity[0], serial=self._identity[1])
            if identity != self._told_identity:
                self._told_identity = identity
                self._events.append(identity)

    def _round_done(self, seen: PrinterStatus, now_s: float) -> None:
        if not self._greeted:
            self._greeted = True
            self._identity = []
            self._identity_questions.extend((commands.STATUS_BACK + commands.ASK_MODEL, commands.ASK_SERIAL))
        self._tell(status.device_status(seen))
        if self._phase is Phase.CHECKING:
            self._begin_job(seen, now_s)
        elif self._phase is Phase.VERIFYING and self._round_began_in is Phase.VERIFYING:
            self._end_job(f"after the cut: {seen.raw.hex(' ')}" if seen.broken else "")
        elif self._phase in _WAITS_FOR_MARKER and seen.stopped:
            self._break_off(f"stopped: {seen.raw.hex(' ')}")

    def _begin_job(self, seen: PrinterStatus, now_s: float) -> None:
        if not seen.can_print:
            self._break_off(f"cannot print now: {seen.raw.hex(' ')}")
        elif self._torn:
            away = RETRACT if self._presenter is not None else b""
            self._outbox = self._marked(Phase.CLEARING, commands.cut_commands() + away, now_s)
        else:
            self._begin_sending(now_s)

    def _begin_sending(self, now_s: float) -> None:
        self._torn = False
        self._markers_owed = 0
        self._stopped_by_xoff = False  # the buffer is empty: an XOFF from before is noise
        self._slices = deque(self._jobs[0].slices)
        self._phase, self._next_slice_s, self._phase_limit_s = Phase.SENDING, now_s, now_s + PRINT_S_MAX

    def _marker_reached(self, now_s: float) -> None:
        """Everything before the marker is on paper."""
        if self._phase is Phase.CLEARING:
            self._begin_sending(now_s)
        elif self._phase is Phase.PRINTING:
            out = PRESENT if self._presenter is not None else b""
            self._outbox = self._marked(Phase.CUTTING, commands.cut_commands() + out, now_s)
        elif self._phase is Phase.CUTTING:
            self._phase = Phase.VERIFYING
            self._next_round_s = now_s  # a round under way was asked before the cut: the next one counts

    # --- ends --------------------------------------------------------------------------------------------------

    def _give_up(self, now_s: float) -> None:
        """Ends what has waited as long as it may."""
        if self._presenter is not None:
            self._presenter.give_up(now_s)
        if self._asked is not None and now_s >= self._answer_limit_s:
            self._asked, self._tries = None, self._tries + 1
            self._round, self._answers = deque(status.EVERY_STATUS), {}  # a late answer names no question: all anew
            self._ask_after_s = now_s + LATE_ANSWER_S
            if self._tries >= TRIES_MAX:
                self._lose_link(now_s)
        elif self._identity_text is not None and now_s >= self._answer_limit_s:
            self._identity_heard("")
        elif self._phase is Phase.CLEARING and now_s >= self._quiet_at_s():
            self._begin_sending(now_s)
        elif self._phase in (Phase.SENDING, *_WAITS_FOR_MARKER) and now_s >= self._phase_limit_s:
            self._break_off(f"not on paper after {PRINT_S_MAX:.0f} s")

    def _quiet_at_s(self) -> float:
        return math.inf if self._last_marker_s is None else self._last_marker_s + MARKER_QUIET_S

    def _end_job(self, fault: str) -> None:
        job = self._jobs.popleft()
        self._phase = Phase.IDLE
        if fault:
            self._torn = True
            self._events.append(SlipFailed(job.job_id, PrintFailure.OUTCOME_UNKNOWN, fault))
        else:
            self._events.append(SlipPrinted(job.job_id))
        if self._presenter is not None and fault:
            self._presenter.look()
        elif self._presenter is not None:
            self._presenter.hold_out(job.job_id, self._now_s)

    def _break_off(self, detail: str) -> None:
        """The job in hand, if any, will not come to its end."""
        if self._phase is Phase.IDLE:
            return
        if self._phase in _UNDER_WAY:
            self._end_job(detail)
        else:
            self._phase = Phase.IDLE
            self._refuse(self._jobs.popleft().job_id, detail)
        self._outbox = b""
        self._slices.clear()

    def _lose_link(self, now_s: float) -> None:
        self._fail_all("the printer does not answer")
        self._begin()
        self._next_round_s = now_s + STATUS_PERIOD_S
        self._tell(StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER))

    def _fail_all(self, detail: str) -> None:
        self._break_off(detail)
        while self._jobs:
            self._refuse(self._jobs.popleft().job_id, detail)

    def _refuse(self, job_id: str, detail: str) -> None:
        self._events.append(SlipFailed(job_id, PrintFailure.NOT_STARTED, detail))

    def _tell(self, told: StatusChanged) -> None:
        if told != self._told_status:
            self._told_status = told
            self._events.append(told)


def _slices(slip_commands: list[bytes]) -> tuple[bytes, ...]:
    """Whole commands packed into slices; one longer than a slice goes alone."""
    slices = [b""]
    for command in slip_commands:
        if slices[-1] and len(slices[-1]) + len(command) > SLICE_SIZE:
            slices.append(b"")
        slices[-1] += command
    return tuple(slices)
