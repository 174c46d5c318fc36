"""Written обращения on their way to the office: sealed before they touch the disk, kept until the office has all of it.

The form's parcel lies in an outbox of its own (`payment/billing/outbox.py`), its sealed papers beside it. The office
knows a repeat by the submission, and tells which papers it lacks: so a cut anywhere costs a repeat and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from payment.billing.outbox import OtherParcelError, Outbox, OutboxError, OutboxFile
from payment.billing.outbox_rules import Delivery, DeliveryOutcome, RetryRules
from signaling_server.contract.cases import CaseFiled, CaseForm, CaseSubmitted, UploadAsked, UploadGranted
from signaling_server.contract.messages import AlarmReport
from signaling_server.contract.sealing import attachment_context, form_context, seal
from signaling_server.contract.self_service import ServicesTold
from signaling_server.contract.services import ServiceRefused
from terminal_app.core.office_requests import Ask, answer_to
from terminal_app.core.whole_file import write_whole

FILE, PAPERS = "cases.sqlite", "case_papers"
CASE = "case"
ANSWER_S_MAX = 10.0  # a customer waits for the number so long
RULES = RetryRules(ceiling_ms=60_000)  # tried only while there is a link
FOR_TECHNICIAN = frozenset({"wrong_key", "unreadable", "bad_form"})  # no customer can mend these: tried on, and told
UNHEARD = "nobody there"  # after the reason: the customer could not be told any more
NOT_SENT = "form_not_taken"  # the alarm's word
REFUSED_MS_MAX = 30 * 86_400_000  # the office believes no older form

Put = Callable[[str, bytes], Awaitable[int]]  # the office's status; raises OSError
_log = logging.getLogger(__name__)


class _Parcel(Struct, frozen=True):
    key_id: str
    sealed: bytes


class CaseOutbox:
    """Nothing open is kept. `services` has the office's key, of its last word."""

    def __init__(self, folder: Path, ask: Ask, put: Put, services: Callable[[], ServicesTold | None]) -> None:
        self._papers = folder / PAPERS
        self._ask = ask
        self._put = put
        self._services = services
        self._waiting: dict[str, asyncio.Future[CaseFiled | ServiceRefused]] = {}
        self._not_taken: dict[str, int] = {}  # since when, in UTC milliseconds
        self._sending: asyncio.Task[None] | None = None
        self._outbox: Outbox | None = None
        try:
            self._papers.mkdir(exist_ok=True)
            self._look_over(folder / FILE)
            self._outbox = Outbox(folder / FILE, {CASE: self._deliver}, rules=RULES)
        except (OutboxError, OSError) as error:
            _log.critical("no written обращение can be taken: %s", error)

    async def keep(
        self, form: CaseForm, papers: Mapping[str, bytes], *, linked: bool, replaces: str = ""
    ) -> CaseFiled | ServiceRefused | None:
        """On disk when this returns; the office's answer where it comes in time, None: it will be sent.

        Raises:
            OutboxError: it is not kept; the customer has to know.
        """
        services = self._services()
        if self._outbox is None or services is None:
            raise OutboxError("there is nothing to keep it in" if self._outbox is None else "no key of the office")
        answered = asyncio.get_running_loop().create_future()
        self._waiting[form.submission_id] = answered
        try:
            await self._keep(self._outbox, services, form, papers)
            if replaces:
                await self._outbox.drop(replaces)
                self._forget_papers(replaces)
            return await asyncio.wait_for(answered, ANSWER_S_MAX) if linked else None
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(form.submission_id, None)

    def link_changed(self, *, linked: bool) -> None:
        if self._sending is not None:
            self._sending.cancel()
        self._sending = asyncio.create_task(self._outbox.run()) if linked and self._outbox is not None else None

    def alarms(self) -> list[AlarmReport]:
        """While a form is not taken for a reason that no customer can mend, or that he could not be told of."""
        return [AlarmReport(NOT_SENT, min(self._not_taken.values()))] if self._not_taken else []

    async def close(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        if self._outbox is not None:
            await self._outbox.close()

    async def _keep(self, outbox: Outbox, services: ServicesTold, form: CaseForm, papers: Mapping[str, bytes]) -> None:
        key, submission_id = bytes.fromhex(services.seal_key_hex), form.submission_id
        try:
            for slip in form.attachments:
                sealed = seal(papers[slip.attachment_id], key, attachment_context(submission_id, slip.attachment_id))
                await asyncio.to_thread(write_whole, self._paper(submission_id, slip.attachment_id), sealed)
        except (OSError, KeyError) as error:
            raise OutboxError(f"a paper is not kept: {type(error).__name__}") from error
        sealed = seal(msgspec.json.encode(form), key, form_context(submission_id))
        body = msgspec.json.encode(_Parcel(services.seal_key_id, sealed))
        with contextlib.suppress(OtherParcelError):  # sealed once more the same looks different: it is kept already
            await outbox.put(CASE, submission_id, body)

    async def _deliver(self, submission_id: str, body: bytes) -> Delivery:
        parcel = msgspec.json.decode(body, type=_Parcel)
        answer = await answer_to(self._ask, CaseSubmitted("-", submission_id, parcel.key_id, parcel.sealed))
        heard = submission_id in self._waiting
        if isinstance(answer, (CaseFiled, ServiceRefused)):
            self._tell(submission_id, answer)
        match answer:
            case CaseFiled():
                self._not_taken.pop(submission_id, None)
                return await self._send_papers(answer)
            case ServiceRefused(reason=reason) if reason in FOR_TECHNICIAN:
                self._not_taken.setdefault(submission_id, _now_ms())
                return Delivery(DeliveryOutcome.UNKNOWN, reason)
            case ServiceRefused(reason=reason) if heard:
                return Delivery(DeliveryOutcome.REFUSED, reason)
            case ServiceRefused(reason=reason):
                self._not_taken.setdefault(submission_id, _now_ms())
                return Delivery(DeliveryOutcome.REFUSED, f"{reason}, {UNHEARD}")
            case _:
                return Delivery(DeliveryOutcome.UNKNOWN, "no answer")

    async def _send_papers(self, filed: CaseFiled) -> Delivery:
        for attachment_id in filed.attachments_missing:
            granted = await answer_to(self._ask, UploadAsked("-", filed.submission_id, attachment_id))
            if not isinstance(granted, UploadGranted):
                return Delivery(DeliveryOutcome.UNKNOWN, "no place for a paper")
            path = self._paper(filed.submission_id, attachment_id)
            try:
                status = await self._put(granted.path, await asyncio.to_thread(path.read_bytes))
            except FileNotFoundError:
                return Delivery(DeliveryOutcome.REFUSED, "a paper is lost")
            except OSError as error:
                return Delivery(DeliveryOutcome.UNKNOWN, f"a paper: {type(error).__name__}")
            if status != 204:
                return Delivery(DeliveryOutcome.UNKNOWN, f"a paper: HTTP {status}")
        self._forget_papers(filed.submission_id)
        return Delivery(DeliveryOutcome.DELIVERED)

    def _paper(self, submission_id: str, attachment_id: str) -> Path:
        return self._papers / f"{submission_id}.{attachment_id}"

    def _forget_papers(self, submission_id: str) -> None:
        for path in self._papers.glob(f"{submission_id}.*"):
            path.unlink(missing_ok=True)

    def _look_over(self, file: Path) -> None:
        """Refused forms: too old ones go, those nobody heard of are told. Papers whose form was never kept go: a kill
        came between them. Raises OutboxError, OSError.
        """
        box, kept = OutboxFile(file), set()
        for parcel in box.labels():
            if parcel.refused and parcel.created_ms < _now_ms() - REFUSED_MS_MAX:
                box.forget(parcel.key)
                continue
            kept.add(parcel.key)
            if parcel.refused.endswith(UNHEARD):
                self._not_taken[parcel.key] = parcel.created_ms
        box.close()
        for path in self._papers.iterdir():
            if path.name.partition(".")[0] not in kept:
                path.unlink()

    def _tell(self, submission_id: str, answer: CaseFiled | ServiceRefused) -> None:
        answered = self._waiting.get(submission_id)
        if answered is not None and not answered.done():
            answered.set_result(answer)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
