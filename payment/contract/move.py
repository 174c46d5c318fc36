"""What two people at the office decided of money that lies with us, and what a terminal does about it.

The terminal holds the money, so it alone moves it; the office tells an order again until the journal has it.
"""

from __future__ import annotations

import enum

import msgspec

from payment.contract.billing import PayRequest
from payment.contract.order import Means


class MoveAct(enum.Enum):
    """What becomes of the money."""

    FREE = "free"  # a credit is cancelled at billing: the money lies with us again, a person gives it back
    READDRESS = "readdress"  # to another account
    REFUND_QR = "refund_qr"  # back by СБП, all that the QR was paid with
    GIVEN_BACK = "given_back"  # a person has given it back: the books follow


class CreditToCancel(msgspec.Struct, frozen=True):
    """A credit of today that billing is asked to undo first, and the visit that it was of."""

    request: PayRequest
    provider_txn: str
    session_id: str = ""


class MoveOrdered(msgspec.Struct, frozen=True):
    """One decision. The money lies in `unallocated`, unless a credit has to be cancelled or a doubt has been found."""

    order_id: str
    act: MoveAct
    amount_minor: int
    account: str = ""  # of READDRESS
    service: str = "electricity"
    service_title: str = "Электроэнергия"
    means: Means = Means.CASH  # as it was taken
    operation_id: str = ""  # of REFUND_QR
    in_doubt: bool = False  # the recount found it in the cassette
    credit: CreditToCancel | None = None
    of_txn: str = ""  # the payment it was taken by, "" where there was none


class MoveWithdrawn(msgspec.Struct, frozen=True):
    """The office takes an order back. One that has begun goes on; one that comes later is not taken any more."""

    order_id: str
