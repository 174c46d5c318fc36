"""A written card that the agent offers to send by SMS or e-mail: read, addressed and confirmed by the customer. Pure.

Nothing leaves before his touch «Отправить», and then only the text that stood before him (clause 9.3.5c). The address
lies here until the end of the talk, since the order is told anew after a lost link; the office sends it once.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from payment.fiscal.contact import CONTACT_SIZE_MAX, ContactError, read_contact
from signaling_server.contract.card_sending import (
    SendCard,
    SendingKnown,
    SendingOffered,
    SendingState,
    SendingTold,
    SendingWay,
    WithdrawSending,
)
from terminal_app.core.tasks.phone_code import PHONE_LENGTH_MAX
from terminal_app.ipc.messages import GoBack
from terminal_app.ipc.pages import (
    NOTHING,
    Choice,
    Choose,
    Enter,
    Entry,
    EntryKind,
    Page,
    PageKind,
    Pair,
    Part,
    Phrase,
    Tone,
)

ANSWER_S_MAX = 10.0  # then he goes back to the talk; the order goes as soon as there is a line
LINE_LENGTH_MAX = 18  # signs beside the name of a row
DONE = "send_done"
PAGES = frozenset({DONE, *(f"send_{way}{step}" for way in SendingWay for step in ("", "_to", "_check"))})
_KINDS = {SendingWay.SMS: EntryKind.PHONE, SendingWay.EMAIL: EntryKind.EMAIL}
_LENGTHS = {SendingWay.SMS: PHONE_LENGTH_MAX, SendingWay.EMAIL: CONTACT_SIZE_MAX}


class Stage(enum.Enum):
    """Where the customer is with it; NONE: nothing is offered."""

    NONE = enum.auto()
    ASKED = enum.auto()
    TYPING = enum.auto()
    CHECKING = enum.auto()
    SENDING = enum.auto()
    DONE = enum.auto()


_STATES = {
    Stage.ASKED: SendingState.ASKED,
    Stage.TYPING: SendingState.TYPING,
    Stage.CHECKING: SendingState.CHECKING,
}
_TONES = {SendingState.QUEUED: Tone.GOOD, SendingState.MORNING: Tone.GOOD, SendingState.TAKEN: Tone.GOOD}


@dataclass(frozen=True, slots=True)
class Sending:
    """`address`: as he typed it; empty: the known one, or none yet."""

    stage: Stage = Stage.NONE
    sending_id: str = ""
    way: SendingWay = SendingWay.SMS
    text: str = ""
    morning: bool = False
    known: str = ""  # masked
    address: str = ""
    wrong: bool = False
    state: SendingState = SendingState.QUEUED  # DONE: what the office says
    since_s: float = 0.0  # SENDING
    account: str = ""  # of who is identified at this terminal
    ended: tuple[SendingTold | SendCard, ...] = ()  # of this talk

    @property
    def stands(self) -> bool:
        return self.stage is not Stage.NONE

    @property
    def types(self) -> bool:
        return self.stage is Stage.TYPING

    @property
    def busy(self) -> bool:
        return self.stage is Stage.SENDING


NO_SENDING = Sending()
Press = Choose | Enter | GoBack
Event = SendingOffered | SendingKnown | SendingTold | WithdrawSending | Press


def told(call_id: str, sending: Sending) -> list[SendingTold | SendCard]:
    """All of it, for office and agent; an order stays told until the talk ends."""
    return [*sending.ended, *_now(call_id, sending)]


def stepped(sending: Sending, event: Event, call_id: str, now_s: float) -> Sending:
    """One event. What comes too late changes nothing."""
    match event:
        case SendingOffered():
            over = (*sending.ended, *_now(call_id, sending))
            fresh = Sending(Stage.ASKED, event.sending_id, event.way, event.text, event.morning)
            return replace(fresh, account=sending.account, ended=over)
        case SendingKnown() | SendingTold() | WithdrawSending() if event.sending_id != sending.sending_id:
            return sending
        case SendingKnown(to=to):
            return replace(sending, known=to)
        case WithdrawSending() if sending.stage in _STATES:
            return _left(sending, call_id, SendingState.WITHDRAWN)
        case SendingTold(state=SendingState.BAD_ADDRESS) if sending.stage is Stage.SENDING:
            return replace(sending, stage=Stage.TYPING, wrong=True)
        case SendingTold(state=state) if sending.stage in (Stage.SENDING, Stage.DONE):
            return replace(sending, stage=Stage.DONE, state=state)
        case GoBack():
            return replace(sending, stage=Stage.ASKED) if sending.types else sending
        case Choose() | Enter() if event.page == page(sending).name:
            return _pressed(sending, event, call_id, now_s)
        case _:
            return sending


def ticked(sending: Sending, account: str, now_s: float) -> Sending:
    """Nobody is kept from the talk by a lost line."""
    if sending.stage is Stage.SENDING and now_s - sending.since_s >= ANSWER_S_MAX:
        sending = replace(sending, stage=Stage.DONE, state=SendingState.RETRYING)
    return sending if sending.account == account else replace(sending, account=account)


def page(sending: Sending) -> Page:
    """What stands before the customer."""
    name, no = f"send_{sending.way}", Choice("no")
    match sending.stage:
        case Stage.ASKED:
            known = [Choice("known", Phrase(f"{name}.known", {"to": sending.known}))] if sending.known else []
            choices = [*known, Choice("other" if known else "type"), no]
            parts = [Part(text=Phrase(text=piece)) for piece in sending.text.split("\n\n")]
            return Page(name, PageKind.TEXT, parts=parts, choices=choices, back=False)
        case Stage.TYPING:
            wrong = Phrase(f"{name}_to.wrong") if sending.wrong else NOTHING
            entry = Entry(_KINDS[sending.way], sending.address, _LENGTHS[sending.way], error=wrong)
            return Page(f"{name}_to", PageKind.ENTRY, entry=entry)
        case Stage.CHECKING | Stage.SENDING:
            where = Pair(Phrase(f"{name}_check.to"), Phrase(text=_readable(sending.address) or sending.known))
            sentence = Phrase(f"{name}_check.morning") if sending.morning else NOTHING
            choices = [Choice("send"), Choice("change"), no]
            return Page(
                f"{name}_check", PageKind.SUMMARY, sentence=sentence, pairs=[where], choices=choices, back=False
            )
        case _:
            tone = _TONES.get(sending.state, Tone.WARN)
            said = Phrase(f"{DONE}.{sending.state}.title")
            sentence = Phrase(f"{DONE}.{sending.state}")
            return Page(DONE, PageKind.SUMMARY, said, sentence, tone, choices=[Choice("close")], back=False)


def _pressed(sending: Sending, press: Choose | Enter, call_id: str, now_s: float) -> Sending:
    """The customer's touch."""
    if isinstance(press, Enter):
        return _typed(sending, press.text) if sending.types else sending
    match press.key, sending.stage:
        case "no", Stage.ASKED | Stage.CHECKING:
            return _left(sending, call_id, SendingState.DECLINED)
        case "known", Stage.ASKED if sending.known:
            return replace(sending, stage=Stage.CHECKING, address="")
        case "other" | "type", Stage.ASKED:
            return replace(sending, stage=Stage.TYPING)
        case "change", Stage.CHECKING:
            return replace(sending, stage=Stage.TYPING, wrong=False)
        case "send", Stage.CHECKING:
            return replace(sending, stage=Stage.SENDING, since_s=now_s)
        case "close", Stage.DONE:
            return _over(sending, _now(call_id, sending))
        case _:
            return sending


def _typed(sending: Sending, text: str) -> Sending:
    try:
        address = read_contact(text)
    except ContactError:
        return replace(sending, address=text, wrong=True)
    if ("@" in address) is not (sending.way is SendingWay.EMAIL):
        return replace(sending, address=text, wrong=True)
    return replace(sending, stage=Stage.CHECKING, address=address, wrong=False)


def _now(call_id: str, sending: Sending) -> list[SendingTold | SendCard]:
    if sending.stage in (Stage.SENDING, Stage.DONE):
        return [SendCard(call_id, sending.sending_id, sending.address)]
    if (state := _STATES.get(sending.stage)) is None:
        return []
    return [SendingTold(call_id, sending.sending_id, sending.way, state, account=sending.account)]


def _left(sending: Sending, call_id: str, state: SendingState) -> Sending:
    return _over(sending, [SendingTold(call_id, sending.sending_id, sending.way, state)])


def _over(sending: Sending, told: list[SendingTold | SendCard]) -> Sending:
    return Sending(account=sending.account, ended=(*sending.ended, *told))


def _readable(address: str) -> str:
    """A phone in groups of digits; a long e-mail on two lines."""
    if "@" in address:
        return address.replace("@", "\n@") if len(address) > LINE_LENGTH_MAX else address
    if len(address) != len("+79211234567"):
        return address
    return f"{address[:2]} {address[2:5]} {address[5:8]}-{address[8:10]}-{address[10:]}"
