"""One unix socket, length-prefixed MessagePack. Asyncio on core's and media's side, a thread on ui's."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from device_drivers.transport.socket_place import clear_socket_place
from terminal_app.ipc.messages import MESSAGE_SIZE_MAX

_LENGTH = struct.Struct(">I")
_RECONNECT_S = 0.3
SEND_QUEUE_MAX = 256  # messages; a peer that reads slower than this is closed and told the whole state anew

Message = TypeVar("Message")


class ChannelError(Exception):
    """The peer sent what this release does not know, or too much of it."""


def encode(message: Struct) -> bytes:
    body = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(body)) + body


class Channel(Generic[Message]):
    """An open connection on an event loop. `Message` is the union the peer may send."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        decoder: msgspec.msgpack.Decoder[Message],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._decoder = decoder

    async def receive(self) -> Message | None:
        """The next message; None when the peer closed.

        Raises:
            ChannelError: unknown or oversized message.
        """
        try:
            (size,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            if size > MESSAGE_SIZE_MAX:
                raise ChannelError(f"a message of {size} bytes")
            return self._decoder.decode(await self._reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        except msgspec.DecodeError as error:
            raise ChannelError(str(error)) from error

    def send(self, message: Struct) -> None:
        """Never waits. A peer that does not read is cut off, so that it cannot hold core's memory."""
        if self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > SEND_QUEUE_MAX * 1024:
            self._writer.transport.abort()
            return
        self._writer.write(encode(message))

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError, ConnectionError):
            await self._writer.wait_closed()


async def connect(path: Path, message_type: type[Message] | object) -> Channel[Message]:
    """Connects to core, waiting for it as long as it takes."""
    decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(message_type)
    while True:
        try:
            reader, writer = await asyncio.open_unix_connection(path)
        except (FileNotFoundError, ConnectionRefusedError):
            await asyncio.sleep(_RECONNECT_S)
            continue
        return Channel(reader, writer, decoder)


async def serve(
    path: Path, message_type: object, on_channel: Callable[[Channel[Message]], asyncio.Future[None] | object]
) -> asyncio.Server:
    """Listens for ui or media. A stale socket file of a killed core is replaced.

    Raises:
        SocketPlaceError: something else is at the path.
    """
    clear_socket_place(path)
    decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(message_type)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        result = on_channel(Channel(reader, writer, decoder))
        if asyncio.iscoroutine(result):
            await result

    server = await asyncio.start_unix_server(accept, path)
    path.chmod(0o600)
    return server


class ThreadChannel(Generic[Message]):
    """For ui: a daemon thread reads and reconnects by itself; `post` hands each message to the drawing thread."""

    def __init__(
        self,
        path: Path,
        message_type: object,
        *,
        hello: Struct,
        post: Callable[[Message], None],
        on_connected: Callable[[bool], None],
    ) -> None:
        self._path = path
        self._decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(message_type)
        self._hello = hello
        self._post = post
        self._on_connected = on_connected
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ipc", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        with self._lock:
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def send(self, message: Struct) -> bool:
        """False: core is away, and the press is not done."""
        with self._lock:
            if self._socket is None:
                return False
            try:
                self._socket.sendall(encode(message))
            except OSError:
                return False
            return True

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                connection = socket.socket(socket.AF_UNIX)
                connection.connect(str(self._path))
            except OSError:
                connection.close()
                self._closed.wait(_RECONNECT_S)
                continue
            connection.sendall(encode(self._hello))
            with self._lock:
                self._socket = connection
            self._on_connected(True)
            with contextlib.suppress(OSError, ChannelError, msgspec.DecodeError):
                self._read_until_closed(connection)
            with self._lock:
                self._socket = None
            connection.close()
            self._on_connected(False)
            self._closed.wait(_RECONNECT_S)

    def _read_until_closed(self, connection: socket.socket) -> None:
        buffer = bytearray()
        while chunk := connection.recv(65_536):
            buffer += chunk
            while len(buffer) >= _LENGTH.size:
                (size,) = _LENGTH.unpack_from(buffer)
                if size > MESSAGE_SIZE_MAX:
                    raise ChannelError(f"a message of {size} bytes")
                if len(buffer) < _LENGTH.size + size:
                    break
                body = bytes(buffer[_LENGTH.size : _LENGTH.size + size])
                del buffer[: _LENGTH.size + size]
                self._post(self._decoder.decode(body))
