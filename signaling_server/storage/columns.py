"""Columns that many tables have; moments are UTC milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, String, Text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key_column(name: str) -> Column[str]:
    return Column(name, String(64), primary_key=True)


def text_column(name: str, size: int = 200) -> Column[str]:
    return Column(name, String(size), nullable=False, server_default="")


def long_text_column(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def moment_column(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")
