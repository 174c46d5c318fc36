"""Messages and answers about money: journals of terminals on their way to the office, and the page «Деньги».

Amounts are whole kopecks (`_minor`), moments UTC milliseconds (`_ms`), moments of a payment local digits (`txn_date`).
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

BATCH_RECORDS_MAX = 50  # some 80 ms of the office, which calls may have to wait for
COLLECTORS_MAX = 100  # one message of 64 KiB tells all of them
RECORD_LENGTH_MAX = 20_000  # characters; two bytes each still fit into a frame

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Word = Annotated[str, Meta(max_length=200)]
Sentence = Annotated[str, Meta(max_length=1_000)]
HashHex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
RecordText = Annotated[str, Meta(max_length=RECORD_LENGTH_MAX)]


# --- terminal -> server -----------------------------------------------------------------------------------------------


class JournalRow(Struct, frozen=True):
    """One record of a terminal's journal, as it is stored there; `data` is the JSON text that was hashed."""

    sequence: Annotated[int, Meta(ge=1)]
    kind: Word
    data: RecordText
    wall_ms: int
    monotonic_ms: int
    boot_id: Word
    software_version: Word
    hash: HashHex


class JournalBatch(Struct, frozen=True, tag=True, tag_field="type"):
    """Records in their order, sent until they are acknowledged. A replaced journal has another `journal_id`.

    `previous_hash` is that of the record before the first: the chain goes on over batches.
    """

    journal_id: HashHex  # hash of the journal's first record
    previous_hash: HashHex
    rows: Annotated[list[JournalRow], Meta(min_length=1, max_length=BATCH_RECORDS_MAX)]


class JournalAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """Which records of this journal does the office have? Answered by `JournalAcknowledged`."""

    journal_id: HashHex


# --- server -> terminal -----------------------------------------------------------------------------------------------


class JournalAcknowledged(Struct, frozen=True, tag=True, tag_field="type"):
    """The office has stored every record of this journal up to `sequence` (0: none).

    `refused` names why the batch was not taken; empty when all is well.
    """

    journal_id: HashHex
    sequence: int
    refused: Word = ""


class MoveAct(enum.StrEnum):
    """What a terminal is to do with money that lies with us."""

    FREE = "free"  # a credit is cancelled at billing; a person gives the money back
    READDRESS = "readdress"
    REFUND_QR = "refund_qr"  # back by СБП
    GIVEN_BACK = "given_back"  # a person has given it back: the terminal's books follow


class CreditToCancel(Struct, frozen=True):
    """A credit of today that billing is asked to undo first."""

    txn_id: str
    txn_date: str
    account: str
    amount_minor: int
    provider_txn: str
    session_id: str


class MoneyMoveOrdered(Struct, frozen=True, tag=True, tag_field="type"):
    """What two people decided. Told again until the terminal's journal has `move_ordered` with this `order_id`."""

    order_id: Id
    act: MoveAct
    amount_minor: int
    account: str = ""  # of READDRESS
    service: str = ""
    means: str = "cash"
    operation_id: str = ""  # of REFUND_QR
    in_doubt: bool = False
    credit: CreditToCancel | None = None
    of_txn: str = ""


class MoneyMoveWithdrawn(Struct, frozen=True, tag=True, tag_field="type"):
    """The order is taken back; one that has begun goes on. Told again until the journal tells either."""

    order_id: Id


class SlipCopyOrdered(Struct, frozen=True, tag=True, tag_field="type"):
    """Print the slip of this payment once more, marked КОПИЯ, as things stand now: its customer stands there."""

    txn_id: Id


class CollectorCard(Struct, frozen=True):
    """A card of service mode: a collector's, or a technician's. Bytes are hexadecimal.

    The PIN is stretched (payment/encashment/collector.py).
    """

    collector_id: Id
    name: Word
    card_id: Id
    salt: Annotated[str, Meta(pattern="^([0-9a-f]{2})+$", max_length=128)]
    pin_hash: Annotated[str, Meta(pattern="^([0-9a-f]{2})+$", max_length=256)]


class CollectorsTold(Struct, frozen=True, tag=True, tag_field="type"):
    """All of them, after each connection and after each change: who is not named may not."""

    collectors: Annotated[list[CollectorCard], Meta(max_length=COLLECTORS_MAX)]


class TechniciansTold(Struct, frozen=True, tag=True, tag_field="type"):
    """Who may enter service mode, in the form of `CollectorsTold`. Cassettes are not theirs: a message of their own."""

    technicians: Annotated[list[CollectorCard], Meta(max_length=COLLECTORS_MAX)]


# --- HTTP of the page «Деньги» ----------------------------------------------------------------------------------------


class PaymentOutcome(enum.StrEnum):
    CREDITED = "credited"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # billing has not answered for good; the terminal repeats
    CANCELLED = "cancelled"  # credited, and undone by a decision of ours


class PaymentRow(Struct, frozen=True):
    """One payment as its terminal's journal tells it."""

    terminal_id: str
    terminal_title: str
    txn_id: str  # the number on the slip
    account: str
    service: str
    means: str  # cash | card | qr
    amount_minor: int
    fee_minor: int
    txn_date: str  # YYYYMMDDHHMMSS, local time of the terminal
    outcome: PaymentOutcome
    provider_txn: str
    receipt: str  # printed | not_printed | "" (not known)
    fiscal: str  # number of the fiscal document, "" until there is one
    taken_ms: int
    answered_ms: int  # 0: not yet


class PaymentsAnswer(Struct, frozen=True):
    payments: list[PaymentRow]
    more: bool  # there are more than are shown: ask more exactly
    may_act: bool  # whether who asks may open a claim


class MoneyItemKind(enum.StrEnum):
    """What a person has to look at."""

    IN_DOUBT = "in_doubt"
    UNALLOCATED = "unallocated"
    CARD_REVIEW = "card_review"
    WRONG_ACCOUNT = "wrong_account"  # credited, and the customer meant another account
    COINS_LOST = "coins_lost"
    REMOVAL = "removal"  # a cassette taken out without a sign-in
    RECOUNT = "recount"  # shortage or surplus
    SETTLEMENT = "settlement"
    FISCAL = "fiscal"
    DIFFERENCE = "difference"  # of a reconciliation
    CONFLICT = "conflict"  # the same record or payment came with other content
    CHAIN = "chain"  # a record is not what was written


class ProposalAct(enum.StrEnum):
    READDRESS = "readdress"
    REFUND = "refund"


class ProposalState(enum.StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class OrderProgress(Struct, frozen=True):
    """Of what the terminal is to do; moments are 0 until they come."""

    ordered_ms: int
    told_ms: int  # 0: it has surely not left the office
    terminal_seen_ms: int
    may_withdraw: bool
    withdrawn_by: str
    withdrawn_reason: str
    withdrawn_ms: int


class ProposalRow(Struct, frozen=True):
    """A way out of an item that a second person has to approve."""

    proposal_id: str
    act: ProposalAct
    account: str  # the new one, for READDRESS
    reason: str
    proposed_by: str
    proposed_ms: int
    state: ProposalState
    decided_by: str
    decided_ms: int
    mine: bool  # proposed by who asks: somebody else decides
    by_hand: bool  # decided, and a person has to do it and mark it; else the terminal does it
    progress: str  # how far it is, a sentence; "" before the decision
    order: OrderProgress | None = None  # None: no terminal was told anything


class MoneyItemRow(Struct, frozen=True):
    item_id: str
    kind: MoneyItemKind
    terminal_id: str
    terminal_title: str
    reference: str  # number of the payment, of the record, of the collection
    account: str
    amount_minor: int
    owner: str  # accounting | operations | billing | bank, or a login once somebody took it
    detail: str
    opened_ms: int
    closed_ms: int  # 0: open
    resolution: str
    proposals: list[ProposalRow]
    mine: bool = False  # who asks has taken it


class MoneyItemsAnswer(Struct, frozen=True):
    server_time_ms: int
    items: list[MoneyItemRow]
    open_minor: int  # of all that are open, whatever is shown
    more: bool
    may_act: bool  # whether who asks may take, propose and decide


class CollectionCount(Struct, frozen=True):
    value_minor: int
    count: int


class CollectionRow(Struct, frozen=True):
    """An emptying of a cassette."""

    terminal_id: str
    terminal_title: str
    collection_id: str
    number: int
    authorised: bool
    collector: str
    seal: str
    opened_ms: int
    closed_ms: int
    total_minor: int
    in_doubt_minor: int
    counts: list[CollectionCount]
    counted: list[CollectionCount]  # empty until the recount
    counted_minor: int
    counted_by: str
    counted_ms: int  # 0: not recounted


class CollectionsAnswer(Struct, frozen=True):
    collections: list[CollectionRow]
    may_act: bool


class TakeItem(Struct, frozen=True):
    """From now on it is mine."""

    item_id: Id


class CloseItem(Struct, frozen=True):
    """Ends an item: nothing had to be moved, or what two people decided is done."""

    item_id: Id
    resolution: Annotated[str, Meta(min_length=3, max_length=1_000)]


class ClaimPayment(Struct, frozen=True):
    """The customer says that a credited payment was meant for another account."""

    terminal_id: Id
    txn_id: Id
    reason: Annotated[str, Meta(min_length=3, max_length=1_000)]


class ReprintSlip(Struct, frozen=True):
    """The customer at the terminal has no slip of this payment."""

    terminal_id: Id
    txn_id: Id


class ProposeMove(Struct, frozen=True):
    """Money is to go to another account, or back to the customer: a second person approves."""

    item_id: Id
    act: ProposalAct
    reason: Annotated[str, Meta(min_length=3, max_length=1_000)]
    account: Word = ""


class DecideProposal(Struct, frozen=True):
    proposal_id: Id
    approve: bool


class WithdrawDecision(Struct, frozen=True):
    """What two people decided is not to be carried out after all."""

    proposal_id: Id
    reason: Annotated[str, Meta(min_length=3, max_length=1_000)]


class RecountCollection(Struct, frozen=True):
    """What the cash office counted."""

    terminal_id: Id
    collection_id: Id
    counted: Annotated[list[CollectionCount], Meta(max_length=40)]
