"""Sign-ins of agents: a random token in a cookie, its hash in the storage, two limits of life."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.desk.call import Agent
from signaling_server.storage import people
from signaling_server.web.attempts import AttemptLimit
from signaling_server.web.passwords import PasswordCheck

ABSOLUTE_S_MAX = 12 * 3_600  # a long shift
IDLE_S_MAX = 30 * 60  # an open page counts as use
TOUCH_PERIOD_S = 60
LOGIN_ATTEMPTS_MAX, ADDRESS_ATTEMPTS_MAX, ATTEMPTS_WINDOW_S = 5, 30, 300.0


class WrongPasswordError(Exception):
    """Login and password do not fit; it is not said which."""


class SignIns:
    """Who is signed in."""

    def __init__(self, database: AsyncEngine, clock: Clock, company: str) -> None:
        self._database = database
        self._clock = clock
        self._company = company
        self._passwords = PasswordCheck()
        self._by_login = AttemptLimit(LOGIN_ATTEMPTS_MAX, ATTEMPTS_WINDOW_S)
        self._by_address = AttemptLimit(ADDRESS_ATTEMPTS_MAX, ATTEMPTS_WINDOW_S)

    def now_s(self) -> float:
        return self._clock.now_s()

    async def sign_in(self, login: str, password: str, address: str) -> tuple[str, Agent]:
        """A fresh token for the cookie. Raises TooManyAttemptsError, WrongPasswordError."""
        agent = await self.person(login, password, address)
        token = secrets.token_urlsafe(32)
        async with self._database.begin() as tx:
            at_ms = milliseconds(self._clock.now_s())
            await people.insert_sign_in(tx, token_hash=_hash(token), agent_id=agent.agent_id, at_ms=at_ms)
        return token, agent

    async def person(self, login: str, password: str, address: str) -> Agent:
        """Whose login and password these are. Raises TooManyAttemptsError, WrongPasswordError."""
        login = login.strip().lower()
        now_s = self._clock.now_s()
        self._by_address.take(address, now_s)
        self._by_login.take(login, now_s)
        async with self._database.begin() as tx:
            found = await people.agent_with_hash(tx, login, self._company)
        if not await self._passwords.fits(found[1] if found else None, password) or found is None:
            raise WrongPasswordError("login or password is wrong")
        self._by_login.forgive(login)
        return found[0]

    async def agent_of(self, token: str) -> Agent | None:
        """Whose token it is; None when it is unknown or its time is over. Counts as use."""
        now_ms = milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            sign_in = await people.sign_in_by_hash(tx, _hash(token))
            if sign_in is None:
                return None
            too_old = now_ms > sign_in.created_at_ms + ABSOLUTE_S_MAX * 1_000
            if too_old or now_ms > sign_in.last_used_at_ms + IDLE_S_MAX * 1_000:
                await people.delete_sign_in(tx, _hash(token))
                return None
            if now_ms > sign_in.last_used_at_ms + TOUCH_PERIOD_S * 1_000:
                await people.touch_sign_in(tx, _hash(token), now_ms)
            return await people.agent_by_id(tx, sign_in.agent_id, self._company)

    async def sign_out(self, token: str) -> None:
        async with self._database.begin() as tx:
            await people.delete_sign_in(tx, _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
