"""Rooms of self-service over a database of their own, with the far end that shows what left."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.messaging.codes import Codes
from signaling_server.messaging.far_end import FarEnd
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import Channel
from signaling_server.messaging.senders import SmsGateway, SmtpSender
from signaling_server.storage.engine import open_database, sqlite_url

NOON_S = 1_795_424_400.0  # 23.11.2026 12:00 in Moscow
PHONE = "+79211234567"


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

    async def arrived(self) -> list[str]:
        """Texts at the far end after everything due has left."""
        while await self.post.deliver_due():
            pass
        return [one.body for one in self.far_end.arrived]

    async def code_in_sms(self) -> str:
        found = re.match(r"\d{6}", (await self.arrived())[-1])
        assert found is not None
        return found.group()


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
        yield Scene(database, clock, far_end, post, Codes(database, clock, post, b"k" * 32))
    finally:
        await far_end.stop()
        await database.dispose()
