"""One-time codes by SMS: the proof that a phone is the customer's, and СМС-информирование on and off.

A code has six digits, three tries and ten minutes. A phone gets one a minute and five a day, a terminal may ask for
thirty an hour: a stranger can neither guess nor annoy. After six wrong codes in a day a phone gets no more of them,
after twenty in an hour a terminal. Whether a phone is a customer's plays no part, so nobody learns it here. Phone and
code are kept as HMAC-SHA256 under the office's key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.clock import DAY_MS, Clock, milliseconds
from signaling_server.consents import check_read
from signaling_server.contract.services import (
    CodeAsked,
    CodeEntered,
    CodeProved,
    CodePurpose,
    CodeSent,
    InformingAsked,
    InformingTold,
)
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import AddressError, Channel, OutgoingMessage, checked_phone, masked
from signaling_server.messaging.templates import write_sms
from signaling_server.refusal import ServiceRefusedError
from signaling_server.schedules.zones import Zones
from signaling_server.storage import codes as rows
from signaling_server.storage.consents_read import keep_read

TRIES = 3
VALID_S = 600
AGAIN_AFTER_S = 60
PHONE_CODES_A_DAY = 5
TERMINAL_CODES_AN_HOUR = 30
PHONE_WRONG_A_DAY = 6
TERMINAL_WRONG_AN_HOUR = 20
HOUR_MS = 3_600_000


class Codes:
    """Sends codes, proves them, and does what they were asked for."""

    def __init__(
        self,
        database: AsyncEngine,
        clock: Clock,
        post: Post,
        secret: bytes,
        consent_versions: frozenset[str],
        zones: Zones,
    ) -> None:
        self._database = database
        self._clock = clock
        self._post = post
        self._secret = secret
        self._consent_versions = consent_versions
        self._zones = zones

    async def ask(self, terminal_id: str, asked: CodeAsked) -> CodeSent:
        """Raises ServiceRefusedError: no_sms, bad_phone, no_account, no_consent, too_soon, too_many, locked."""
        if not self._post.serves(Channel.SMS):
            raise ServiceRefusedError("no_sms", "Сейчас мы не можем отправлять СМС. Выберите другой способ")
        phone = _phone(asked.phone)
        self._check_purpose(asked)
        code_id, code = uuid.uuid4().hex, f"{secrets.randbelow(1_000_000):06d}"
        phone_hash, now_ms = self._hashed(phone), milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            await rows.forget_codes(tx, before_ms=now_ms - DAY_MS)
            await self._check_rate(tx, terminal_id, phone_hash, now_ms)
            await self._check_misuse(tx, terminal_id, phone_hash, now_ms)
            sent = rows.OneTimeCode(
                code_id=code_id,
                phone_hash=phone_hash,
                code_hash=self._hashed(f"{code_id}:{code}"),
                terminal_id=terminal_id,
                purpose=asked.purpose,
                account=asked.account,
                consent_version=asked.consent_version,
                tries_left=TRIES,
                created_at_ms=now_ms,
            )
            await rows.insert_code(tx, sent)
            read = asked.consent_read
            await keep_read(tx, code_id, asked.consent_version, read, terminal_id=terminal_id, at_ms=now_ms)
            await self._post.put(tx, _code_message(sent, phone, code))
        return CodeSent(asked.request_id, code_id, masked(phone), VALID_S, AGAIN_AFTER_S, TRIES)

    def _check_purpose(self, asked: CodeAsked) -> None:
        if asked.purpose is not CodePurpose.IDENTIFY and not asked.account:
            raise ServiceRefusedError("no_account", "Сначала назовите лицевой счёт")
        if asked.purpose is CodePurpose.INFORMING_ON and asked.consent_version not in self._consent_versions:
            raise ServiceRefusedError(
                "no_consent", "Чтобы подключить СМС, нужно согласие на обработку персональных данных"
            )

        check_read(asked.consent_read)

    async def _check_rate(self, tx: AsyncConnection, terminal_id: str, phone_hash: str, now_ms: int) -> None:
        earlier = await rows.codes_of_phone(tx, phone_hash, since_ms=now_ms - DAY_MS)
        if earlier and now_ms - earlier[0] < AGAIN_AFTER_S * 1_000:
            wait_s = AGAIN_AFTER_S - (now_ms - earlier[0]) // 1_000
            raise ServiceRefusedError("too_soon", f"Код уже отправлен. Новый можно запросить через {wait_s} с")
        if len(earlier) >= PHONE_CODES_A_DAY:
            raise ServiceRefusedError("too_many", "На этот номер сегодня отправлено слишком много кодов")
        if await rows.codes_of_terminal(tx, terminal_id, since_ms=now_ms - HOUR_MS) >= TERMINAL_CODES_AN_HOUR:
            raise ServiceRefusedError("too_many", "С этого терминала запросили слишком много кодов. Попробуйте позже")

    async def _check_misuse(self, tx: AsyncConnection, terminal_id: str, phone_hash: str, now_ms: int) -> None:
        of_phone = await rows.wrong_codes(tx, phone_hash=phone_hash, tries=TRIES, since_ms=now_ms - DAY_MS)
        if of_phone >= PHONE_WRONG_A_DAY:
            raise ServiceRefusedError("locked", "На этот номер слишком часто вводили неверный код. Попробуйте завтра")
        here = await rows.wrong_codes(tx, terminal_id=terminal_id, tries=TRIES, since_ms=now_ms - HOUR_MS)
        if here >= TERMINAL_WRONG_AN_HOUR:
            raise ServiceRefusedError("locked", "Здесь слишком часто вводили неверный код. Попробуйте через час")

    async def enter(self, terminal_id: str, entered: CodeEntered) -> CodeProved:
        """Does what the code was for, once; the same answer when asked again.

        A wrong code costs a try.

        Raises:
            ServiceRefusedError: bad_phone, unknown_code, code_expired, no_tries, wrong_code.
        """
        phone = _phone(entered.phone)
        now_ms = milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            code = await rows.code_by_id(tx, entered.code_id)
            if code is None or code.terminal_id != terminal_id:
                raise ServiceRefusedError("unknown_code", "Этот код здесь не запрашивали. Запросите новый")
            if now_ms >= code.created_at_ms + VALID_S * 1_000:
                raise ServiceRefusedError("code_expired", "Код устарел. Запросите новый")
            if not code.proved_at_ms and not await rows.spend_try(tx, code.code_id):
                raise ServiceRefusedError("no_tries", "Попытки закончились. Запросите новый код")
            right = self._is_right(code, phone, entered.code)
            if right and not code.proved_at_ms:
                await rows.mark_proved(tx, code.code_id, at_ms=now_ms)
                await self._act(tx, code, phone, now_ms)
            accounts = await rows.informed_accounts(tx, phone) if right else []
        if not right:  # after the transaction: the try stays spent
            left = max(code.tries_left - 1, 0)
            raise ServiceRefusedError("wrong_code", f"Код не подошёл. Осталось попыток: {left}")
        return CodeProved(entered.request_id, code.code_id, code.purpose, accounts)

    def _is_right(self, code: rows.OneTimeCode, phone: str, typed: str) -> bool:
        same_phone = hmac.compare_digest(code.phone_hash, self._hashed(phone))
        return hmac.compare_digest(code.code_hash, self._hashed(f"{code.code_id}:{typed}")) and same_phone

    async def _act(self, tx: AsyncConnection, code: rows.OneTimeCode, phone: str, now_ms: int) -> None:
        if code.purpose is CodePurpose.IDENTIFY:
            return
        await rows.set_informing(
            tx,
            account=code.account,
            phone=phone,
            active=code.purpose is CodePurpose.INFORMING_ON,
            consent_version=code.consent_version,
            terminal_id=code.terminal_id,
            at_ms=now_ms,
        )
        name = code.purpose.value
        written = write_sms(name, account=_masked_account(code.account))
        key = f"{name}-done-{code.code_id}"
        message = OutgoingMessage(key, Channel.SMS, phone, written.body, name, written.owner)
        offset = await self._zones.of_terminal(tx, code.terminal_id)
        await self._post.put(tx, replace(message, utc_offset_minutes=offset))

    async def proves(self, tx: AsyncConnection, terminal_id: str, code_id: str, phone: str) -> bool:
        """Whether this terminal's customer has just proved this phone, `+7` and ten digits."""
        code = await rows.code_by_id(tx, code_id)
        fresh_ms = milliseconds(self._clock.now_s()) - VALID_S * 1_000
        return (
            code is not None
            and code.terminal_id == terminal_id
            and code.proved_at_ms > fresh_ms
            and hmac.compare_digest(code.phone_hash, self._hashed(phone))
        )

    async def informing(self, asked: InformingAsked) -> InformingTold:
        """Who is informed of an account."""
        async with self._database.begin() as tx:
            phones = await rows.informed_phones(tx, asked.account)
        return InformingTold(asked.request_id, asked.account, [masked(phone) for phone in phones])

    def _hashed(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _phone(text: str) -> str:
    try:
        return checked_phone(text)
    except AddressError as error:
        raise ServiceRefusedError("bad_phone", str(error)) from None


def _code_message(code: rows.OneTimeCode, phone: str, digits: str) -> OutgoingMessage:
    name = f"code_{code.purpose}"
    if code.purpose is CodePurpose.IDENTIFY:
        written = write_sms(name, code=digits, minutes=str(VALID_S // 60))
    else:
        written = write_sms(name, code=digits, account=_masked_account(code.account))
    key = f"code-{code.code_id}"
    return OutgoingMessage(key, Channel.SMS, phone, written.body, name, written.owner, code_valid_s=VALID_S)


def _masked_account(account: str) -> str:
    """An SMS may be read by others: the last four digits are enough for the owner."""
    return f"…{account[-4:]}"
