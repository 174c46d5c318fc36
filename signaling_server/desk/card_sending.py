"""Written cards of calls to the customer's phone or mailbox: offered by the agent, confirmed by the customer's touch.

What leaves is the text that the office has kept of the card. Offers lie in memory; a message that was confirmed lies in
the queue of `messaging/post.py`, whose rules say when it leaves, and its fate is told for as long as the call lives.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.card_sending import (
    SENDINGS_MAX,
    OfferSending,
    SendCard,
    SendingKnown,
    SendingOffered,
    SendingState,
    SendingTold,
    SendingWay,
    WithdrawSending,
)
from signaling_server.contract.notes import PRINTABLE, CallNote, CardAnswer, CardKind, NoteAuthor
from signaling_server.desk.call import Call
from signaling_server.desk.calls import Calls
from signaling_server.desk.links import Links
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import (
    AddressError,
    Channel,
    MessageState,
    OutgoingMessage,
    checked_email,
    checked_phone,
    leaves_at_ms,
    masked,
)
from signaling_server.messaging.templates import SMS_LENGTH_MAX, write_email, write_sms
from signaling_server.schedules.zones import Zones
from signaling_server.storage.call_cards import ShownCard, keep_card, shown_card
from signaling_server.storage.codes import informed_phones
from signaling_server.storage.messages import state_of_message

TEMPLATE, KEY = "call_card", "call-card"
_TITLES = {
    CardKind.WRITTEN: "Запись из разговора с консультантом",
    CardKind.SUMMARY: "Итог разговора с консультантом",
    CardKind.PLAN: "Что будет сделано по вашему вопросу",
}
_CHANNELS = {SendingWay.SMS: Channel.SMS, SendingWay.EMAIL: Channel.EMAIL}
_WAYS = {channel: way for way, channel in _CHANNELS.items()}
_FATES = {
    MessageState.WAITING: SendingState.RETRYING,
    MessageState.SENT: SendingState.TAKEN,
    MessageState.DEAD: SendingState.FAILED,
}
_ANSWERS = {SendingWay.SMS: CardAnswer.SMS, SendingWay.EMAIL: CardAnswer.EMAIL}
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OfficeMessages:
    """The way out, and whose night it is there."""

    post: Post
    zones: Zones


@dataclass(frozen=True, slots=True)
class _Offer:
    call_id: str
    terminal_id: str
    note_id: str
    way: SendingWay
    message: OutgoingMessage  # without its address
    known: str = ""  # where it may go without typing
    told: SendingTold | None = None  # of the office, once it was confirmed


class CardSendings:
    """`out`: None where the office sends nothing."""

    def __init__(
        self,
        database: AsyncEngine,
        clock: Clock,
        terminals: Links,
        pages: Links,
        calls: Calls,
        out: OfficeMessages | None,
        company: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._terminals = terminals
        self._pages = pages
        self._calls = calls
        self._out = out
        self._company = company
        self._offers: dict[str, _Offer] = {}  # by sending
        if out is not None:
            out.post.on_fate = self.fate

    # --- the agent -------------------------------------------------------------------------------------------------

    async def from_agent(self, agent_id: str, message: OfferSending | WithdrawSending) -> None:
        call = self._calls.talk(message.call_id)
        if call is None or call.agent_id != agent_id:
            _LOG.info("%s refused: not of the agent of a call on the air", type(message).__name__)
            return
        if isinstance(message, WithdrawSending):
            offer = self._offers.get(message.sending_id)
            if offer is not None and offer.told is None:
                del self._offers[message.sending_id]
                self._terminals.send(call.terminal_id, message)
            return
        if message.sending_id in self._offers:
            return  # told twice it stands once
        refused = await self._offer(call, message)
        if refused is not None:
            told = SendingTold(message.call_id, message.sending_id, message.way, refused)
            self._pages.send(agent_id, told)

    async def _offer(self, call: Call, asked: OfferSending) -> SendingState | None:
        """Stands before the customer when it returns None; else why it is not offered."""
        if self._out is None or not self._out.post.serves(_CHANNELS[asked.way]):
            return SendingState.NO_WAY
        if sum(offer.call_id == call.call_id for offer in self._offers.values()) >= SENDINGS_MAX:
            return SendingState.TOO_MANY
        async with self._database.begin() as tx:
            card = await shown_card(tx, call.call_id, asked.note_id)
            offset = await self._out.zones.of_terminal(tx, call.terminal_id)
        if card is None or card.kind not in PRINTABLE:
            return SendingState.NOT_SHOWN
        message = replace(self._message(call, asked, card), utc_offset_minutes=offset)
        if asked.way is SendingWay.SMS and len(message.body) > SMS_LENGTH_MAX:
            return SendingState.TOO_LONG
        self._offers[asked.sending_id] = _Offer(call.call_id, call.terminal_id, asked.note_id, asked.way, message)
        offered = SendingOffered(call.call_id, asked.sending_id, asked.way, message.body, self._waits(message))
        self._terminals.send(call.terminal_id, offered)
        return None

    def _message(self, call: Call, asked: OfferSending, card: ShownCard) -> OutgoingMessage:
        key, channel = f"{KEY}:{call.call_id}:{asked.sending_id}", _CHANNELS[asked.way]
        if asked.way is SendingWay.SMS:
            text = f"{card.title}. {card.text}" if card.title else card.text
            written = write_sms(TEMPLATE, text=text, company=self._company)
        else:
            title = " ".join((card.title or _TITLES[card.kind]).split())
            written = write_email(TEMPLATE, title=title, text=card.text, company=self._company)
        return OutgoingMessage(key, channel, "", written.body, TEMPLATE, written.owner, written.subject)

    def _waits(self, message: OutgoingMessage) -> bool:
        now_ms = milliseconds(self._clock.now_s())
        return leaves_at_ms(message, now_ms) > now_ms

    # --- the customer ----------------------------------------------------------------------------------------------

    async def from_terminal(self, terminal_id: str, message: SendingTold | SendCard, now_s: float) -> None:
        call = self._calls.talk(message.call_id)
        if call is None or call.terminal_id != terminal_id:
            _LOG.info("%s refused: not of the terminal of a call on the air", type(message).__name__)
            return
        offer = self._offers.get(message.sending_id)
        if isinstance(message, SendCard):
            await self._confirmed(call, message, offer, now_s)
        elif offer is not None and offer.told is not None:
            self._tell(call, offer.told)  # the terminal tells of an earlier time
        else:
            self._pages.send(call.agent_id, structs.replace(message, account=""))
            if offer is not None and message.account and not offer.known:
                await self._find_known(message, offer)

    async def _find_known(self, told: SendingTold, offer: _Offer) -> None:
        """A phone proved by a code for his account; of several nobody knows which is his."""
        if offer.way is not SendingWay.SMS:
            return
        async with self._database.begin() as tx:
            phones = await informed_phones(tx, told.account)
        if len(phones) == 1:
            self._offers[told.sending_id] = replace(offer, known=phones[0])
            known = SendingKnown(offer.call_id, told.sending_id, masked(phones[0]))
            self._terminals.send(offer.terminal_id, known)

    async def _confirmed(self, call: Call, card: SendCard, offer: _Offer | None, now_s: float) -> None:
        if offer is None:
            await self._confirmed_before(call, card)
            return
        if offer.told is not None:
            self._tell(call, offer.told)
            return
        told = SendingTold(call.call_id, card.sending_id, offer.way, SendingState.BAD_ADDRESS)
        try:
            address = _checked(offer.way, card.address) if card.address else offer.known
        except AddressError:
            address = ""
        if not address:
            self._terminals.send(call.terminal_id, told)
            return
        message = replace(offer.message, address=address)
        state = SendingState.MORNING if self._waits(message) else SendingState.QUEUED
        told = structs.replace(told, state=state, to=masked(address))
        self._offers[card.sending_id] = replace(offer, told=told)  # its fate may come before the next line
        assert self._out is not None, "it was offered"
        async with self._database.begin() as tx:
            await self._out.post.put(tx, message)
            await _keep_touch(tx, offer, card.sending_id, told.to, at_ms=milliseconds(now_s))
        self._tell(call, self._offers[card.sending_id].told or told)

    async def _confirmed_before(self, call: Call, card: SendCard) -> None:
        """After our restart: what was queued goes, of the rest nobody knows."""
        async with self._database.begin() as tx:
            found = await state_of_message(tx, f"{KEY}:{call.call_id}:{card.sending_id}")
        if found is None:
            way = SendingWay.EMAIL if "@" in card.address else SendingWay.SMS
            self._tell(call, SendingTold(call.call_id, card.sending_id, way, SendingState.FAILED))
            return
        channel, state = found
        fate = SendingState.QUEUED if state is MessageState.WAITING else _FATES[state]
        self._tell(call, SendingTold(call.call_id, card.sending_id, _WAYS[channel], fate))

    # --- the way out -----------------------------------------------------------------------------------------------

    def fate(self, message: OutgoingMessage, state: MessageState) -> None:
        """Of any message that was tried; those of live calls are told."""
        if message.template != TEMPLATE:
            return
        _, call_id, sending_id = message.idempotency_key.split(":")
        call, offer = self._calls.live(call_id), self._offers.get(sending_id)
        if call is None:
            return
        told = SendingTold(call_id, sending_id, _WAYS[message.channel], _FATES[state], masked(message.address))
        if offer is not None:
            self._offers[sending_id] = replace(offer, told=told)
        self._tell(call, told)

    def forget_over(self) -> None:
        """Offers of calls that are closed."""
        self._offers = {key: offer for key, offer in self._offers.items() if self._calls.live(offer.call_id)}

    def _tell(self, call: Call, told: SendingTold) -> None:
        self._pages.send(call.agent_id, told)
        self._terminals.send(call.terminal_id, told)


def _checked(way: SendingWay, address: str) -> str:
    """Raises AddressError."""
    return checked_phone(address) if way is SendingWay.SMS else checked_email(address)


async def _keep_touch(tx: AsyncConnection, offer: _Offer, sending_id: str, to: str, *, at_ms: int) -> None:
    """With the call: which card went where by the customer's touch."""
    author, answer = NoteAuthor.CUSTOMER, _ANSWERS[offer.way]
    note = CallNote(offer.call_id, sending_id, author, to, answer_to=offer.note_id, answer=answer)
    await keep_card(tx, note, at_ms=at_ms, shown=True)
