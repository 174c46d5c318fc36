"""`python -m signaling_server customer-card bind | unbind | forget`: which account a card stands for.

The number of a card comes by standard input, so that it lies in no list of processes and in no history of a shell.
"""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.clock import SteadyClock, milliseconds
from signaling_server.keys import SecretError, open_secret
from signaling_server.office_command import in_one_transaction
from signaling_server.self_service.cards import CARDS_OF_ACCOUNT_MAX, KEY_FILE, CardError, card_hash, checked_card
from signaling_server.storage import customer_cards as rows

ACCOUNT_LENGTH_MAX = 20


class CardCommandError(Exception):
    """Nothing is changed; the text is for the person at the keyboard."""


def bind(options: argparse.Namespace) -> int:
    account, hashed = _account(options), _hashed(options)

    async def put(tx: AsyncConnection) -> None:
        if await rows.number_of_cards(tx, account) >= CARDS_OF_ACCOUNT_MAX:
            raise CardCommandError(f"К счёту привязано уже {CARDS_OF_ACCOUNT_MAX} карт")
        await rows.bind(tx, hashed, account, at_ms=milliseconds(SteadyClock().now_s()))

    in_one_transaction(options.data, put)
    print(f"Карта привязана к счёту {account}")
    return 0


def unbind(options: argparse.Namespace) -> int:
    hashed = _hashed(options)
    if not in_one_transaction(options.data, lambda tx: rows.unbind(tx, hashed)):
        raise CardCommandError("Эта карта ни к чему не привязана")
    print("Карта отвязана")
    return 0


def forget(options: argparse.Namespace) -> int:
    account = _account(options)
    print(f"Отвязано карт: {in_one_transaction(options.data, lambda tx: rows.forget_account(tx, account))}")
    return 0


def _account(options: argparse.Namespace) -> str:
    account: str = options.account.strip()
    if not (account.isascii() and account.isdigit() and len(account) <= ACCOUNT_LENGTH_MAX):
        raise CardCommandError(f"Лицевой счёт — до {ACCOUNT_LENGTH_MAX} цифр")
    return account


def _hashed(options: argparse.Namespace) -> str:
    try:
        return card_hash(open_secret(options.data / KEY_FILE), checked_card(sys.stdin.readline()))
    except (CardError, SecretError) as error:
        raise CardCommandError(str(error)) from None
