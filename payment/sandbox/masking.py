"""What of a person may be shown before he proves who he is (152-ФЗ)."""

from __future__ import annotations

from payment.sandbox.seed import SeedAccount

DOT = "•"
CITY = "г. Санкт-Петербург"
SHOWN_LETTERS = 3
LONG_NAME_LENGTH_MIN = 6  # a shorter name would be guessed from three letters


def name_masked(seed: SeedAccount) -> str:
    """«Бел••••• И. П.»"""
    last = seed.last_name
    shown = SHOWN_LETTERS if len(last) >= LONG_NAME_LENGTH_MIN else 1
    return f"{last[:shown]}{DOT * (len(last) - shown)} {seed.first_name[0]}. {seed.patronymic[0]}."


def address_masked(seed: SeedAccount) -> str:
    """«г. Санкт-Петербург, Невский пр., д. 1••, кв. ••»; of a house of one sign nothing: it would be all of it."""
    shown = 1 if len(seed.house) > 1 else 0
    house = seed.house[:shown] + DOT * (len(seed.house) - shown)
    return f"{CITY}, {seed.street}, д. {house}, кв. {DOT * len(seed.flat)}"
