"""Rooms of self-service over a database of their own, with the far end that shows what left."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.cases.case_desk import CaseDesk
from signaling_server.cases.classifier import load_topics
from signaling_server.cases.filing import Filing
from signaling_server.contract.cases import AnswerWay, CaseFiled, CaseForm, CaseKind, CaseSubmitted, Segment
from signaling_server.contract.sealing import OfficeSeal, form_context, key_id_of, seal
from signaling_server.messaging.codes import Codes
from signaling_server.messaging.far_end import FarEnd
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import Channel
from signaling_server.messaging.senders import SmsGateway, SmtpSender
from signaling_server.storage.engine import open_database, sqlite_url

NOON_S = 1_795_424_400.0  # 23.11.2026 12:00 in Moscow
PHONE = "+79211234567"
EMAIL = "ivanova@mail.ru"
VIP_ACCOUNT = "700000001"
COMPANY = "АО «Энергосбыт»"
PERSONAL_DATA, SMS_INFORMING = "personal-data-1", "sms-informing-1"
CONSENTS = frozenset({PERSONAL_DATA, SMS_INFORMING})
NOON_MS = round(NOON_S * 1_000)


class Clock:
    def __init__(self, now_s: float = NOON_S) -> None:
        self.s = now_s

    def now_s(self) -> float:
        return self.s


@dataclass
class Scene:
    database: AsyncEngine
    clock: Clock
    far_end: FarEnd
    post: Post
    codes: Codes
    seal: OfficeSeal
    filing: Filing
    case_desk: CaseDesk

    async def arrived(self) -> list[str]:
        """Texts at the far end after everything due has left."""
        while await self.post.deliver_due():
            pass
        return [one.body for one in self.far_end.arrived]

    async def file(self, form: CaseForm, terminal_id: str = "t1") -> CaseFiled:
        return await self.filing.submit(terminal_id, sealed_case(form, self.seal.public_key))

    async def code_in_sms(self) -> str:
        """The newest code that a phone got."""
        return [found.group() for body in await self.arrived() if (found := re.match(r"\d{6} — код", body))][-1][:6]


def case_form(submission_id: str = "s1", **fields: object) -> CaseForm:
    """A question by e-mail; `fields` make another one of it."""
    plain: dict[str, object] = {
        "segment": Segment.B2C,
        "kind": CaseKind.QUESTION,
        "topic_id": "charges.explain",
        "text": "Почему сумма выросла?",
        "answer_way": AnswerWay.EMAIL,
        "email": EMAIL,
        "account": "100000017",
        "consent_version": PERSONAL_DATA,
        "written_at_ms": NOON_MS,
    }
    return CaseForm(submission_id, **(plain | fields))  # type: ignore[arg-type]


def sealed_case(form: CaseForm, key: bytes, request_id: str = "r1") -> CaseSubmitted:
    """As the terminal's outbox keeps it."""
    sealed = seal(msgspec.json.encode(form), key, form_context(form.submission_id))
    return CaseSubmitted(request_id, form.submission_id, key_id_of(key), sealed)


@contextlib.asynccontextmanager
async def service_scene(tmp_path: Path) -> AsyncIterator[Scene]:
    database = await open_database(sqlite_url(tmp_path))
    clock, far_end = Clock(), FarEnd()
    await far_end.start()
    senders = {
        Channel.SMS: SmsGateway(f"http://127.0.0.1:{far_end.http_port}/sms", token="t", sender="Энергосбыт"),
        Channel.EMAIL: SmtpSender(
            f"smtp://127.0.0.1:{far_end.smtp_port}", sender_email="office@example.org", sender_name="АО «Энергосбыт»"
        ),
    }
    post = Post(database, clock, senders)
    try:
        codes, seal = Codes(database, clock, post, b"k" * 32, CONSENTS), OfficeSeal(b"s" * 32)
        filing = Filing(
            database,
            clock,
            seal=seal,
            topics=load_topics(),
            post=post,
            codes=codes,
            company=COMPANY,
            vip_accounts=[VIP_ACCOUNT],
            consent_versions=CONSENTS,
        )
        case_desk = CaseDesk(database, clock, post, COMPANY)
        yield Scene(database, clock, far_end, post, codes, seal, filing, case_desk)
    finally:
        await far_end.stop()
        await database.dispose()
