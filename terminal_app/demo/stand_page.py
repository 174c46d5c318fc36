"""The demo's page: the terminal's screen beside a hand that holds notes and paper."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from terminal_app.demo.display import NOVNC_PAGES
from terminal_app.demo.hand import HandError, act, stand

_PAGE = Path(__file__).with_name("stand.html")
ACT_SIZE_MAX = 4096


async def serve_stand_page(data: Path, port: int, novnc_port: int | None) -> Callable[[], Awaitable[None]]:
    """Serves on the loopback only; the returned call ends it."""
    page = _StandPage(data, novnc_port)
    app = web.Application(client_max_size=ACT_SIZE_MAX)
    if novnc_port is not None:
        app.router.add_static("/novnc", NOVNC_PAGES)
    app.add_routes(
        [
            web.get("/", page.show),
            web.get("/settings", page.settings),
            web.post("/act", page.act),
            web.get("/slips", page.slips),
            web.get("/slips/{name}", page.slip),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner.cleanup


class _StandPage:
    def __init__(self, data: Path, novnc_port: int | None) -> None:
        self._data = data
        self._novnc_port = novnc_port

    async def show(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_PAGE)

    async def settings(self, request: web.Request) -> web.Response:
        place = stand(self._data)
        known = {name: place[name] for name in ("desk_url", "login", "password", "sandbox_url")}
        return web.json_response({**known, "novnc_port": self._novnc_port})

    async def act(self, request: web.Request) -> web.Response:
        """Body: {"words": ["insert", "500"]}. A bill is named by one of the two demo bills."""
        try:
            words = json.loads(await request.text())["words"]
            if not (isinstance(words, list) and words and all(isinstance(word, str) for word in words)):
                raise HandError("words must be a list of strings")
            if words[0] == "show-bill":
                words = ["show-bill", str(self._data / "bills" / Path(words[-1]).name)]
            return web.Response(text=await act(self._data, words), content_type="application/json")
        except (json.JSONDecodeError, KeyError, TypeError):
            return web.json_response({"ok": False, "error": 'the body must be {"words": [...]}'}, status=400)
        except HandError as error:
            return web.json_response({"ok": False, "error": str(error)}, status=409)

    async def slips(self, request: web.Request) -> web.Response:
        """Names of the printed slips, newest first."""
        found = sorted(self._paper().glob("*.png"), reverse=True)
        return web.json_response([path.name for path in found[:20]])

    async def slip(self, request: web.Request) -> web.StreamResponse:
        path = self._paper() / Path(request.match_info["name"]).name
        if path.suffix != ".png" or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path)

    def _paper(self) -> Path:
        return Path(stand(self._data)["paper"])
