"""Where what is said of a call's media goes, by the engine that the call has now."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from signaling_server.contract.messages import SdpOffer
from signaling_server.desk.call import Call
from signaling_server.desk.call_engine import CallEngine, Description, DirectCall
from signaling_server.desk.links import Links
from signaling_server.desk.room_call import RoomCall

MEDIA_EPOCH_MAX = 1_000_000
_LOG = logging.getLogger(__name__)


class MediaPath:
    """Of every call on the air; `rooms` are those of three and more."""

    def __init__(
        self,
        talk: Callable[[str], Call | None],
        begin_epoch: Callable[[str, int], Awaitable[Call]],
        terminals: Links,
        pages: Links,
    ) -> None:
        self.rooms: dict[str, RoomCall] = {}
        self._talk = talk
        self._begin_epoch = begin_epoch
        self._terminals, self._pages = terminals, pages

    def engine(self, call: Call) -> CallEngine:
        return self.rooms.get(call.call_id) or DirectCall(call, self._terminals, self._pages)

    async def relay(self, sender_id: str, message: Description) -> None:
        """Of a terminal or an agent. The terminal may begin a new media epoch by its offer."""
        call = self._talk(message.call_id)
        engine = self.engine(call) if call is not None else None
        if call is None or engine is None or not engine.has(sender_id):
            return _refuse(message)
        begins = isinstance(message, SdpOffer) and sender_id == call.terminal_id
        if begins and call.media_epoch < message.media_epoch <= MEDIA_EPOCH_MAX:
            call = await self._begin_epoch(call.call_id, message.media_epoch)
            engine.renew(call.media_epoch)
        if message.media_epoch != call.media_epoch:
            return _refuse(message)
        engine.take(sender_id, message)
        return None


def _refuse(message: Description) -> None:
    _LOG.info("%s refused: not of the sides of a call on the air", type(message).__name__)
