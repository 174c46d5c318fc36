"""A call in a room of the media server: each party sends one feed into it, and gets those of others that it may.

The desk says who is here; one worker follows, so that the desk never waits for the media server.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from signaling_server.contract.messages import IceCandidate, IceServer, Plate, RoomChanged, SdpAnswer, SdpOffer
from signaling_server.contract.rooms import CUSTOMER, Party
from signaling_server.desk.call import Call
from signaling_server.desk.call_engine import Description
from signaling_server.desk.links import Links
from signaling_server.desk.room_views import View, views
from signaling_server.media_server.janus import Handle, Janus, MediaServerError, Room

UP_S_MAX = 30.0  # from a party's offer until its path stands; its side tries anew long before
LINGER_S = 1.5  # what nobody is to get any more is closed after whom it went to has been told
_LOG = logging.getLogger(__name__)


class RoomCall:
    """A `CallEngine`. `plate` is the agent's, for the terminal."""

    def __init__(
        self,
        call: Call,
        janus: Janus,
        terminals: Links,
        pages: Links,
        *,
        plate: Plate,
        ice_servers: list[IceServer],
        on_failed: Callable[[str], None],
    ) -> None:
        self.parties: dict[str, Party] = {}
        self.plate = plate
        self.media_epoch = call.media_epoch
        self.call = call
        self._janus = janus
        self._terminals, self._pages = terminals, pages
        self._ice_servers = ice_servers
        self._on_failed = on_failed
        self._room: Room | None = None
        self._host: Handle | None = None  # no party's: the room is made and ended by it
        self._feeds: dict[str, tuple[Handle, int]] = {}
        self._views: dict[View, Handle] = {}
        self._work: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self._working = asyncio.create_task(self._follow())
        self._watching = asyncio.create_task(self._watch())
        self._tasks: set[asyncio.Task[None]] = set()

    # --- as an engine --------------------------------------------------------------------------------------------

    def has(self, sender_id: str) -> bool:
        return sender_id == self.call.terminal_id or sender_id in self.parties

    def take(self, sender_id: str, message: Description) -> None:
        party_id = CUSTOMER if sender_id == self.call.terminal_id else sender_id
        self._work.put_nowait(lambda: self._take(party_id, message))

    def renew(self, media_epoch: int) -> None:
        """Everybody sends and gets anew, by this epoch."""
        self.media_epoch = media_epoch
        self._work.put_nowait(self._leave_all)
        self.tell()

    # --- by the desk ---------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """To everybody, who is here now; what each gets follows."""
        told = RoomChanged(self.call.call_id, self.media_epoch, list(self.parties.values()), self._ice_servers)
        self._terminals.send(self.call.terminal_id, replace(told, plate=self.plate))
        for party_id in self.parties:
            self._pages.send(party_id, replace(told, you=party_id, site=self.call.site, topic=self.call.topic))
        self._work.put_nowait(self._settle)

    def close_after(self, seconds: float) -> None:
        """The room ends; meanwhile whoever is still in it gets what he got."""
        self._spawn(self._close(seconds))

    async def close(self) -> None:
        """At once."""
        for task in list(self._tasks):
            task.cancel()
        await self._close(0.0)

    # --- the worker ----------------------------------------------------------------------------------------------

    async def _follow(self) -> None:
        try:
            while True:
                await (await self._work.get())()
        except MediaServerError as error:
            _LOG.warning("the room of a call has failed: %s", error)
            self._on_failed(self.call.call_id)

    async def _watch(self) -> None:
        await self._janus.lost.wait()
        self._on_failed(self.call.call_id)

    async def _take(self, party_id: str, message: Description) -> None:
        if message.media_epoch != self.media_epoch or (party_id != CUSTOMER and party_id not in self.parties):
            return
        match message:
            case SdpOffer():
                await self._publish(party_id, message.sdp)
            case SdpAnswer() if (handle := self._views.get((party_id, message.feed))) is not None:
                await handle.start(message.sdp)
            case IceCandidate():
                sends = self._feeds.get(party_id, (None, 0))[0]
                handle = self._views.get((party_id, message.feed)) if message.feed else sends
                if handle is not None:
                    await handle.trickle(message.candidate, message.sdp_mid, message.sdp_mline_index)

    async def _publish(self, party_id: str, sdp: str) -> None:
        if self._room is None:
            self._host = await self._janus.attach()
            self._room = await self._host.create()
        if (former := self._feeds.pop(party_id, None)) is not None:
            await self._drop([former[0], *self._take_views(lambda view: view[1] == party_id)])
        handle = await self._janus.attach()
        number, answer = await handle.publish(self._room, sdp)
        self._feeds[party_id] = (handle, number)
        self._send(party_id, SdpAnswer(self.call.call_id, self.media_epoch, answer))
        self._spawn(self._settle_when_up(handle))

    async def _settle_when_up(self, handle: Handle) -> None:
        """Janus gives nobody what does not come yet."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(UP_S_MAX):
                await handle.up.wait()
            self._work.put_nowait(self._settle)

    async def _settle(self) -> None:
        """Everybody gets what he may of what is there, and nothing else."""
        coming = {party_id for party_id, (handle, _) in self._feeds.items() if handle.up.is_set()}
        wanted = {view for view in views(self.parties.values()) if view[1] in coming and view[0] in self._feeds}
        gone = self._take_views(lambda view: view not in wanted)
        for party_id in [each for each in self._feeds if each != CUSTOMER and each not in self.parties]:
            gone.append(self._feeds.pop(party_id)[0])
        if gone:
            self._spawn(self._drop_later(gone))
        for viewer, feed in sorted(wanted - set(self._views)):
            assert self._room is not None, "a feed is in a room"
            handle = await self._janus.attach()
            self._views[viewer, feed] = handle
            offer = await handle.subscribe(self._room, self._feeds[feed][1])
            self._send(viewer, SdpOffer(self.call.call_id, self.media_epoch, offer, feed))

    async def _leave_all(self) -> None:
        handles = [*self._take_views(lambda view: True), *(handle for handle, _ in self._feeds.values())]
        self._feeds.clear()
        await self._drop(handles)

    async def _drop_later(self, handles: list[Handle]) -> None:
        await asyncio.sleep(LINGER_S)
        await self._drop(handles)

    async def _drop(self, handles: list[Handle]) -> None:
        for handle in handles:
            await handle.detach()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(task := asyncio.create_task(work))
        task.add_done_callback(self._tasks.discard)

    def _take_views(self, those: Callable[[View], bool]) -> list[Handle]:
        return [self._views.pop(view) for view in list(self._views) if those(view)]

    def _send(self, party_id: str, message: Struct) -> None:
        if party_id == CUSTOMER:
            self._terminals.send(self.call.terminal_id, message)
        else:
            self._pages.send(party_id, message)

    async def _close(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._working.cancel()
        self._watching.cancel()
        await self._leave_all()
        if self._host is not None and self._room is not None:
            host, room, self._host = self._host, self._room, None
            try:
                await host.destroy(room)
            except MediaServerError as error:  # it goes with its session
                _LOG.info("a room was not ended by us: %s", error)
            await host.detach()
