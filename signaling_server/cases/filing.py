"""Written cases of the terminals: unsealed, checked, registered once; photos after them; what their customer may see.

A form is known by (terminal, submission_id): a terminal that was cut off before it heard the number sends again, and
gets the same. Nothing that is refused is lost: the terminal keeps the sealed form and the reason.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from msgspec import structs
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.cases import new_clients, site_visits
from signaling_server.cases.attachments import AttachmentError, media_type_of
from signaling_server.cases.forms import check_form
from signaling_server.cases.notices import consent_copy, registered_messages
from signaling_server.cases.register import file_case, move, note, shown_date
from signaling_server.cases.states import DECIDED
from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.cases import (
    AnswerWay,
    CaseAsked,
    CaseFiled,
    CaseForm,
    CaseKind,
    CaseReopened,
    CaseState,
    CaseSubmitted,
    CaseTold,
    Topic,
    UploadAsked,
    UploadGranted,
)
from signaling_server.contract.decoding import decode_body
from signaling_server.contract.knowledge import Consent
from signaling_server.contract.messages import MessageError
from signaling_server.contract.sealing import (
    OVERHEAD,
    OfficeSeal,
    SealError,
    attachment_context,
    form_context,
)
from signaling_server.messaging.codes import Codes
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import AddressError, checked_phone
from signaling_server.refusal import ServiceRefusedError
from signaling_server.schedules.zones import Zones
from signaling_server.storage import cases as rows
from signaling_server.storage.cases import Case

UPLOAD_VALID_S = 300
UPLOADS_MAX = 1_000  # open at one time in the whole office


@dataclass(frozen=True, slots=True)
class Upload:
    """One photo that may be put now."""

    terminal_id: str
    submission_id: str
    number: str
    attachment: rows.StoredAttachment
    until_s: float

    @property
    def size_max(self) -> int:
        """Bytes of the sealed photo."""
        return self.attachment.size_bytes + OVERHEAD


class Filing:
    """The desk at which written cases are handed in."""

    def __init__(
        self,
        database: AsyncEngine,
        clock: Clock,
        *,
        seal: OfficeSeal,
        topics: Sequence[Topic],
        post: Post,
        codes: Codes,
        company: str,
        vip_accounts: Collection[str],
        consent_versions: Collection[str],
        consents: Collection[Consent],
        zones: Zones,
    ) -> None:
        self._database = database
        self._clock = clock
        self._seal = seal
        self._titles = {topic.topic_id: topic.title for topic in topics}
        self._post = post
        self._codes = codes
        self._company = company
        self._vip_accounts = frozenset(vip_accounts)
        self._consent_versions = frozenset(consent_versions)
        self._consents = {consent.version: consent for consent in consents}
        self._zones = zones
        self._uploads: dict[str, Upload] = {}

    # --- the form -----------------------------------------------------------------------------------------------------

    async def submit(self, terminal_id: str, submitted: CaseSubmitted) -> CaseFiled:
        """Number and date at once.

        Raises:
            ServiceRefusedError: wrong_key, unreadable, bad_form, what `check_form` refuses, unknown_case, bad_appeal.
        """
        form = self._opened(submitted)
        try:
            async with self._database.begin() as tx:
                case = await rows.case_by_submission(tx, terminal_id, form.submission_id)
                if case is None:
                    case = await self._file(tx, terminal_id, form)
                return await self._filed(tx, submitted.request_id, case)
        except IntegrityError:  # another connection of this terminal has just filed it
            async with self._database.begin() as tx:
                case = await rows.case_by_submission(tx, terminal_id, form.submission_id)
                if case is None:
                    raise
                return await self._filed(tx, submitted.request_id, case)

    def _opened(self, submitted: CaseSubmitted) -> CaseForm:
        if submitted.key_id != self._seal.key_id:
            raise ServiceRefusedError("wrong_key", "Обращение запечатано ключом другого офиса")
        try:
            plain = self._seal.open(submitted.sealed, form_context(submitted.submission_id))
        except SealError:
            raise ServiceRefusedError("unreadable", "Обращение повреждено и не читается") from None
        try:
            form = decode_body(plain, CaseForm)
        except MessageError:
            raise ServiceRefusedError("bad_form", "Обращение заполнено не по правилам обмена") from None
        if form.submission_id != submitted.submission_id:
            raise ServiceRefusedError("bad_form", "Обращение заполнено не по правилам обмена")
        return form

    async def _file(self, tx: AsyncConnection, terminal_id: str, form: CaseForm) -> Case:
        check_form(form, self._titles, self._consent_versions)
        if form.appeal_of:
            await self._check_appeal(tx, form)
        vip = form.account in self._vip_accounts
        if form.site_visit is not None:
            form = structs.replace(form, text=site_visits.text_of(form.site_visit, self._titles[form.topic_id]))
        if form.new_client is not None:
            form = structs.replace(form, text=new_clients.text_of(form.new_client, len(form.attachments)))
        case = await file_case(tx, form, terminal_id=terminal_id, vip=vip, now_s=self._clock.now_s())
        if route := site_visits.route_of(form.topic_id, form.segment, vip=vip):
            await note(
                tx,
                case,
                actor=terminal_id,
                now_s=self._clock.now_s(),
                detail=f"Выезд передан {site_visits.ROUTE_WORDS[route]}",
            )
        offset = await self._zones.of_terminal(tx, terminal_id)
        messages = registered_messages(case, by_sms_too=form.number_by_sms, company=self._company)
        consent = self._consents.get(form.consent_version)  # of a former version he has his copy on paper
        if form.new_client is not None and case.email and consent is not None:
            messages.append(consent_copy(case, consent, company=self._company))
        for message in messages:
            await self._post.put(tx, replace(message, utc_offset_minutes=offset))
        return case

    async def _check_appeal(self, tx: AsyncConnection, form: CaseForm) -> None:
        """Clause 5.1.4: any decision may be appealed against, by whom it concerns."""
        appealed = await rows.case_by_number(tx, form.appeal_of)
        phone = checked_phone(form.phone) if form.phone else ""
        if appealed is None or not _is_his(appealed, form.account, phone):
            raise ServiceRefusedError("unknown_case", "Такого обращения нет среди ваших. Проверьте номер")
        if appealed.state not in DECIDED:
            raise ServiceRefusedError("bad_appeal", "По этому обращению ещё нет решения")

    async def _filed(self, tx: AsyncConnection, request_id: str, case: Case) -> CaseFiled:
        missing = [one.attachment_id for one in await rows.attachments_of(tx, case.number) if not one.arrived_at_ms]
        return CaseFiled(
            request_id,
            case.submission_id or "",
            case.number,
            _shown(case.received_date),
            _shown(case.due_date),
            case.answer_way or AnswerWay.NONE,
            missing,
        )

    # --- photos -------------------------------------------------------------------------------------------------------

    async def grant_upload(self, terminal_id: str, asked: UploadAsked) -> UploadGranted:
        """A path for one photo, for five minutes. Raises ServiceRefusedError: unknown_attachment, busy."""
        async with self._database.begin() as tx:
            case = await rows.case_by_submission(tx, terminal_id, asked.submission_id)
            promised = await rows.attachments_of(tx, case.number) if case else []
        slip = next((one for one in promised if one.attachment_id == asked.attachment_id), None)
        if case is None or slip is None:
            raise ServiceRefusedError("unknown_attachment", "Такого документа в обращении нет")
        now_s = self._clock.now_s()
        self._uploads = {token: one for token, one in self._uploads.items() if one.until_s > now_s}
        if len(self._uploads) >= UPLOADS_MAX:
            raise ServiceRefusedError("busy", "Сейчас отправляется слишком много документов. Попробуйте позже")
        token = secrets.token_urlsafe(24)
        until_s = now_s + UPLOAD_VALID_S
        self._uploads[token] = Upload(terminal_id, asked.submission_id, case.number, slip, until_s)
        return UploadGranted(asked.request_id, asked.attachment_id, f"/upload/{token}", UPLOAD_VALID_S)

    def upload(self, terminal_id: str, token: str) -> Upload | None:
        """What may be put here by this terminal now."""
        found = self._uploads.get(token)
        if found is None or found.terminal_id != terminal_id or found.until_s <= self._clock.now_s():
            return None
        return found

    async def take_upload(self, token: str, upload: Upload, sealed: bytes) -> None:
        """Stores a photo that is what the form promised; a repeat changes nothing.

        Raises:
            ServiceRefusedError: unreadable, other_content, no_picture.
        """
        slip = upload.attachment
        try:
            content = self._seal.open(sealed, attachment_context(upload.submission_id, slip.attachment_id))
        except SealError:
            raise ServiceRefusedError("unreadable", "Документ повреждён и не читается") from None
        if hashlib.sha256(content).hexdigest() != slip.sha256:
            raise ServiceRefusedError("other_content", "Пришёл не тот документ, который обещан в обращении")
        try:
            media_type = await asyncio.to_thread(media_type_of, content)
        except AttachmentError:
            raise ServiceRefusedError("no_picture", "Документ — это не фотография") from None
        at_ms = milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            attachment_id = slip.attachment_id
            await rows.store_attachment(
                tx, upload.number, attachment_id, content=content, media_type=media_type, at_ms=at_ms
            )
        self._uploads.pop(token, None)

    # --- what has become of it ----------------------------------------------------------------------------------------

    async def tell(self, terminal_id: str, asked: CaseAsked) -> CaseTold:
        """A case to its own customer. Raises ServiceRefusedError: unknown_case."""
        async with self._database.begin() as tx:
            case = await self._own_case(tx, terminal_id, asked)
        return self._told(asked.request_id, case)

    async def reopen(self, terminal_id: str, asked: CaseReopened) -> CaseTold:
        """«Ответ не помог» (clause 8.2.2): back to a person. Raises ServiceRefusedError: unknown_case, not_answered."""
        async with self._database.begin() as tx:
            case = await self._own_case(tx, terminal_id, asked)
            if case.state is not CaseState.ANSWERED:
                raise ServiceRefusedError("not_answered", "Вернуть в работу можно только обращение с ответом")
            back, now_s = CaseState.IN_WORK, self._clock.now_s()
            await move(tx, case.number, back, actor=terminal_id, now_s=now_s, detail=asked.reason)
            case = await self._own_case(tx, terminal_id, asked)
        return self._told(asked.request_id, case)

    async def _own_case(self, tx: AsyncConnection, terminal_id: str, asked: CaseAsked | CaseReopened) -> Case:
        case = await rows.case_by_number(tx, asked.case_number)
        phone = await self._proved_phone(tx, terminal_id, asked)
        if case is None or not _is_his(case, asked.account, phone):
            raise ServiceRefusedError("unknown_case", "Такого обращения нет среди ваших. Проверьте номер")
        return case

    async def _proved_phone(self, tx: AsyncConnection, terminal_id: str, asked: CaseAsked | CaseReopened) -> str:
        if not asked.phone:
            return ""
        try:
            phone = checked_phone(asked.phone)
        except AddressError as error:
            raise ServiceRefusedError("bad_phone", str(error)) from None
        return phone if await self._codes.proves(tx, terminal_id, asked.code_id, phone) else ""

    def _told(self, request_id: str, case: Case) -> CaseTold:
        return CaseTold(
            request_id,
            case.number,
            case.kind or CaseKind.QUESTION,
            case.state,
            self._titles.get(case.topic_id, ""),
            _shown(case.received_date),
            _shown(case.due_date),
            case.answer,
            case.state in DECIDED,
        )


def _is_his(case: Case, account: str, phone: str) -> bool:
    return bool(account and account == case.account) or bool(phone and phone == case.phone)


def _shown(day: str) -> str:
    return shown_date(date.fromisoformat(day)) if day else ""
