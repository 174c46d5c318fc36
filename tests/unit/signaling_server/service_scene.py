"""Rooms of self-service over a database of their own, with the far end that shows what left."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.cases.case_desk import CaseDesk
from signaling_server.cases.classifier import load_topics
from signaling_server.cases.filing import Filing
from signaling_server.contract.cases import AnswerWay, CaseFiled, CaseForm, CaseKind, CaseSubmitted, Segment
from signaling_server.contract.knowledge import Consent
from signaling_server.contract.sealing import OfficeSeal, form_context, key_id_of, seal
from signaling_server.messaging.codes import Codes
from signaling_server.messaging.far_end import FarEnd
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import Channel
from signaling_server.messaging.senders import SmsGateway, SmtpSender
from signaling_server.schedules.booking import Bookings
from signaling_server.schedules.calendar import load_calendar
from signaling_server.schedules.places import load_places
from signaling_server.schedules.zones import Zones
from signaling_server.self_service.feedback import Feedback, load_surveys
from signaling_server.storage.engine import open_database, sqlite_url

NOON_S = 1_795_424_400.0  # 23.11.2026 12:00 in Moscow
PHONE = "+79211234567"
EMAIL = "ivanova@mail.ru"
VIP_ACCOUNT = "700000001"
COMPANY = "АО «Энергосбыт»"
PERSONAL_DATA, SMS_INFORMING = "personal-data-1", "sms-informing-1"
CONSENTS = frozenset({PERSONAL_DATA, SMS_INFORMING})
AGREEMENT = Consent("personal_data", "Согласие на обработку персональных данных", PERSONAL_DATA, "Я разрешаю.")
NOON_MS = round(NOON_S * 1_000)

# An office of two seats, a desk, and a site far to the east.
PLACES = """
[[place]]
place_id = "desk"
kind = "desk"
title = "Видеоконсультант"
segments = ["b2c"]
booking = { minutes = 15, seats = 1, days_ahead = 7 }

[place.hours]
mon = ["8:00-20:00"]
tue = ["8:00-20:00"]
wed = ["8:00-20:00"]
thu = ["8:00-20:00"]
fri = ["8:00-20:00"]
sat = ["9:00-19:00"]

[[place]]
place_id = "office"
kind = "office"
title = "Офис на Невском"
address = "Невский, 1"
segments = ["b2c"]
breaks = ["13:00-13:30"]
booking = { minutes = 30, seats = 2, days_ahead = 7 }

[place.hours]
mon = ["9:00-18:00"]
tue = ["9:00-18:00"]
wed = ["9:00-18:00"]
thu = ["9:00-18:00"]
fri = ["9:00-18:00"]
sat = ["10:00-16:30"]

[[place]]
place_id = "far"
kind = "site"
title = "МФЦ"
site = "Владивосток, 1"
segments = ["b2c"]
utc_offset_minutes = 600

[place.hours]
mon = ["9:00-18:00"]
tue = ["9:00-18:00"]
"""


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
    bookings: Bookings
    feedback: Feedback

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


def write_places(folder: Path, text: str = PLACES) -> Path:
    path = folder / "places.toml"
    path.write_text(text, "utf-8")
    return path


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
        places = load_places(write_places(tmp_path), load_calendar(), date(2026, 11, 23))
        zones = Zones(places)
        codes, seal = Codes(database, clock, post, b"k" * 32, CONSENTS, zones), OfficeSeal(b"s" * 32)
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
            consents=[AGREEMENT],
            zones=zones,
        )
        bookings = Bookings(
            database,
            clock,
            places=places,
            post=post,
            topics={topic.topic_id: topic.title for topic in load_topics()},
            consent_versions=CONSENTS,
        )
        feedback = Feedback(database, clock, load_surveys())
        case_desk = CaseDesk(database, clock, post, COMPANY, zones, vip_accounts=(VIP_ACCOUNT,))
        yield Scene(database, clock, far_end, post, codes, seal, filing, case_desk, bookings, feedback)
    finally:
        await far_end.stop()
        await database.dispose()
