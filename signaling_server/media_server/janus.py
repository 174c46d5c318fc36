"""A session with Janus: its JSON over a WebSocket, and of its plugins the VideoRoom alone.

Source: Janus WebRTC server 1.1, "JANUS API" and "VideoRoom plugin" of its documentation. A handle is one peer
connection: what a party sends, or what it gets of another. Media never pass here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from dataclasses import dataclass
from typing import Any

import aiohttp

ANSWER_S_MAX = 5.0
KEEPALIVE_S = 20.0  # Janus forgets a session that is silent for a minute
MESSAGE_SIZE_MAX = 262_144
ROOM_NUMBER_MAX = 2**48
PUBLISHERS_MAX = 8
BITRATE_MAX = 2_500_000  # of one sender, bit/s
PLUGIN = "janus.plugin.videoroom"
_LOG = logging.getLogger(__name__)


class MediaServerError(Exception):
    """The media server is away, or refuses. The text carries no description of anybody's media."""


@dataclass(frozen=True, slots=True)
class Room:
    """One of Janus' rooms; nobody joins without the pin, which leaves the office to nobody."""

    number: int
    pin: str


class Handle:
    """One peer connection of one party."""

    def __init__(self, janus: Janus, handle_id: int) -> None:
        self.up = asyncio.Event()  # its path stands: what it sends may be subscribed to
        self._janus = janus
        self._handle_id = handle_id

    async def publish(self, room: Room, sdp: str) -> tuple[int, str]:
        """The offer of who sends; gives Janus' number of the feed, and its answer."""
        body = {"request": "joinandconfigure", "ptype": "publisher", "room": room.number, "pin": room.pin}
        joined = await self._message(body, {"type": "offer", "sdp": sdp})
        return int(_data(joined)["id"]), _sdp(joined)

    async def subscribe(self, room: Room, feed: int) -> str:
        """Janus' offer of what a feed sends."""
        streams = [{"feed": feed}]
        body = {"request": "join", "ptype": "subscriber", "room": room.number, "pin": room.pin, "streams": streams}
        return _sdp(await self._message({**body, "autoupdate": False}))

    async def start(self, sdp: str) -> None:
        """The answer of who gets it."""
        await self._message({"request": "start"}, {"type": "answer", "sdp": sdp})

    async def trickle(self, candidate: str, sdp_mid: str | None, sdp_mline_index: int | None) -> None:
        line = {"candidate": candidate, "sdpMid": sdp_mid, "sdpMLineIndex": sdp_mline_index}
        await self._janus.tell("trickle", self._handle_id, candidate=line if candidate else {"completed": True})

    async def detach(self) -> None:
        """Closes the connection."""
        self._janus.forget(self._handle_id)
        await self._janus.tell("detach", self._handle_id)

    async def create(self) -> Room:
        """A new room that is gone when it is destroyed, or with Janus."""
        room = Room(1 + secrets.randbelow(ROOM_NUMBER_MAX), secrets.token_hex(16))
        kept = {"room": room.number, "pin": room.pin, "permanent": False, "is_private": True}
        carried = {"publishers": PUBLISHERS_MAX, "bitrate": BITRATE_MAX, "videocodec": "vp8", "audiocodec": "opus"}
        await self._message({"request": "create", "admin_key": self._janus.secret, **kept, **carried})
        return room

    async def destroy(self, room: Room) -> None:
        await self._message({"request": "destroy", "room": room.number})

    async def _message(self, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        more: dict[str, Any] = {"body": body} if jsep is None else {"body": body, "jsep": jsep}
        answer = await self._janus.ask("message", self._handle_id, **more)
        if "error" in _data(answer):
            raise MediaServerError(f"{body['request']}: {_data(answer)['error']}")
        return answer


class Janus:
    """One session over one socket. Ends with either; `lost` is set then."""

    def __init__(self, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, secret: str) -> None:
        self.secret = secret
        self.lost = asyncio.Event()
        self._http = http
        self._socket = socket
        self._session_id = 0
        self._asked: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._handles: dict[int, Handle] = {}
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._keep_alive())]

    @staticmethod
    async def connect(url: str, secret: str) -> Janus:
        """Raises MediaServerError."""
        http = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                socket = await http.ws_connect(url, protocols=["janus-protocol"], max_msg_size=MESSAGE_SIZE_MAX)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            await http.close()
            raise MediaServerError(f"no media server at {url}: {type(error).__name__}") from error
        janus = Janus(http, socket, secret)
        try:
            janus._session_id = int((await janus.ask("create"))["data"]["id"])
        except MediaServerError:
            await janus.close()
            raise
        return janus

    async def attach(self) -> Handle:
        """Raises MediaServerError."""
        handle_id = int((await self.ask("attach", plugin=PLUGIN))["data"]["id"])
        handle = self._handles[handle_id] = Handle(self, handle_id)
        return handle

    def forget(self, handle_id: int) -> None:
        """Nothing that is told of it matters any more."""
        self._handles.pop(handle_id, None)

    async def close(self) -> None:
        self.lost.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()
        await self._http.close()

    async def ask(self, janus: str, handle_id: int = 0, **fields: Any) -> dict[str, Any]:
        """Sends a request and waits for what ends it. Raises MediaServerError."""
        transaction = secrets.token_hex(8)
        answer = self._asked[transaction] = asyncio.get_running_loop().create_future()
        try:
            await self._send(janus, handle_id, transaction, fields)
            async with asyncio.timeout(ANSWER_S_MAX):
                told: dict[str, Any] = await answer
        except TimeoutError:
            raise MediaServerError(f"{janus}: no answer within {ANSWER_S_MAX:g} s") from None
        finally:
            self._asked.pop(transaction, None)
        if told["janus"] == "error":
            raise MediaServerError(f"{janus}: {told['error']['reason']}")
        return told

    async def tell(self, janus: str, handle_id: int = 0, **fields: Any) -> None:
        """Sends what needs no answer; into the void when Janus is away."""
        with contextlib.suppress(MediaServerError):
            await self._send(janus, handle_id, secrets.token_hex(8), fields)

    async def _send(self, janus: str, handle_id: int, transaction: str, fields: dict[str, Any]) -> None:
        if self.lost.is_set():
            raise MediaServerError("the media server is away")
        frame = {"janus": janus, "transaction": transaction, "apisecret": self.secret, **fields}
        ids = {"session_id": self._session_id, "handle_id": handle_id}
        frame |= {name: number for name, number in ids.items() if number}
        try:
            await self._socket.send_str(json.dumps(frame))
        except (ConnectionError, RuntimeError) as error:
            raise MediaServerError("the media server is away") from error

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            told = json.loads(message.data)
            if told.get("janus") == "ack":  # what ends the request follows
                continue
            if told.get("janus") == "webrtcup" and (handle := self._handles.get(told.get("sender", 0))) is not None:
                handle.up.set()
            asked = self._asked.get(told.get("transaction", ""))
            if asked is not None and not asked.done():
                asked.set_result(told)
        self.lost.set()
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(MediaServerError("the media server went away"))

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEPALIVE_S)
            await self.tell("keepalive")


def _data(answer: dict[str, Any]) -> dict[str, Any]:
    data = answer.get("plugindata", {}).get("data", {})
    return data if isinstance(data, dict) else {}


def _sdp(answer: dict[str, Any]) -> str:
    sdp = answer.get("jsep", {}).get("sdp")
    if not isinstance(sdp, str):
        raise MediaServerError("no description came")
    return sdp
