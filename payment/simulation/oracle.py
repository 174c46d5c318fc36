"""The judge: counts what lies in the boxes and what the hosts hold against what the far ends have given for it.

Written apart from the cashier: it opens the simulated boxes and asks the simulated hosts. Of the journal it takes only
what must stand there when money is neither given back nor credited (written.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields

from payment.contract import FiscalKind, FiscalSale, Means, Receipt
from payment.simulation.validator import Where
from payment.simulation.world import World
from payment.simulation.written import Written

COUNTED = ("visits", "crashes", "refunds")  # figures that judge nothing


@dataclass(slots=True)
class Figures:
    """What a run found. All but the first three must be zero."""

    visits: int = 0
    crashes: int = 0
    refunds: int = 0  # given back by СБП
    lost_minor: int = 0  # taken, and neither credited nor written down as nobody's or in doubt
    doubled_minor: int = 0  # credited or written down without money that was taken for it
    unrecorded_in_doubt: int = 0  # notes and operations whose end nobody told and no record tells of
    refunds_lost: int = 0  # the journal says given back by СБП, the bank has not
    refunds_doubled: int = 0  # the bank has given back what the journal still has, or more than was paid
    fiscal_missing: int = 0  # credits without a document
    fiscal_doubled: int = 0  # two documents, or two slips not marked as copies, of one payment; one of money given back
    conflicts: int = 0  # one number of a payment with different values, or one sale twice
    stuck: int = 0  # lives that never came to rest
    errors: int = 0  # exceptions out of the cashier

    def add(self, other: Figures) -> None:
        for figure in fields(self):
            setattr(self, figure.name, getattr(self, figure.name) + getattr(other, figure.name))

    def wrong(self) -> list[str]:
        """What should be zero and is not, in words."""
        judged = [figure.name for figure in fields(self) if figure.name not in COUNTED]
        return [f"{name} {getattr(self, name)}" for name in judged if getattr(self, name)]


def judge(world: World) -> Figures:
    """The verdict over a terminal at rest."""
    written = Written()
    for record in world.disk.store.records():
        written.read(record)
    _count_boxes(world, written)
    _count_hosts(world, written)
    _count_hands(world, written)
    figures = Figures(fiscal_doubled=_unmarked_twins(world.printer.slips))
    figures.conflicts = len(world.billing.conflicts) + len(world.acquirer.conflicts) + len(world.pinpad.double_sales)
    _count_refunds(world, written, figures)
    _weigh(written, figures)
    figures.doubled_minor += max(0, written.collected - _in_bags(world))
    if world.equipment.fiscal:
        _count_documents(world, written, figures)
    return figures


def _count_boxes(world: World, written: Written) -> None:
    for note in world.validator.notes:
        if note.where is not Where.HAND:
            account = written.of(note.owner)
            account.taken += note.value_minor
            account.untold += not note.reported
            account.unnamed += note.value_minor if note.unnamed else 0
    for coin in world.coins.coins:
        account = written.of(coin.owner)
        account.taken += 0 if coin.unmissable else coin.value_minor
        account.forgotten += coin.value_minor if coin.forgotten else 0


def _in_bags(world: World) -> int:
    """What collectors carried away: counters cannot have been reset of more."""
    return sum(note.value_minor for note in world.validator.notes if note.where is Where.BAG)


def _count_hosts(world: World, written: Written) -> None:
    for operation_id, operation in world.pinpad.operations.items():
        account = written.of(written.operations.get(operation_id, ""))
        account.taken += operation.held_minor
        account.held += operation.held_minor
    for qr in world.acquirer.qrs.values():
        written.of(qr.account).taken += qr.paid_minor - qr.refunded_minor
    for request in world.billing.credits.values():
        written.of(request.account).credited += request.amount_minor


def _count_hands(world: World, written: Written) -> None:
    """What people of the office gave back is not with us any more."""
    for account, amount_minor in world.office.paid_out.items():
        written.of(account).taken -= amount_minor


def _count_refunds(world: World, written: Written, figures: Figures) -> None:
    """The bank's refunds against the journal's, one by one."""
    qrs = world.acquirer.qrs
    figures.refunds_lost += len(written.refunds.keys() - qrs.keys())
    for operation_id, qr in qrs.items():
        told_minor = written.refunds[operation_id]
        figures.refunds += qr.refunded_minor > 0
        figures.refunds_lost += told_minor > qr.refunded_minor
        figures.refunds_doubled += qr.refunded_minor > min(told_minor, qr.paid_minor)


def _weigh(written: Written, figures: Figures) -> None:
    """A shortfall may be covered by what is written for the same account, or by surely stacked money of nobody.

    A line of doubt covers only its own account: it may tell of a note that went back after all. What is left may be
    money that no record can name: a note in the stacker at a power-up, one that jammed while the disk was gone, coins
    of a counter that was reset; the alert about it is its record. So is a doubt of no visit.

    Why none of this hides a loss:

    - money of nobody may cover another account, since a late report finds the next customer at the terminal. A person
      looks who it belongs to, and the kopecks are there; more of it than is short counts as doubled;
    - an alert covers one note at most, and only one that the world itself marked as unnameable when it happened: a note
      that a record could have named is lost without its record, whatever alerts there are;
    - coins need an alert, and were wiped out of the device's own memory by a power cut;
    - a doubt of no visit is a record with an amount, and covers no more than that.
    """
    short = spare = untold = coins = 0
    unnamed: list[int] = []
    for account in written.accounts.values():
        due = account.taken - account.credited
        figures.doubled_minor += max(0, -due)
        open_minor = max(0, due) - account.nobodys
        spare += max(0, -open_minor)
        missing = max(0, open_minor - account.doubted - account.unknown)
        if missing:
            short += missing
            untold += account.untold
            unnamed.append(min(missing, account.unnamed))
            coins += min(missing - unnamed[-1], account.forgotten) if written.coin_alerts else 0
    alerted = sum(sorted(unnamed, reverse=True)[: written.incidents]) + coins
    alerted += max(0, written.of("").doubted)  # a note that was drawn in for one run of the core and seen by the next
    lost = max(0, short - spare - alerted)
    figures.lost_minor += lost
    figures.doubled_minor += max(0, spare - short)
    figures.unrecorded_in_doubt += untold if lost else 0


def _count_documents(world: World, written: Written, figures: Figures) -> None:
    """One document line for each credit; none for money that went back to a card."""
    income = _lines(world.register.documents, FiscalKind.INCOME)
    returned = _lines(world.register.documents, FiscalKind.INCOME_RETURN)
    credits = world.billing.credits
    figures.fiscal_missing += sum(income[txn_id] - returned[txn_id] < 1 for txn_id in credits)
    figures.fiscal_missing -= len(written.unfiscalised & credits.keys())
    figures.fiscal_doubled += sum(max(0, number - 1) for number in income.values())
    for document in world.register.documents:
        if document.means is not Means.CARD or document.kind is not FiscalKind.INCOME:
            continue
        for line in document.lines:
            given_back = line.txn_id not in credits and not written.of(line.account).held
            figures.fiscal_doubled += given_back and not returned[line.txn_id]


def _lines(documents: Iterable[FiscalSale], kind: FiscalKind) -> Counter[str]:
    return Counter(line.txn_id for document in documents if document.kind is kind for line in document.lines)


def _unmarked_twins(slips: Iterable[Receipt]) -> int:
    originals: set[str] = set()
    twins = 0
    for slip in slips:
        if not slip.copy:
            twins += slip.txn_id in originals
            originals.add(slip.txn_id)
    return twins
