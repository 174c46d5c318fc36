"""Passwords by argon2id, in a thread: one hash takes tens of milliseconds and 64 MiB."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 200
HASHES_AT_ONCE = 2
_HASHER = PasswordHasher()
_NOBODY_HASH = _HASHER.hash("nobody has this password")


class PasswordError(ValueError):
    """Too short or too long to be taken; the text is for the person."""


def hash_password(password: str) -> str:
    """Raises PasswordError."""
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        raise PasswordError(f"Пароль должен быть от {PASSWORD_LENGTH_MIN} до {PASSWORD_LENGTH_MAX} знаков")
    return _HASHER.hash(password)


class PasswordCheck:
    """Checks a few at a time; an unknown person takes as long as a known one."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(HASHES_AT_ONCE)

    async def fits(self, password_hash: str | None, password: str) -> bool:
        async with self._slots:
            fits = await asyncio.to_thread(_verify, password_hash or _NOBODY_HASH, password)
        return fits and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False
