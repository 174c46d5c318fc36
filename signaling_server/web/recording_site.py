"""HTTP of recordings: terminals bring sealed chunks, the entitled play them. Both sites are fed from here."""

from __future__ import annotations

from aiohttp import web

from signaling_server.contract.decoding import decode_body
from signaling_server.contract.recording import CHUNK_SIZE_MAX, HoldRecording, OpenRecording, RecordingHead
from signaling_server.desk.call import Agent
from signaling_server.recordings.room import RecordingRoom, may_play
from signaling_server.recordings.side import Side
from signaling_server.web.acts import act, entitled_agent, refusable
from signaling_server.web.middleware import ApiError, json
from signaling_server.web.terminal_site import body_within, known_terminal

ROOM = web.AppKey("recordings", RecordingRoom)
_STATUSES = {"unknown_recording": 404, "unknown_viewing": 404, "not_wanted": 410, "no_head": 409, "wrong_key": 422}
terminal_routes = web.RouteTableDef()
desk_routes = web.RouteTableDef()


@terminal_routes.put("/recordings/{recording_id:[0-9a-f]{32}}")
async def head(request: web.Request) -> web.Response:
    """The sealed key of a recording whose notice the office has stored. 204, or 404, 410, 422."""
    terminal, recording_id = await known_terminal(request), request.match_info["recording_id"]
    told = decode_body(await request.read(), RecordingHead)
    await refusable(request.app[ROOM].take_head(terminal.terminal_id, recording_id, told), _STATUSES)
    return web.Response(status=204)


@terminal_routes.put("/recordings/{recording_id:[0-9a-f]{32}}/{number:[0-9]{1,6}}")
async def chunk(request: web.Request) -> web.Response:
    """One sealed chunk. 204: it is on disk. 507: there is no room, try again."""
    terminal = await known_terminal(request)
    recording_id, number = request.match_info["recording_id"], int(request.match_info["number"])
    sealed = await body_within(request, CHUNK_SIZE_MAX, "Часть записи больше допустимой")
    try:
        taken = request.app[ROOM].take_chunk(terminal.terminal_id, recording_id, number, sealed)
        await refusable(taken, _STATUSES)
    except OSError:
        raise ApiError(507, "disk", "На диске офиса нет места для записи") from None
    return web.Response(status=204)


@desk_routes.get("/api/recordings")
async def recordings(request: web.Request) -> web.Response:
    """Newest first."""
    await _viewer(request)
    return json(await request.app[ROOM].listed())


@desk_routes.post("/api/recordings/open")
async def open_recording(request: web.Request) -> web.Response:
    """A viewing with its reason: where both sides can be read for an hour."""
    agent = await _viewer(request)
    form = decode_body(await request.read(), OpenRecording)
    return json(await refusable(request.app[ROOM].open(agent, form), _STATUSES))


@desk_routes.post("/api/recordings/hold")
async def hold(request: web.Request) -> web.Response:
    """Not destroyed at the end of its term, or let go again."""
    return await act(request, await _viewer(request), HoldRecording, request.app[ROOM].hold, _STATUSES)


@desk_routes.get("/api/recordings/play/{token}/{side:agent|customer}.webm")
async def play(request: web.Request) -> web.StreamResponse:
    """Any range of bytes of one side."""
    agent, room, token = await _viewer(request), request.app[ROOM], request.match_info["token"]
    file = await refusable(room.file(agent, token, Side(request.match_info["side"])), _STATUSES)
    try:
        asked = request.http_range
    except ValueError:
        raise ApiError(416, "bad_range", "Такого места в записи нет") from None
    start, stop, _ = slice(asked.start, asked.stop).indices(file.size)
    if start >= stop:
        raise ApiError(416, "bad_range", "Такого места в записи нет")
    partial = "Range" in request.headers
    headers = {"Accept-Ranges": "bytes", "Content-Type": "video/webm", "Content-Length": str(stop - start)}
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    answer = web.StreamResponse(status=206 if partial else 200, headers=headers)
    await answer.prepare(request)
    async for piece in room.read(agent, token, file, start, stop):
        await answer.write(piece)
    await answer.write_eof()
    return answer


async def _viewer(request: web.Request) -> Agent:
    return await entitled_agent(request, may_play, "Записи разговоров открыты супервайзеру и администратору")
