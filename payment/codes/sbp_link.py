"""Links of the fast payment system (СБП) as they stand in its QR codes. Pure.

Source: NSPK, the link `https://qr.nspk.ru/<id>?type=..&bank=..[&sum=..&cur=RUB]&crc=....`; CRC-16/CCITT-FALSE over the
text before `&crc=`. A terminal never makes a link of its own: the acquirer registers it. `compose` serves the sandbox.
"""

from __future__ import annotations

import binascii
import enum
import re
from dataclasses import dataclass

HOST = "https://qr.nspk.ru/"
LINK_SIZE_MAX = 512
SUM_MAX_MINOR = 10**12
_CRC_MARK = "&crc="
_ID = re.compile(r"[A-Z]{2}[0-9A-Z]{30}", re.ASCII)
_DIGITS = re.compile(r"\d{1,13}", re.ASCII)


class SbpLinkError(ValueError):
    """Not a link that a payment can be made by; the text says why."""


class SbpKind(enum.Enum):
    STATIC = "01"  # payable again and again, with a sum or without
    DYNAMIC = "02"  # one payment of its sum


@dataclass(frozen=True, slots=True)
class SbpLink:
    """What a link says; the sum in kopecks."""

    qrc_id: str
    kind: SbpKind
    bank: str  # 12 digits, the acquirer's number in the system
    sum_minor: int | None = None


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, begins with 0xFFFF, nothing reflected, no final xor."""
    return binascii.crc_hqx(data, 0xFFFF)


def compose(link: SbpLink) -> str:
    """The text of a QR code.

    Raises:
        SbpLinkError: the link would not be read back.
    """
    asked = "" if link.sum_minor is None else f"&sum={link.sum_minor}&cur=RUB"
    text = f"{HOST}{link.qrc_id}?type={link.kind.value}&bank={link.bank}{asked}"
    signed = f"{text}{_CRC_MARK}{crc16(text.encode('utf-8', 'replace')):04X}"
    if parse(signed) != link:
        raise SbpLinkError("the link does not say what it was made of")
    return signed


def parse(text: str) -> SbpLink:
    """Reads the text of a QR code.

    Raises:
        SbpLinkError: another address, a damaged link, or one whose parts contradict each other.
    """
    if not (text.startswith(HOST) and text.isascii() and len(text) <= LINK_SIZE_MAX):
        raise SbpLinkError("not a link of the fast payment system")
    signed, mark, crc = text.rpartition(_CRC_MARK)
    if not mark or crc.upper() != f"{crc16(signed.encode()):04X}":
        raise SbpLinkError("the link is damaged: its check sum does not agree")
    qrc_id, _, query = signed.removeprefix(HOST).partition("?")
    return _link(qrc_id, _parameters(query))


def _parameters(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in query.split("&"):
        name, mark, value = pair.partition("=")
        if not mark or name in found:
            raise SbpLinkError("a parameter without a value, or twice")
        found[name] = value
    return found


def _link(qrc_id: str, parameters: dict[str, str]) -> SbpLink:
    kinds = {kind.value: kind for kind in SbpKind}
    kind, bank, asked = (parameters.get(name, "") for name in ("type", "bank", "sum"))
    if _ID.fullmatch(qrc_id) is None or kind not in kinds or not (len(bank) == 12 and _DIGITS.fullmatch(bank)):
        raise SbpLinkError("the number, the type or the bank of the link is not as agreed")
    if "sum" not in parameters:
        if kinds[kind] is SbpKind.DYNAMIC:
            raise SbpLinkError("a link for one payment names no sum")
        return SbpLink(qrc_id, kinds[kind], bank)
    if not _DIGITS.fullmatch(asked) or not 0 < int(asked) <= SUM_MAX_MINOR or parameters.get("cur") != "RUB":
        raise SbpLinkError("the sum of the link is not a number of kopecks")
    return SbpLink(qrc_id, kinds[kind], bank, int(asked))
