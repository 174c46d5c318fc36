"""The only way out for e-mail and SMS: a durable queue, and one job that empties it.

A message is put in the transaction of what it tells of, so neither exists without the other. It is claimed before it is
sent and ended after: a crash between the two sends it again under the same id (at least once to the far end, exactly
once into the queue). What cannot be delivered for three days is dead and has an owner.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.messaging.rules import (
    KEEP_S,
    Channel,
    MessageState,
    OutgoingMessage,
    leaves_at_ms,
    masked,
    tried_again_at_ms,
)
from signaling_server.messaging.senders import RefusedForeverError, Sender, TryLaterError
from signaling_server.storage import messages as rows

POLL_S = 1.0
CLAIM_S = 120.0  # longer than any try
TOGETHER_MAX = 20  # tries at one time
FORGET_PERIOD_S = 3_600.0
_LOG = logging.getLogger(__name__)


class Post:
    """Puts messages and delivers them."""

    def __init__(self, database: AsyncEngine, clock: Clock, senders: Mapping[Channel, Sender]) -> None:
        self._database = database
        self._clock = clock
        self._senders = senders
        self._forgot_at_s = 0.0
        # After every try, once it is stored: gone, waiting for another try, or given up.
        self.on_fate: Callable[[OutgoingMessage, MessageState], None] = lambda message, state: None

    def serves(self, channel: Channel) -> bool:
        """Whether this office has such a way out."""
        return channel in self._senders

    async def put(self, tx: AsyncConnection, message: OutgoingMessage) -> bool:
        """Queues a message in the caller's transaction. False: queued before, or the office has no such way out."""
        if not self.serves(message.channel):
            _LOG.warning("no way out for %s (%s)", message.channel, message.template)
            return False
        now_ms = self._now_ms()
        return await rows.put_message(tx, message, created_at_ms=now_ms, due_at_ms=leaves_at_ms(message, now_ms))

    async def run(self) -> None:
        """Delivers for as long as the office lives."""
        while True:
            try:
                while await self.deliver_due():
                    pass
                await self._forget()
            except SQLAlchemyError:
                _LOG.exception("the queue of messages cannot be read; it is asked again")
            await asyncio.sleep(POLL_S)

    async def deliver_due(self) -> int:
        """One round: tries what may leave now; gives how many were tried."""
        now_ms = self._now_ms()
        async with self._database.begin() as tx:
            due = await rows.due_messages(tx, now_ms=now_ms, count_max=TOGETHER_MAX)
            until_ms = now_ms + round(CLAIM_S * 1_000)
            claimed = [queued for queued in due if await rows.claim_message(tx, queued, until_ms=until_ms)]
        await asyncio.gather(*(self._try(queued) for queued in claimed))
        return len(claimed)

    async def _try(self, queued: rows.QueuedMessage) -> None:
        message, message_id = queued.message, queued.message_id
        sender = self._senders.get(message.channel)
        if sender is None:
            await self._failed(queued, "the office no longer has this way out")
            return
        try:
            gateway_id = await sender.send(message_id, message)
        except TryLaterError as error:
            await self._failed(queued, str(error))
        except RefusedForeverError as error:
            await self._give_up(queued, str(error))
        else:
            _LOG.info("%s %s left for %s", message.channel, message.template, masked(message.address))
            async with self._database.begin() as tx:
                at_ms = self._now_ms()
                await rows.end_message(tx, message_id, MessageState.SENT, at_ms=at_ms, gateway_id=gateway_id)
            self.on_fate(message, MessageState.SENT)

    async def _failed(self, queued: rows.QueuedMessage, why: str) -> None:
        again_at_ms = tried_again_at_ms(
            queued.message,
            attempts=queued.attempts + 1,
            created_at_ms=queued.created_at_ms,
            now_ms=self._now_ms(),
        )
        if again_at_ms is None:
            await self._give_up(queued, why)
            return
        _LOG.warning("%s to %s waits: %s", queued.message.template, masked(queued.message.address), why)
        async with self._database.begin() as tx:
            await rows.delay_message(tx, queued.message_id, due_at_ms=again_at_ms, error=why)
        self.on_fate(queued.message, MessageState.WAITING)

    async def _give_up(self, queued: rows.QueuedMessage, why: str) -> None:
        message = queued.message
        state = MessageState.EXPIRED if message.code_valid_s else MessageState.DEAD
        _LOG.error("%s to %s is given up: %s; owner %s", message.template, masked(message.address), why, message.owner)
        async with self._database.begin() as tx:
            await rows.end_message(tx, queued.message_id, state, at_ms=self._now_ms(), error=why)
        self.on_fate(message, state)

    async def dead(self) -> list[rows.QueuedMessage]:
        """What a person has to look at."""
        async with self._database.begin() as tx:
            return await rows.dead_messages(tx)

    async def revive(self, message_id: str) -> bool:
        """Tries a dead message again for three days. False: it is not dead."""
        async with self._database.begin() as tx:
            return await rows.revive_message(tx, message_id, at_ms=self._now_ms())

    async def _forget(self) -> None:
        now_s = self._clock.now_s()
        if now_s >= self._forgot_at_s + FORGET_PERIOD_S:
            self._forgot_at_s = now_s
            async with self._database.begin() as tx:
                await rows.forget_sent(tx, before_ms=milliseconds(now_s - KEEP_S))

    def _now_ms(self) -> int:
        return milliseconds(self._clock.now_s())
