"""One open WebSocket: bounded both ways, and gone from memory as soon as it is closed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import WSCloseCode, WSMsgType, web
from msgspec import Struct

from signaling_server.contract.messages import MESSAGE_SIZE_MAX, MessageError, encode
from signaling_server.desk.links import CLOSE_SILENT

SEND_QUEUE_MAX = 256  # frames; who is further behind is closed
FRAMES_PER_S_MAX = 100  # averaged over the burst below; a call's start brings about twenty
FRAMES_BURST_MAX = 300
CLOSE_S_MAX = 1.0  # how long the other side may take to answer a close
REASON_BYTES_MAX = 120  # a close frame carries 123
_LOG = logging.getLogger(__name__)


class Connection:
    """The sending half is an `Outlet`: it queues and never waits. Frames are read with `receive`."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, name: str) -> None:
        self.close_code: int | None = None  # why we closed it
        self._socket = socket
        self._transport = transport
        self._name = name
        self._reason = ""
        self._queue: deque[str] = deque()
        self._wake = asyncio.Event()
        self._reading: asyncio.Timeout | None = None
        self._read_over = asyncio.Event()
        self._read_over.set()
        self._allowance = float(FRAMES_BURST_MAX)
        self._refilled_at_s = time.monotonic()

    @property
    def response(self) -> web.WebSocketResponse:
        """What the handler returns."""
        return self._socket

    def send(self, message: Struct) -> None:
        if self.close_code is not None:
            return
        if len(self._queue) >= SEND_QUEUE_MAX:
            _LOG.warning("%s does not read what it is sent: dropped", self._name)
            self.close_code = WSCloseCode.TRY_AGAIN_LATER
            if self._transport is not None:
                self._transport.abort()  # a close frame would wait behind the queue
            return
        self._queue.append(encode(message).decode())
        self._wake.set()

    def close(self, code: int, reason: str) -> None:
        """What is queued still leaves first."""
        if self.close_code is None:
            self.close_code, self._reason = code, reason
            self._wake.set()
            if self._reading is not None:
                self._reading.reschedule(asyncio.get_running_loop().time())

    async def receive(self, silence_s: float) -> str | None:
        """The next text frame; None when it is over. Silence, binary frames and floods end it from here."""
        if self.close_code is not None:
            return None
        self._read_over.clear()
        try:
            async with asyncio.timeout(silence_s) as self._reading:
                message = await self._socket.receive()
        except TimeoutError:
            self._reading = None  # it has run out: there is nothing to cut short
            self.close(CLOSE_SILENT, f"silent for {silence_s:g} s")  # changes nothing where `close` ended the reading
            return None
        finally:
            self._reading = None
            self._read_over.set()
        if message.type is WSMsgType.BINARY:
            self.close(WSCloseCode.UNSUPPORTED_DATA, "only text frames")
        elif message.type is WSMsgType.TEXT and not self._within_allowance():
            self.close(WSCloseCode.POLICY_VIOLATION, "too many frames")
        elif message.type is WSMsgType.TEXT and self.close_code is None:
            return str(message.data)
        return None  # closed by the other side, or an error that aiohttp has answered itself

    def _within_allowance(self) -> bool:
        now_s = time.monotonic()
        refill = (now_s - self._refilled_at_s) * FRAMES_PER_S_MAX
        self._allowance = min(FRAMES_BURST_MAX, self._allowance + refill) - 1
        self._refilled_at_s = now_s
        return self._allowance >= 0

    async def write(self) -> None:
        """Sends what is queued, then the close; ends with the connection."""
        try:
            while self._queue or self.close_code is None:
                while self._queue:
                    await self._socket.send_str(self._queue.popleft())
                if self.close_code is None:
                    self._wake.clear()
                    await self._wake.wait()
            await self._read_over.wait()  # aiohttp drops a socket that is still read before the other side has answered
            reason = self._reason.encode()[:REASON_BYTES_MAX].decode(errors="ignore").encode()
            await self._socket.close(code=self.close_code or WSCloseCode.OK, message=reason)
        except (ConnectionError, RuntimeError):  # the other side has gone already
            _LOG.debug("%s went before it was told all", self._name)


class Connections:
    """The open ones of one site."""

    def __init__(self) -> None:
        self.open: set[Connection] = set()

    def close_all(self, code: int, reason: str) -> None:
        for opened in list(self.open):
            opened.close(code, reason)


CONNECTIONS = web.AppKey("connections", Connections)


@asynccontextmanager
async def connection(request: web.Request, name: str) -> AsyncIterator[Connection]:
    """Opens the socket, logs and answers whatever goes wrong inside, and leaves nothing behind."""
    socket = web.WebSocketResponse(compress=False, max_msg_size=MESSAGE_SIZE_MAX, heartbeat=None, timeout=CLOSE_S_MAX)
    await socket.prepare(request)
    opened = Connection(socket, request.transport, name)
    request.app[CONNECTIONS].open.add(opened)
    writer = asyncio.create_task(opened.write())
    try:
        yield opened
    except MessageError as error:
        _LOG.warning("%s sent what is no message: %s", name, error)
        opened.close(WSCloseCode.INVALID_TEXT, str(error))
    except Exception:  # a handler that raised would stay in memory with its connection
        _LOG.exception("%s: the handler broke", name)
        opened.close(WSCloseCode.INTERNAL_ERROR, "internal error")
    finally:
        opened.close(WSCloseCode.OK, "")
        try:
            async with asyncio.timeout(2 * CLOSE_S_MAX):
                await writer
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
        request.app[CONNECTIONS].open.discard(opened)
        _forget_tracebacks(socket.exception())


def _forget_tracebacks(error: BaseException | None) -> None:
    """An abrupt loss is kept in the socket as an exception whose frames hold the socket: a cycle of 11 kB."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if current is not None and id(current) not in seen:
            seen.add(id(current))
            current.__traceback__ = None
            waiting += [current.__cause__, current.__context__]
