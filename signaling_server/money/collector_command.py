"""`python -m signaling_server collector | technician add | remove | list`: whose card opens service mode.

A collector's empties the cassette, a technician's does not. The PIN comes by standard input.
"""

from __future__ import annotations

import argparse
import os
import sys

from sqlalchemy.ext.asyncio import AsyncConnection

from payment.encashment.collector import PinError, check_new_pin, pin_hash
from signaling_server.clock import SteadyClock, milliseconds
from signaling_server.contract.money import COLLECTORS_MAX
from signaling_server.office_command import in_one_transaction
from signaling_server.storage import money_collectors as rows
from signaling_server.storage.money_collectors import Role

CARD_LENGTH_MAX, NAME_LENGTH_MAX, SALT_SIZE = 64, 200, 16
_TITLES = {Role.COLLECTOR: "Инкассатор", Role.TECHNICIAN: "Техник"}


class CollectorError(Exception):
    """Nothing is changed; the text is for the person at the keyboard."""


def add(options: argparse.Namespace) -> int:
    """A card that is known gets this name, role and PIN."""
    role: Role = options.role
    name, card_id = options.name.strip(), options.card.strip()
    if not (0 < len(name) <= NAME_LENGTH_MAX and 0 < len(card_id) <= CARD_LENGTH_MAX):
        raise CollectorError(f"Имя — от 1 до {NAME_LENGTH_MAX} знаков, номер карты — от 1 до {CARD_LENGTH_MAX}")
    salt = os.urandom(SALT_SIZE)
    try:
        pin = sys.stdin.readline().strip()
        stretched = pin_hash(pin, salt)
        check_new_pin(pin)
    except PinError as error:
        raise CollectorError(str(error)) from None

    async def put(tx: AsyncConnection) -> None:
        await rows.remove_card(tx, card_id)
        if await rows.number_of_cards(tx, role) >= COLLECTORS_MAX:
            raise CollectorError(f"Таких карт уже {COLLECTORS_MAX}: уберите карты тех, кто не работает")
        at_ms = milliseconds(SteadyClock().now_s())
        await rows.put_card(tx, role, name=name, card_id=card_id, salt=salt, pin_hash=stretched, at_ms=at_ms)

    in_one_transaction(options.data, put)
    print(f"{_TITLES[role]} {name} записан, терминалы узнают об этом сами")
    return 0


def remove(options: argparse.Namespace) -> int:
    card_id = options.card.strip()
    if not in_one_transaction(options.data, lambda tx: rows.remove_card(tx, card_id, options.role)):
        raise CollectorError("Такой карты нет")
    print("Карта больше не открывает терминалы; тот, кто без связи, узнает об этом, когда она вернётся")
    return 0


def show(options: argparse.Namespace) -> int:
    for each in in_one_transaction(options.data, lambda tx: rows.cards(tx, options.role)):
        print(f"{each.card_id:24} {each.name}")
    return 0
