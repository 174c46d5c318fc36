"""The collector's sign-in at a terminal: a card and a PIN, checked without a network. Pure: told the time.

The card proves itself to the reader's side; what comes here is its number as a value. A PIN is kept stretched only, and
wrong ones are counted per card, so that a found card opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

PIN_LENGTH_MIN, PIN_LENGTH_MAX = 4, 12
DIFFERENT_DIGITS_MIN = 4
RUN_LENGTH = 4  # digits in a row, up or down, as on the keys
ATTEMPTS_MAX = 5  # wrong PINs of one card before it is locked
LOCK_S = 900
_STRETCH = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}  # about 50 ms on a terminal's processor


class SignInRefusedError(Exception):
    """The collector is not let in; the text is for the service screen, and does not say which half was wrong."""


class PinError(ValueError):
    """A PIN that may not be given out; the text is for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Collector:
    """Who may empty cassettes; comes from the office and lies on the terminal."""

    collector_id: str
    name: str
    card_id: str
    salt: bytes
    pin_hash: bytes


@dataclass(frozen=True, slots=True)
class SignIns:
    """Wrong PINs so far: number and moment of the last one, by card."""

    wrong: Mapping[str, tuple[int, float]] = field(default_factory=dict)


def pin_hash(pin: str, salt: bytes) -> bytes:
    """What is kept of a PIN. Raises PinError."""
    if not (pin.isascii() and pin.isdigit() and PIN_LENGTH_MIN <= len(pin) <= PIN_LENGTH_MAX):
        raise PinError(f"ПИН-код — от {PIN_LENGTH_MIN} до {PIN_LENGTH_MAX} цифр")
    return hashlib.scrypt(pin.encode(), salt=salt, **_STRETCH)


def check_new_pin(pin: str) -> None:
    """What a stranger would try first is not given out. Raises PinError."""
    runs = ("01234567890", "09876543210")
    in_a_row = any(pin[at : at + RUN_LENGTH] in run for run in runs for at in range(len(pin) - RUN_LENGTH + 1))
    if in_a_row or len(set(pin)) < DIFFERENT_DIGITS_MIN:
        raise PinError(
            f"ПИН-код слишком простой: нужно не меньше {DIFFERENT_DIGITS_MIN} разных цифр и не подряд, как 1234"
        )


def sign_in(
    collectors: Mapping[str, Collector], card_id: str, pin: str, sign_ins: SignIns, now_s: float
) -> tuple[Collector | None, SignIns]:
    """Who it is, or None after a wrong half; with the attempts to be kept either way. `collectors` is by card.

    Raises:
        SignInRefusedError: the card is locked for a while after too many wrong PINs.
    """
    count, last_s = sign_ins.wrong.get(card_id, (0, 0.0))
    if count >= ATTEMPTS_MAX and 0 <= now_s - last_s < LOCK_S:
        raise SignInRefusedError("Слишком много неверных ПИН-кодов. Карта закрыта на 15 минут")
    if count >= ATTEMPTS_MAX:
        count = 0
    collector = collectors.get(card_id)
    if collector is not None and _fits(collector, pin):
        return collector, replace(sign_ins, wrong={card: at for card, at in sign_ins.wrong.items() if card != card_id})
    return None, replace(sign_ins, wrong={**sign_ins.wrong, card_id: (count + 1, now_s)})


def _fits(collector: Collector, pin: str) -> bool:
    try:
        return hmac.compare_digest(pin_hash(pin, collector.salt), collector.pin_hash)
    except PinError:
        return False
