"""The money going in, as core's cashier tells it."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.ipc.messages import CashView, NoteAnswer, PressPay, TerminalState, UiToCore
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter

CASSETTE_FAULTS = ("cassette_full", "cassette_jammed", "cassette_removed")


@dataclass(frozen=True, slots=True)
class NoteChip:
    denomination_minor: int
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and how it is meant: `info`, `good`, `warn`."""

    sentence: str
    tone: str


@dataclass(frozen=True, slots=True)
class CashInView:
    title: str
    inserted: str
    asked: str
    progress: float  # 0..1
    left: str
    no_change: str  # what becomes of what is over; empty: it is over already, and said with its sum
    told: Told
    chips: tuple[NoteChip, ...]  # empty: it takes no note now
    fee: str
    may_pay: bool
    pay_label: str
    busy: bool


class CashInPresenter(Presenter[CashInView]):
    """Shows sums; whether paying is allowed is core's word."""

    def view(self, state: TerminalState) -> CashInView:
        cash = state.cash or CashView()
        paid_minor = max(0, cash.inserted_minor - cash.fee_minor)
        return CashInView(
            title=t("cash.title_stopped" if cash.acceptor_stopped else "cash.title"),
            inserted=rubles(cash.inserted_minor),
            asked=t("cash.asked", amount=rubles(cash.asked_minor)) if cash.asked_minor else "",
            progress=min(1.0, cash.inserted_minor / cash.asked_minor) if cash.asked_minor else 0.0,
            left=_left(cash),
            no_change="" if cash.acceptor_stopped or _is_over(cash) else _no_change(cash),
            told=_told(cash),
            chips=() if cash.acceptor_stopped else _chips(cash),
            fee=t("cash.fee", amount=rubles(cash.fee_minor)) if cash.fee_minor else "",
            may_pay=_may_pay(state),
            pay_label=t("cash.pay", amount=rubles(paid_minor)) if paid_minor else t("cash.pay_nothing"),
            busy=state.busy,
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        return PressPay() if key == "pay" and _may_pay(state) else None


def _chips(cash: CashView) -> tuple[NoteChip, ...]:
    return tuple(NoteChip(d, f"{d // 100}") for d in sorted(cash.denominations_minor))


def _may_pay(state: TerminalState) -> bool:
    return state.cash is not None and state.cash.may_pay and not state.busy


def _left(cash: CashView) -> str:
    """What is still missing, or what lies on top; before the first note what limits the payment, if anything does.

    Once the acceptor has stopped nothing asks for more money.
    """
    if not cash.inserted_minor:
        return "" if cash.acceptor_stopped else cash.limit_words
    if (lacking_minor := cash.amount_min_minor - cash.inserted_minor) > 0:
        return (
            ""
            if cash.acceptor_stopped
            else t("cash.minimum", amount=rubles(cash.amount_min_minor), lacking=rubles(lacking_minor))
        )
    over_minor = cash.inserted_minor - cash.asked_minor
    if not cash.asked_minor or over_minor == 0:
        return t("cash.enough")
    if over_minor > 0:
        return t("cash.over", amount=rubles(over_minor))
    return t("cash.rest" if cash.acceptor_stopped else "cash.left", amount=rubles(-over_minor))


def _is_over(cash: CashView) -> bool:
    return 0 < cash.asked_minor < cash.inserted_minor


def _no_change(cash: CashView) -> str:
    """The machine gives no change: what is over is an advance, and when the notes leave no choice, how much."""
    if not cash.advance_minor or cash.inserted_minor:
        return t("cash.no_change")
    return t("cash.advance", above=rubles(cash.above_minor), advance=rubles(cash.advance_minor))


def _told(cash: CashView) -> Told:
    """One sentence about the acceptor or the last note; what needs a hand comes first."""
    if cash.note_moving:
        return Told(t("cash.moving"), "info")
    if not cash.acceptor_ready:
        return _stopped(cash)
    if cash.in_doubt_minor:
        return Told(t("cash.in_doubt", amount=rubles(cash.in_doubt_minor)), "warn")
    if cash.note_answer is NoteAnswer.NONE:
        return Told(t("cash.insert_first"), "info")
    tone = "good" if cash.note_answer is NoteAnswer.STACKED else "warn"
    return Told(t(f"note.{cash.note_answer}"), tone)


def _stopped(cash: CashView) -> Told:
    if not cash.acceptor_stopped:
        return Told(t("cash.not_ready"), "info")
    if cash.may_pay:
        return Told(t("cash.stopped_money"), "warn")
    if cash.inserted_minor:
        return Told(t("cash.stopped_held"), "warn")
    return Told(t("cash.full" if cash.acceptor_fault in CASSETTE_FAULTS else "cash.stopped"), "warn")
