"""Opens the office's database: SQLite in the data directory, or PostgreSQL by its URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 5_000  # commands such as `order` write beside the running server
_MIGRATIONS = Path(__file__).parent / "migrations"


class StorageError(Exception):
    """The database cannot be opened or brought up to date; the text is for the person who starts the office."""


def sqlite_url(data_dir: Path) -> str:
    return f"sqlite+aiosqlite:///{data_dir / 'office.db'}"


async def open_database(url: str) -> AsyncEngine:
    """An engine on a database that has every migration. Raises StorageError."""
    engine = None
    try:
        engine = _engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    except (SQLAlchemyError, CommandError, OSError, ImportError) as error:
        if engine is not None:
            await engine.dispose()
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StorageError(f"База данных не открывается: {reason}") from error
    return engine


def _engine(url: str) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_pre_ping=True)
    # One connection is the single writer: transactions queue in the pool instead of failing as busy.
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for DDL and for reads
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
