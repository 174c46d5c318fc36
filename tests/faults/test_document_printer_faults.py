"""A document printer: each fault ends in a stated state and each document in one answer; nothing is printed late."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.contract.document_printer import PagesFailed, PagesPrinted
from device_drivers.contract.errors import DeviceUrlError, LineLostError, PeerProtocolError
from device_drivers.contract.receipt_printer import PrintFailure
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.document_printer import ipp
from device_drivers.document_printer.ipp import Attribute, IppError, Operation
from device_drivers.document_printer.port import parse_printer_url
from device_drivers.document_printer.session import JOB_S_MAX, JOBS_MAX, CupsPrinterSession
from device_drivers.simulators.ipp_printer import IppPrinterSimulator, SilentError, UnreachableError

PDF = b"%PDF-1.4 an act of acceptance"
URI = "ipp://127.0.0.1:631/printers/a4"
ONLINE = StatusChanged(DeviceState.ONLINE)
READ_ONLY = {Operation.GET_PRINTER_ATTRIBUTES, Operation.GET_JOB_ATTRIBUTES}


class Bench:
    """The session, the simulated service and the clock both are told."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.service = IppPrinterSimulator()
        self.session = CupsPrinterSession(self, URI)
        self.events: list[object] = []

    def post(self, request: bytes) -> bytes:
        try:
            return self.service.answer(request, self.now_s)
        except UnreachableError as error:
            raise LineLostError("nobody listens", device=URI) from error
        except SilentError as error:
            raise PeerProtocolError("no answer", device=URI) from error

    def run(self, for_s: float) -> list[object]:
        seen, end_s = len(self.events), self.now_s + for_s
        while self.now_s < end_s:
            self.events += self.session.step(self.now_s)
            self.now_s = max(self.now_s + 0.1, min(self.session.wakes_at_s(), end_s))
        return self.events[seen:]

    def hand(self, **request: object) -> None:
        self.service.control(request, self.now_s)

    def outcomes(self) -> list[object]:
        return [event for event in self.events if isinstance(event, PagesPrinted | PagesFailed)]


@pytest.fixture
def bench():
    bench = Bench()
    assert bench.run(2.0) == [ONLINE, Identified("Kiosk Laser A4", "")]
    return bench


def test_documents_are_printed_in_their_order_each_told_once(bench):
    for at in range(3):
        bench.session.print_pages(f"act-{at}", PDF + b"%d" % at)
    bench.run(20.0)
    assert bench.outcomes() == [PagesPrinted(f"act-{at}") for at in range(3)]
    assert bench.service.printed == [PDF + b"%d" % at for at in range(3)]


def test_a_probe_prints_nothing_and_only_reads(bench):
    bench.run(60.0)
    assert set(bench.service.heard) <= READ_ONLY
    assert bench.service.printed == []


@pytest.mark.parametrize(
    ("reasons", "state", "fault"),
    [
        ("media-empty-error", DeviceState.USER_ERROR, Fault.PAPER_OUT),
        ("media-needed", DeviceState.USER_ERROR, Fault.PAPER_OUT),
        ("media-low-warning media-jam", DeviceState.USER_ERROR, Fault.JAMMED),
        ("door-open-error", DeviceState.USER_ERROR, Fault.COVER_OPEN),
        ("toner-empty", DeviceState.USER_ERROR, Fault.FAILED),
        ("offline-report", DeviceState.OFFLINE, Fault.NO_ANSWER),
        ("paused", DeviceState.OFFLINE, Fault.PAUSED),
    ],
)
def test_a_printer_that_cannot_print_is_stated_takes_no_document_and_heals(bench, reasons, state, fault):
    bench.hand(do="reasons", reasons=reasons)
    assert bench.run(5.0) == [StatusChanged(state, fault, reasons)]
    bench.session.print_pages("act", PDF)
    bench.run(1.0)
    assert bench.outcomes() == [PagesFailed("act", PrintFailure.NOT_STARTED, f"{state.value}, {fault.value}")]
    bench.hand(do="reasons", reasons="")
    assert bench.run(5.0) == [ONLINE]
    assert Operation.PRINT_JOB not in bench.service.heard


def test_little_paper_is_a_warning_and_prints(bench):
    bench.hand(do="reasons", reasons="media-low-report")
    assert bench.run(5.0) == [StatusChanged(DeviceState.ONLINE, Fault.PAPER_LOW, "media-low-report")]


def test_a_document_stuck_for_paper_is_cancelled_and_not_printed_for_the_next_customer(bench):
    bench.session.print_pages("act", PDF)
    bench.run(1.0)
    bench.hand(do="reasons", reasons="media-empty")
    bench.run(JOB_S_MAX + 5.0)
    (outcome,) = bench.outcomes()
    assert (outcome.job_id, outcome.failure) == ("act", PrintFailure.OUTCOME_UNKNOWN)
    assert bench.service.cancelled == [1]
    bench.hand(do="reasons", reasons="")
    bench.run(60.0)
    assert bench.service.printed == []


@pytest.mark.parametrize("fault", ["unreachable", "silent", "junk", "cut_answer"])
def test_a_lost_print_service_is_stated_once_and_heals(bench, fault):
    bench.hand(do="fault", name=fault, count=1000)
    (told,) = bench.run(60.0)
    assert told.state is DeviceState.OFFLINE
    assert told.fault is (Fault.LINE_LOST if fault == "unreachable" else Fault.NO_ANSWER)
    bench.session.print_pages("act", PDF)
    bench.run(1.0)
    assert [outcome.failure for outcome in bench.outcomes()] == [PrintFailure.NOT_STARTED]
    bench.hand(do="fault", name=fault, count=0)
    assert ONLINE in bench.run(5.0)


@pytest.mark.parametrize("fault", ["unreachable", "silent", "junk", "cut_answer"])
def test_a_service_that_goes_away_in_mid_job_and_comes_back_costs_no_document(bench, fault):
    bench.session.print_pages("act", PDF)
    bench.run(1.0)
    bench.hand(do="fault", name=fault, count=20)
    bench.run(60.0)
    assert bench.outcomes() == [PagesPrinted("act")]


def test_a_service_that_stays_away_ends_the_job_within_its_limit_and_cancels_it_later(bench):
    bench.session.print_pages("act", PDF)
    bench.run(1.0)
    bench.hand(do="reasons", reasons="media-empty")
    bench.hand(do="fault", name="unreachable", count=100_000)
    bench.run(JOB_S_MAX + 1.0)
    assert [outcome.failure for outcome in bench.outcomes()] == [PrintFailure.OUTCOME_UNKNOWN]
    bench.run(30.0)
    assert bench.service.cancelled == []
    bench.hand(do="fault", name="unreachable", count=0)
    bench.run(5.0)
    assert bench.service.cancelled == [1]


@pytest.mark.parametrize(
    ("fault", "failure"), [("refuse", PrintFailure.NOT_STARTED), ("abort", PrintFailure.OUTCOME_UNKNOWN)]
)
def test_a_refused_or_aborted_document_is_told_and_the_next_one_is_printed(bench, fault, failure):
    bench.session.print_pages("first", PDF)
    if fault == "abort":
        bench.run(1.0)
    bench.hand(do="fault", name=fault)
    bench.run(5.0)
    assert [outcome.failure for outcome in bench.outcomes()] == [failure]
    bench.session.print_pages("second", PDF)
    bench.run(10.0)
    assert bench.outcomes()[-1] == PagesPrinted("second")


def test_what_is_no_pdf_or_too_much_is_refused_at_once(bench):
    bench.session.print_pages("text", b"hello")
    for at in range(JOBS_MAX + 1):
        bench.session.print_pages(f"act-{at}", PDF)
    assert [outcome.job_id for outcome in bench.run(0.05) if isinstance(outcome, PagesFailed)] == [
        "text",
        f"act-{JOBS_MAX}",
    ]


# --- IPP and the URL --------------------------------------------------------------------------------------------


def test_a_request_is_the_bytes_of_the_standard():
    """RFC 8010, appendix A.1, as far as we say the same."""
    request = ipp.encode(Operation.PRINT_JOB, 1, (Attribute(ipp.NAME, "job-name", ("foobar",)),), b"%PDF-")
    assert request == (
        bytes.fromhex("0200 0002 00000001 01")
        + b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        + b"\x48\x00\x1battributes-natural-language\x00\x02en"
        + b"\x42\x00\x08job-name\x00\x06foobar"
        + b"\x03%PDF-"
    )


def test_an_answer_of_the_standard_is_read():
    """RFC 8010, appendix A.2: job 147 is pending."""
    raw = (
        bytes.fromhex("0101 0000 00000001 01")
        + b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        + b"\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x93"
        + b"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x03"
        + b"\x44\x00\x11job-state-reasons\x00\x04none\x44\x00\x00\x00\x05other\x03"
    )
    answer = ipp.decode(raw)
    assert answer.good
    assert (answer.number("job-id"), answer.number("job-state")) == (147, ipp.JobState.PENDING)
    assert answer.words("job-state-reasons") == ("none", "other")
    for at in range(len(raw)):
        with pytest.raises(IppError):
            ipp.decode(raw[:at])


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_refused(raw):
    for wire in (raw, b"\x02\x00\x00\x00\x00\x00\x00\x01" + raw):
        try:
            answer = ipp.decode(wire)
        except IppError:
            continue
        answer.number("job-id")
        answer.words("printer-state-reasons")


def test_a_printer_is_written_as_a_url_and_nonsense_is_refused():
    assert parse_printer_url("cups://127.0.0.1:631/a4").uri == URI
    for wrong in ("cups:///a4", "cups://localhost/a4", "cups://localhost:0/a4", "cups://h:631/a/b", "ipp://h:631/a4"):
        with pytest.raises(DeviceUrlError):
            parse_printer_url(wrong)
