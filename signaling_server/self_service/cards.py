"""A service or city card in place of an account's number, where that is agreed (docs/adr/0030).

A UID can be copied, so a card is a number and no proof. It is kept as HMAC-SHA256 under the office's key `cards.key`:
whoever reads the table can neither make a card nor find a person by his.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import defaultdict, deque

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import Clock
from signaling_server.contract.services import CardAsked, CardTold
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import customer_cards as rows

UNKNOWN_AN_HOUR = 20  # at one terminal: whoever tries cards one after another is not answered any more
HOUR_S = 3_600.0
CARDS_OF_ACCOUNT_MAX = 10
KEY_FILE = "cards.key"
_CARD = re.compile(r"([0-9a-f]{2}){4,10}")
_RANDOM = re.compile(r"08[0-9a-f]{6}")  # ISO 14443-3: a UID of four bytes that is another one each time


class CardError(ValueError):
    """A number that no card can be bound by; the text does not repeat it."""


def checked_card(text: str) -> str:
    """The UID in the one form that is hashed. Raises CardError."""
    card = re.sub(r"[\s:\-]", "", text).lower()
    if not _CARD.fullmatch(card):
        raise CardError("Номер карты — от 4 до 10 байтов, по две шестнадцатеричные цифры на байт")
    if _RANDOM.fullmatch(card):
        raise CardError("У этой карты номер каждый раз новый, привязать её нельзя")
    return card


def card_hash(secret: bytes, card: str) -> str:
    return hmac.new(secret, card.encode(), hashlib.sha256).hexdigest()


class CustomerCards:
    """Tells the account of a card. Who asked for unknown ones is counted until the office's next start."""

    def __init__(self, database: AsyncEngine, clock: Clock, secret: bytes) -> None:
        self._database = database
        self._clock = clock
        self._secret = secret
        self._unknown: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=UNKNOWN_AN_HOUR))

    async def find(self, terminal_id: str, asked: CardAsked) -> CardTold:
        """Raises ServiceRefusedError: unknown_card, too_many."""
        unknown, now_s = self._unknown[terminal_id], self._clock.now_s()
        if len(unknown) == UNKNOWN_AN_HOUR and now_s - unknown[0] < HOUR_S:
            raise ServiceRefusedError("too_many", "Здесь приложили слишком много незнакомых карт. Введите номер счёта")
        async with self._database.begin() as tx:
            account = await rows.account_of(tx, card_hash(self._secret, asked.card))
        if account is None:
            unknown.append(now_s)
            raise ServiceRefusedError("unknown_card", "Эта карта не связана со счётом. Введите номер счёта")
        return CardTold(asked.request_id, account)
