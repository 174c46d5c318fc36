"""The two ways out: an SMTP server, and an HTTP gateway of SMS.

The gateway: POST of JSON {"id", "from", "to", "text"}, token as Bearer; 2xx with {"id"} is taken. The same "id" (also
in the header Idempotency-Key) is the same message: a gateway that knows it delivers once.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formataddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiohttp
import msgspec
from msgspec import Struct

from signaling_server.messaging.rules import OutgoingMessage

SEND_S_MAX = 20.0
SMTP_STEP_S_MAX = 8.0  # a delivery takes about ten steps
ANSWER_SIZE_MAX = 65_536
PERMANENT_SMTP = 500
PERMANENT_HTTP = {400, 404, 410, 413, 422}  # this message will not do; 401 and 403 are our settings, and may be mended


class TryLaterError(Exception):
    """Not delivered, and it may go better later. The text carries no personal data."""


class RefusedForeverError(Exception):
    """The far end will never take this message."""


class SenderError(ValueError):
    """The settings of a sender cannot be used; the text is for the person who starts the office."""


class Sender(Protocol):
    async def send(self, message_id: str, message: OutgoingMessage) -> str:
        """The id under which the far end knows it, or "". Raises TryLaterError, RefusedForeverError."""


class SmtpSender:
    """E-mail by `smtp://host:port`, `smtps://` (TLS at once) or `smtp+starttls://`, with `user:password@` if needed."""

    def __init__(self, url: str, *, sender_email: str, sender_name: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname or "@" not in sender_email:
            raise SenderError("messaging.smtp_url: smtp://, smtps:// или smtp+starttls:// и адрес отправителя")
        self._parts, self._email = parts, sender_email
        self._from = formataddr((sender_name, sender_email))

    async def send(self, message_id: str, message: OutgoingMessage) -> str:
        try:
            letter = self._letter(message_id, message)
        except ValueError:
            raise RefusedForeverError("it cannot be written as a letter") from None
        try:
            await asyncio.to_thread(self._deliver, letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise _smtp_failure(code) from None
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise _smtp_failure(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise TryLaterError(f"SMTP: {type(error).__name__}") from None
        return ""

    def _letter(self, message_id: str, message: OutgoingMessage) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._from, message.address, message.subject
        # The same on every try, so that a mailbox may see a repeat.
        letter["Message-ID"] = f"<{message_id}@{self._email.rpartition('@')[2]}>"
        letter.set_content(message.body)
        return letter

    def _deliver(self, letter: EmailMessage) -> None:
        parts = self._parts
        context = ssl.create_default_context()
        host, port = parts.hostname or "", parts.port or 0
        with (
            smtplib.SMTP_SSL(host, port, timeout=SMTP_STEP_S_MAX, context=context)
            if parts.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=SMTP_STEP_S_MAX)
        ) as smtp:
            if parts.scheme == "smtp+starttls":
                smtp.starttls(context=context)
            if parts.username:
                smtp.login(unquote(parts.username), unquote(parts.password or ""))
            smtp.send_message(letter)


def _smtp_failure(code: int) -> Exception:
    return RefusedForeverError(f"SMTP {code}") if code >= PERMANENT_SMTP else TryLaterError(f"SMTP {code}")


class _GatewayMessage(Struct):
    id: str
    sender: str = msgspec.field(name="from")
    to: str
    text: str


class _GatewayAnswer(Struct):
    id: str | int = ""


class SmsGateway:
    """SMS by POST to an `http://` or `https://` address."""

    def __init__(self, url: str, *, token: str, sender: str) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise SenderError("messaging.sms_url: адрес шлюза начинается с http:// или https://")
        self._url, self._token, self._sender = url, token, sender

    async def send(self, message_id: str, message: OutgoingMessage) -> str:
        body = msgspec.json.encode(_GatewayMessage(message_id, self._sender, message.address, message.body))
        headers = {"Content-Type": "application/json", "Idempotency-Key": message_id}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            timeout = aiohttp.ClientTimeout(total=SEND_S_MAX)
            async with aiohttp.ClientSession(timeout=timeout) as http:
                async with http.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                    status, text = answer.status, await answer.content.read(ANSWER_SIZE_MAX)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryLaterError(f"SMS: {type(error).__name__}") from None
        if status in PERMANENT_HTTP:
            raise RefusedForeverError(f"SMS HTTP {status}")
        if status // 100 != 2:
            raise TryLaterError(f"SMS HTTP {status}")
        try:
            return str(msgspec.json.decode(text, type=_GatewayAnswer).id)
        except msgspec.DecodeError:
            return ""  # taken, and it says no id: it must not be sent again
