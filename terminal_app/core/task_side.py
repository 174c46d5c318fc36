"""Where the services of a visit meet the office, billing and the printer. Each question is answered once."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from payment.billing.account_values import Readings
from payment.billing.accounts import AccountsClient, AccountsUnavailableError, forget_addresses
from payment.billing.outbox import OutboxError
from payment.local_time import local_date
from payment.receipt import Code, Heading, Pair, ReceiptLine, Rule, Words, ask_at
from signaling_server.contract import self_service as service
from signaling_server.contract.cases import Segment
from signaling_server.contract.messages import AlarmReport
from signaling_server.contract.notes import Drawing
from signaling_server.contract.visits import PlacesTold, VisitStep
from terminal_app.config import TerminalConfig
from terminal_app.content import is_usable
from terminal_app.core.case_outbox import CaseOutbox
from terminal_app.core.drawn import pictures_of
from terminal_app.core.kept import ratings_outbox, steps_outbox
from terminal_app.core.library import Library
from terminal_app.core.media_side import MediaSide
from terminal_app.core.office_facts import OfficeFacts
from terminal_app.core.office_requests import OfficeRequests
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.papers import is_picture
from terminal_app.core.tasks import task as tasks
from terminal_app.core.till import Till
from terminal_app.core.visit_events import DoForTask, TaskTold
from terminal_app.core.visit_meters import VisitMeters
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.messages import Availability

PHOTO_S_MAX = 6.0  # media answers within 2 s, or is gone

_log = logging.getLogger(__name__)

STALE_ARTICLES = "stale_articles"  # the office still has some whose last day is past: they are hidden
BAD_CONTENT = "bad_content"  # the alarm's word: the neutral package stands in for the one that was chosen


class TaskSide:
    """Does what a service asks for and answers the visit by `TaskTold`."""

    def __init__(
        self,
        config: TerminalConfig,
        office: OfficeSide,
        accounts: AccountsClient,
        till: Till,
        camera: MediaSide,
        answer: Callable[[TaskTold], None],
    ) -> None:
        self.requests = OfficeRequests(office.send, lambda: office.linked)
        self._library = Library(Path(config.data_dir), self.requests.ask)
        self._ratings = ratings_outbox(Path(config.data_dir), self.requests.ask)
        self._steps = steps_outbox(Path(config.data_dir), self.requests.ask)
        self._office = office
        self._facts = OfficeFacts(Path(config.data_dir))
        bad_content = bool(config.content.package) and not is_usable(config.content.package)
        now_ms = time.time_ns() // 1_000_000
        self._content_alarms = [AlarmReport(BAD_CONTENT, now_ms)] if bad_content else []
        self._cases = CaseOutbox(Path(config.data_dir), self.requests.ask, office.put, lambda: self._facts.services)
        self._config = config
        self._zone = config.office.zone()
        self._accounts = accounts
        self._meters = VisitMeters(accounts.meters, till.keep_readings)
        self._till = till
        self._camera = camera
        self.photos: dict[str, bytes] = {}  # JPEG of this visit by their ids; they lie nowhere else
        self._photo: tuple[str, DoForTask, asyncio.TimerHandle] | None = None
        self._answer = answer
        self._open: DoForTask | None = None  # the last question, until its customer is gone
        self._running: set[asyncio.Task[None]] = set()

    @property
    def facts(self) -> tasks.Facts:
        """What the office told of itself last."""
        return self._facts.facts

    def context(self, availability: Availability) -> tasks.Context:
        """What is true now, without what is known of the customer."""
        now_s = time.time()
        return tasks.Context(
            availability=availability,
            facts=self.facts,
            today=local_date(now_s, self._zone),
            now_ms=int(now_s * 1000),
            fresh_id=str(uuid.uuid4()),
            layout=self._config.layout.parts(),
            support_phone=self._config.contacts.support_phone,
            support_hours=self._config.contacts.support_hours,
            account_site_url=self._config.contacts.account_site_url,
            links=tuple((link.name, link.url) for link in self._config.contacts.links),
            zone=self._zone,
            surveys=self._library.shelf.surveyed_subjects(),
            readings_given=self._meters.given,
        )

    @property
    def places(self) -> PlacesTold | None:
        """The office's places and hours, as it told them last."""
        return self._library.shelf.places.get(Segment.B2C)

    def link_changed(self, *, linked: bool) -> None:
        if linked:
            self.requests.ask(service.ServicesAsked("-"), self._services_told)
        else:
            self.requests.link_lost()
        self._library.link_changed(linked=linked)
        self._ratings.link_changed(linked=linked)
        self._steps.link_changed(linked=linked)
        self._cases.link_changed(linked=linked)

    def alarms(self) -> list[AlarmReport]:
        """For operations."""
        return [*self._cases.alarms(), *self._content_alarms, *self._stale_alarms()]

    def _stale_alarms(self) -> list[AlarmReport]:
        shelf = self._library.shelf
        over = shelf.articles_over(local_date(time.time(), self._zone))
        return [AlarmReport(STALE_ARTICLES, shelf.kept_ms)] if over else []

    def do(self, asked: DoForTask) -> None:
        """Begins; the answer follows as an event, never before this returns."""
        self._open = asked
        match asked.question:
            case tasks.AskOffice(request=request):
                self.requests.ask(request, lambda answer: self._office_said(asked, request, answer))
            case tasks.AskMeters(account=account):
                self._run(self._ask_billing(asked, self._meters.ask(account)))
            case tasks.AskHistory(account=account, months=months):
                self._run(self._ask_billing(asked, self._accounts.history(account, months)))
            case tasks.AskOfPhone(phone=phone):
                self._run(self._ask_billing(asked, self._accounts.of_phone(phone)))
            case tasks.AskByPhone(account=account, phone=phone):
                self._run(self._ask_billing(asked, self._accounts.details_by_phone(account, phone)))
            case tasks.PrintPairs() as slip:
                self._print(asked, slip)
            case tasks.TakePhoto():
                self._take_photo(asked)
            case tasks.KeepDrawing(drawing=drawing):
                self._run(self._keep_drawing(asked, drawing))
            case tasks.Rate(rating=rating):
                self._ratings.add(rating)
                asyncio.get_running_loop().call_soon(self._tell, asked, tasks.Stored())
            case tasks.KeepReadings(readings=readings):
                self._run(self._keep_readings(asked, readings))
            case tasks.KeepCase() as case:
                self._run(self._keep_case(asked, case, dict(self.photos)))

    async def close(self) -> None:
        self._ratings.close()
        self._steps.close()
        await self._library.close()
        for job in self._running:
            job.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._cases.close()

    def visit_ended(self, steps: list[VisitStep]) -> None:
        """Which screens it went through, for the office."""
        if steps:
            self._steps.add(*steps)

    def _tell(self, asked: DoForTask, event: tasks.Event) -> None:
        """Only to the one who asked: the next customer's questions are counted from one again."""
        if asked is self._open:
            self._open = None  # a question may hold a phone: it is gone with its answer
            self._answer(TaskTold(asked.asked, event))

    def _services_told(self, answer: service.ServiceAnswer | None) -> None:
        if isinstance(answer, service.ServicesTold):
            self._facts.told(answer)

    def _office_said(
        self, asked: DoForTask, request: service.ServiceRequest, answer: service.ServiceAnswer | None
    ) -> None:
        shelf = self._library.shelf
        if answer is not None:
            self._tell(asked, tasks.Told(answer))
        elif (kept := shelf.find(request)) is not None:
            self._tell(asked, tasks.Told(kept, shelf.kept_ms))
        else:
            self._tell(asked, tasks.Silence())

    async def _ask_billing(self, asked: DoForTask, question: Coroutine[Any, Any, Any]) -> None:
        try:
            self._tell(asked, tasks.BillingTold(await question))
        except AccountsUnavailableError as error:
            _log.warning("billing accounts: %s", error)
            self._tell(asked, tasks.Silence())

    async def _keep_readings(self, asked: DoForTask, readings: Readings) -> None:
        self._tell(asked, tasks.Stored() if await self._meters.keep(readings) else tasks.Silence())

    async def _keep_case(self, asked: DoForTask, case: tasks.KeepCase, photos: dict[str, bytes]) -> None:
        try:
            answer = await self._cases.keep(case.form, photos, linked=self._office.linked, replaces=case.replaces)
        except OutboxError as error:
            _log.error("a written обращение is not kept: %s", error)
            self._tell(asked, tasks.Silence())
            return
        self._tell(asked, tasks.Told(answer) if answer is not None else tasks.Stored())

    def _print(self, asked: DoForTask, slip: tasks.PrintPairs) -> None:
        lines = slip_lines(slip, self._config.contacts.support_phone)
        job_id = f"service-{uuid.uuid4()}"
        self._till.print_slip(job_id, lines, lambda printed: self._tell(asked, tasks.Printed(printed)))

    def _take_photo(self, asked: DoForTask) -> None:
        photo_id = str(uuid.uuid4())
        failed = media.PhotoFailed(photo_id)
        timer = asyncio.get_running_loop().call_later(PHOTO_S_MAX, self.photo_told, failed)
        self._photo = (photo_id, asked, timer)
        self._camera.send(media.TakePhoto(photo_id))

    def photo_told(self, told: media.PhotoTaken | media.PhotoFailed) -> None:
        """The picture that was asked for last; any other comes too late."""
        if self._photo is None or self._photo[0] != told.photo_id:
            return
        (_, asked, timer), self._photo = self._photo, None
        timer.cancel()
        if isinstance(told, media.PhotoFailed):
            self._tell(asked, tasks.Silence())
            return
        self._photographed(asked, told.photo_id, told.content, told.preview)

    async def _keep_drawing(self, asked: DoForTask, drawing: Drawing) -> None:
        content, preview = await asyncio.to_thread(pictures_of, drawing)
        if asked is self._open:  # its customer may be gone
            self._photographed(asked, str(uuid.uuid4()), content, preview)

    def _photographed(self, asked: DoForTask, photo_id: str, content: bytes, preview: bytes) -> None:
        if not is_picture(content):
            _log.error("a photo of %d bytes is no picture: it is not kept", len(content))
            self._tell(asked, tasks.Silence())
            return
        self.photos[photo_id] = content
        digest = hashlib.sha256(content).hexdigest()
        self._tell(asked, tasks.Photographed(photo_id, digest, len(content), preview))

    def forget_customer(self) -> None:
        """Nothing of the visit that is over stays here."""
        forget_addresses()
        self._open = None
        self.photos.clear()
        self._meters.forget()
        if self._photo is not None:
            self._photo[2].cancel()
            self._photo = None

    def _run(self, job: Coroutine[Any, Any, None]) -> None:
        running = asyncio.create_task(job)
        self._running.add(running)
        running.add_done_callback(self._running.discard)


def slip_lines(slip: tasks.PrintPairs, support_phone: str) -> tuple[ReceiptLine, ...]:
    """From top to bottom; whom to ask stands on every slip (clause 7.1.5)."""
    lines: list[ReceiptLine] = [Heading(slip.title, large=False), Rule()]
    lines += [Pair(name, value) for name, value in slip.pairs]
    if slip.words:
        lines += [Rule(), Words(slip.words)]
    if slip.code:
        lines.append(Code(slip.code))
    return (*lines, Rule(), ask_at(support_phone))
