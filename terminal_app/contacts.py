"""Whose terminal it is and how to reach them: on every screen and receipt."""

from __future__ import annotations

from msgspec import Struct


class Contacts(Struct, frozen=True, forbid_unknown_fields=True):
    support_phone: str = "8 800 000-00-00"
    support_hours: str = "ежедневно с 8:00 до 22:00"
    organisation: str = "АО «Энергосбыт»"
    account_site_url: str = ""  # личный кабинет, shown as a QR; empty: not offered
