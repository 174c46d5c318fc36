"""The one connection to the office: WebSocket over mutual TLS, reconnected with full jitter for ever."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
import time
from collections.abc import Callable

import aiohttp
import msgspec

from signaling_server.contract.messages import (
    MESSAGE_SIZE_MAX,
    Heartbeat,
    ServerToTerminal,
    TerminalHello,
    TerminalToServer,
    TerminalWelcome,
    encode,
)
from terminal_app.addresses import local_addresses

CONNECT_S_MAX = 10.0
CLOSE_S_MAX = 0.5  # nobody may be there to say goodbye to
PUT_S_MAX = 60.0  # a paper over a slow modem
BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 15.0
HURRIED_S = 1.2  # a call waits for its new path: attempts are short and follow at once
HURRIED_PAUSE_S = 0.3
ADDRESS_PERIOD_S = 0.5
LOGGED_ATTEMPTS = 3  # of a series; a hurried one has hundreds
SILENCE_S_MAX = 20.0  # the office pings every 5 s or less; longer silence is a dead path
SEND_QUEUE_MAX = 200

_log = logging.getLogger(__name__)


class Link:
    """Sends what core says and hands over what the office says. Nothing waits for it."""

    def __init__(
        self,
        url: str,
        tls: ssl.SSLContext | None,
        *,
        hello: Callable[[], TerminalHello],
        heartbeat: Callable[[int], Heartbeat],
        on_message: Callable[[ServerToTerminal], None],
        on_changed: Callable[[TerminalWelcome | None], None],
        hurried: Callable[[], bool] = lambda: False,
    ) -> None:
        """`hurried`: somebody waits for this link now."""
        self._hurried = hurried
        self._base = url.rstrip("/")
        self._url = self._base + "/ws/terminal"
        self._tls = tls
        self._hello = hello
        self._heartbeat = heartbeat
        self._on_message = on_message
        self._on_changed = on_changed
        self._decoder: msgspec.json.Decoder[ServerToTerminal] = msgspec.json.Decoder(ServerToTerminal)
        self._outgoing: asyncio.Queue[TerminalToServer] = asyncio.Queue(SEND_QUEUE_MAX)
        self._nudge = asyncio.Event()
        self._connected = False

    def send(self, message: TerminalToServer) -> None:
        """Queued while connected; dropped otherwise, since each side tells its state anew after connecting."""
        if not self._connected:
            return
        try:
            self._outgoing.put_nowait(message)
        except asyncio.QueueFull:
            _log.error("the office does not take our messages: reconnecting")
            self._nudge.set()

    def changed(self) -> None:
        """Something the office shows has changed: the next heartbeat goes out at once."""
        self._nudge.set()

    async def put(self, path: str, content: bytes) -> int:
        """Brings content to a path that the office has granted; its status. Raises OSError."""
        try:
            async with self.session(PUT_S_MAX) as session, session.put(path, data=content) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(type(error).__name__) from error

    async def get(self, path: str, size_max: int) -> bytes:
        """Content from a path that the office has granted. Raises OSError: not given, or larger than `size_max`."""
        try:
            async with self.session(PUT_S_MAX) as session, session.get(path) as answer:
                if not answer.ok or (answer.content_length or size_max + 1) > size_max:
                    raise OSError(f"HTTP {answer.status}, {answer.content_length} bytes")
                return await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(type(error).__name__) from error

    def session(self, total_s_max: float) -> aiohttp.ClientSession:
        """For requests to the office beside the link, as this terminal. The caller closes it."""
        connector = aiohttp.TCPConnector(ssl=self._tls if self._tls is not None else True)
        return aiohttp.ClientSession(self._base, timeout=aiohttp.ClientTimeout(total=total_s_max), connector=connector)

    async def run(self) -> None:
        attempt = 0
        while True:
            try:
                if await self._connect_once():
                    attempt = 0
            except (aiohttp.ClientError, OSError, TimeoutError, ssl.SSLError) as error:
                if attempt < LOGGED_ATTEMPTS:
                    _log.info("no link to the office: %s", type(error).__name__)
            attempt += 1
            await self._pause(random.uniform(0, min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2**attempt)))

    async def _pause(self, wait_s: float) -> None:
        """Between attempts; cut short when somebody begins to wait, or the network is another one."""
        addresses, until_s = local_addresses(), time.monotonic() + wait_s
        while (left_s := until_s - time.monotonic()) > 0:
            await asyncio.sleep(min(left_s, HURRIED_PAUSE_S))
            if self._hurried() or local_addresses() != addresses:
                return

    async def _connect_once(self) -> bool:
        connect_s = HURRIED_S if self._hurried() else CONNECT_S_MAX
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_s)
        connector = aiohttp.TCPConnector(ssl=self._tls if self._tls is not None else True)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
            async with session.ws_connect(
                self._url,
                heartbeat=SILENCE_S_MAX / 2,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S_MAX),
                max_msg_size=MESSAGE_SIZE_MAX,
                compress=0,
            ) as socket:
                watch = asyncio.create_task(_close_when_address_goes(socket))
                try:
                    return await self._talk(socket)
                finally:
                    watch.cancel()

    async def _talk(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        while not self._outgoing.empty():
            self._outgoing.get_nowait()  # said to an older connection
        await socket.send_str(encode(self._hello()).decode())
        welcomed = False
        sender: asyncio.Task[None] | None = None
        try:
            async for frame in socket:
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    break
                message = self._decode(frame.data)
                if isinstance(message, TerminalWelcome):
                    welcomed = self._connected = True
                    sender = sender or asyncio.create_task(self._send_all(socket, message.heartbeat_period_ms / 1000))
                    self._on_changed(message)
                elif message is not None:
                    self._on_message(message)
        finally:
            if sender is not None:
                sender.cancel()
                await asyncio.gather(sender, return_exceptions=True)
            if self._connected:
                self._connected = False
                self._on_changed(None)
        return welcomed

    def _decode(self, text: str) -> ServerToTerminal | None:
        try:
            return self._decoder.decode(text)
        except msgspec.DecodeError:
            _log.error("the office sent what this release does not know")
            return None

    async def _send_all(self, socket: aiohttp.ClientWebSocketResponse, period_s: float) -> None:
        """Messages as they come; a heartbeat every period, whatever else is said, and after each change."""
        sequence = 0
        due_s = time.monotonic() + period_s
        while not socket.closed:
            message = await self._next_message(due_s)
            if message is None:
                self._nudge.clear()
                sequence += 1
                due_s = time.monotonic() + period_s * random.uniform(0.9, 1.1)
                message = self._heartbeat(sequence)
            await socket.send_str(encode(message).decode())
            del message  # what a customer typed does not lie here until the next one

    async def _next_message(self, due_s: float) -> TerminalToServer | None:
        """What is queued; None when a heartbeat is due or something changed."""
        nudged = asyncio.create_task(self._nudge.wait())
        queued = asyncio.create_task(self._outgoing.get())
        try:
            wait_s = max(0.0, due_s - time.monotonic())
            await asyncio.wait((nudged, queued), timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
            return queued.result() if queued.done() else None
        finally:
            nudged.cancel()
            queued.cancel()


async def _close_when_address_goes(socket: aiohttp.ClientWebSocketResponse) -> None:
    """A connection from an address that the terminal has no more is dead, and would say so only after its silence."""
    ours = (socket.get_extra_info("sockname") or ("",))[0]
    if ours not in local_addresses():
        return  # over the loopback
    while ours in local_addresses():  # noqa: ASYNC110 - the kernel tells nobody
        await asyncio.sleep(ADDRESS_PERIOD_S)
    _log.warning("an address of the terminal is gone: the office is called anew")
    await socket.close()
