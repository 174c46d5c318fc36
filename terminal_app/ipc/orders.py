"""What is paid: as a customer puts it together, and as the slip says it. Amounts in kopecks."""

from __future__ import annotations

from msgspec import Struct


class DueView(Struct, frozen=True):
    """Something that can be paid by itself. `title` is billing's word, `purpose` one of payment.contract.Purpose."""

    service: str
    title: str
    amount_minor: int
    purpose: str = "supply"
    period: str = ""
    vat_code: int = 0


class LineView(Struct, frozen=True):
    """One thing of one account. `title` is billing's word."""

    account: str
    title: str
    amount_minor: int


class OrderView(Struct, frozen=True):
    """Before the first note."""

    lines: list[LineView] = []  # gathered; empty: one account, one sum, as most pay
    total_minor: int = 0
    part_title: str = ""  # the one thing that a sum is asked of; empty: of the whole account
    part_minor: int = 0  # so much is due of it
    gathering: bool = False  # the sum that is asked goes to the list of several
    may_gather: bool = False  # a list of several can be begun
    may_pick: bool = False  # more than one thing is due on the present account
    may_add: bool = False  # there is room for another account
    receipt_offered: bool = False  # an electronic receipt can be sent
    proposed_minor: int = 0  # the consultant named this sum in a call
    contact: str = ""  # where it goes, masked; empty: nowhere


class ReceiptPair(Struct, frozen=True):
    name: str
    value: str


class ReceiptView(Struct, frozen=True):
    """What stands on the slip, for the screen."""

    txn_id: str
    paid_minor: int
    credited: bool
    printed: bool | None
    pairs: list[ReceiptPair] = []
    refused_minor: int = 0  # taken, and billing did not accept it: the customer has to call
    in_doubt_minor: int = 0  # the acceptor could not tell whether it is in the cassette
    card_unknown_minor: int = 0  # the bank has not said whether the card was charged
    copies: int = 0  # of the slip, marked КОПИЯ, asked so far
    copies_left: int = 0
    copy_printed: bool | None = None  # the last one; None: not known yet
    contact: str = ""  # where the electronic receipt goes, masked; empty: nowhere


class Gather(Struct, frozen=True, tag=True, tag_field="type"):
    """«Несколько счетов или услуг»: what is chosen on AMOUNT goes to a list, which is paid at once."""


class AnotherAccount(Struct, frozen=True, tag=True, tag_field="type"):
    """From the list: one more account in the same payment. From the receipt: one more payment of the same customer."""
