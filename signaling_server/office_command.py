"""One act of a command on the office's database: opened, brought up to date, closed again whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.config import load_settings
from signaling_server.office import open_office_database

Answer = TypeVar("Answer")


def with_database(data_dir: Path, work: Callable[[AsyncEngine], Awaitable[Answer]]) -> Answer:
    """Raises StorageError, and whatever `work` raises."""

    async def done() -> Answer:
        database = await open_office_database(data_dir, load_settings(data_dir))
        try:
            return await work(database)
        finally:
            await database.dispose()

    return asyncio.run(done())


def in_one_transaction(data_dir: Path, work: Callable[[AsyncConnection], Awaitable[Answer]]) -> Answer:
    """As `with_database`; nothing is changed when `work` raises."""

    async def done(database: AsyncEngine) -> Answer:
        async with database.begin() as tx:
            return await work(tx)

    return with_database(data_dir, done)
