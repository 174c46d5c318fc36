"""Secrets of the office in its data directory: 32 random bytes each, made at the first start."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

SECRET_SIZE = 32


class SecretError(ValueError):
    """A secret cannot be read or made; the text is for the person who starts the office."""


def open_secret(path: Path) -> bytes:
    """Reads the secret, or makes it: whole or not at all, for this user only. Raises SecretError."""
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            half = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(SECRET_SIZE))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first: its secret counts
                os.link(half, path)
            half.unlink()
        secret = path.read_bytes()
    except OSError as error:
        raise SecretError(f"Ключ {path} недоступен: {error.strerror}") from error
    if len(secret) != SECRET_SIZE:
        raise SecretError(f"Ключ {path} повреждён: в нём не {SECRET_SIZE} байта")
    return secret
