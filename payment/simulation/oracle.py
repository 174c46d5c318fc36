"""The judge: counts what lies in the boxes against what the far ends have given for it.

Written apart from the cashier: it opens the simulated boxes and asks the simulated hosts. Of the journal it takes only
what must stand there when money is neither given back nor credited: the lines of doubt and of what is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from payment.contract import JournalRecord, Receipt
from payment.simulation.validator import Note, Where
from payment.simulation.world import World


@dataclass(slots=True)
class Figures:
    """What a run found. All but the first two must be zero."""

    visits: int = 0
    crashes: int = 0
    lost_minor: int = 0  # taken, and neither credited nor written down as nobody's or in doubt
    doubled_minor: int = 0  # credited or written down without money that was taken for it
    unrecorded_in_doubt: int = 0  # notes and operations whose end nobody told and no record tells of
    fiscal_missing: int = 0
    fiscal_doubled: int = 0  # two documents, or two slips not marked as copies, of one payment
    conflicts: int = 0  # one number of a payment with different values
    stuck: int = 0  # lives that never came to rest
    errors: int = 0  # exceptions out of the cashier

    def add(self, other: Figures) -> None:
        for figure in fields(self):
            setattr(self, figure.name, getattr(self, figure.name) + getattr(other, figure.name))

    def wrong(self) -> list[str]:
        """What should be zero and is not, in words."""
        judged = [figure.name for figure in fields(self) if figure.name not in ("visits", "crashes")]
        return [f"{name} {getattr(self, name)}" for name in judged if getattr(self, name)]


@dataclass(slots=True)
class _Account:
    """One customer's money, in kopecks."""

    inserted: int = 0  # all that he ever let the terminal have
    taken: int = 0  # of it, what lies in our boxes
    credited: int = 0
    nobodys: int = 0  # written down as unallocated
    doubted: int = 0  # written down as in doubt
    untold: int = 0  # notes whose end no device told
    unnamed: int = 0  # kopecks of notes that a device can only tell of without naming their value


@dataclass(slots=True)
class _Written:
    """The lines of doubt and of money that is nobody's, by account."""

    accounts: dict[str, _Account]
    sessions: dict[str, str] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
    doubts: list[tuple[str, int]] = field(default_factory=list)
    incidents: int = 0  # alerts of a note in the stacker that nobody knows

    def read(self, record: JournalRecord) -> None:
        data: Mapping[str, Any] = record.data
        session = data.get("session_id", "")
        match record.kind:
            case "session_open":
                self.sessions[session] = data["account"]
            case "pay_intent":
                self.payments[data["txn_id"]] = data["account"]
            case "pay_result" if data["outcome"] == "refused":
                self._of(self.payments.get(data["txn_id"], "")).nobodys += data["amount_minor"] + data["fee_minor"]
            case "in_doubt":
                self._doubts(self.sessions.get(session, ""), data["value_minor"])
            case "doubt_cleared":
                self._settles(data["value_minor"])
            case "stacked":
                if data.get("from") == "in_doubt":
                    self._settles(data["value_minor"])
                if data.get("to") == "unallocated":
                    self._of(self.sessions.get(session, "")).nobodys += data["value_minor"]
            case "incident":
                self.incidents += 1
            case "cash_unidentified":
                self._of(self.sessions.get(session, "")).nobodys += data["value_minor"]

    def _doubts(self, account: str, value_minor: int) -> None:
        self._of(account).doubted += value_minor
        self.doubts.append((account, value_minor))

    def _settles(self, value_minor: int) -> None:
        """The doubt that is settled is the last one of this value, whoever stands at the terminal now."""
        for at in range(len(self.doubts) - 1, -1, -1):
            account, doubted_minor = self.doubts[at]
            if doubted_minor == value_minor:
                self._of(account).doubted -= value_minor
                del self.doubts[at]
                return

    def _of(self, account: str) -> _Account:
        return self.accounts.setdefault(account, _Account())


def judge(world: World) -> Figures:
    """The verdict over a terminal at rest."""
    accounts: dict[str, _Account] = {}
    _count_notes(world.validator.notes, accounts)
    for request in world.billing.credits.values():
        accounts.setdefault(request.account, _Account()).credited += request.amount_minor
    written = _Written(accounts)
    for record in world.disk.store.records():
        written.read(record)
    figures = Figures(conflicts=len(world.billing.conflicts), fiscal_doubled=_unmarked_twins(world.printer.slips))
    _weigh(accounts.values(), figures, written.incidents)
    return figures


def _count_notes(notes: Iterable[Note], accounts: dict[str, _Account]) -> None:
    for note in notes:
        account = accounts.setdefault(note.owner, _Account())
        account.inserted += note.value_minor
        if note.where is not Where.HAND:
            account.taken += note.value_minor
            account.untold += not note.reported
            account.unnamed += note.value_minor if note.unnamed else 0


def _weigh(accounts: Iterable[_Account], figures: Figures, incidents: int) -> None:
    """A shortfall may be covered by what is written for the same account, or by surely stacked money of nobody;
    that of a note which the device could not name, by the alert about it.

    A line of doubt covers only its own account: it may tell of a note that went back after all.
    """
    short = spare = 0
    for account in accounts:
        due = account.taken - account.credited
        if due < 0:
            figures.doubled_minor -= due
        open_minor = max(0, due) - account.nobodys
        if open_minor < 0:
            spare -= open_minor
        elif open_minor - account.doubted == account.unnamed > 0 and incidents:
            incidents -= 1
        elif open_minor > account.doubted:
            short += open_minor - account.doubted
            figures.unrecorded_in_doubt += account.untold
    figures.lost_minor += max(0, short - spare)
    figures.doubled_minor += max(0, spare - short)
    if short <= spare:
        figures.unrecorded_in_doubt = 0


def _unmarked_twins(slips: Iterable[Receipt]) -> int:
    originals: set[str] = set()
    twins = 0
    for slip in slips:
        if not slip.copy:
            twins += slip.txn_id in originals
            originals.add(slip.txn_id)
    return twins
