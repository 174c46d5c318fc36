"""The other side of both ways out, for the demo and for tests: an SMTP server and an SMS gateway that keep what came.

    python -m signaling_server messages-far-end --smtp-port 2525 --http-port 8095

The page at `/` shows what arrived, `/arrived` the same as JSON. `/refuse?next=N` refuses the next N deliveries for now,
`&forever=1` for good.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import html
from dataclasses import asdict, dataclass, field

from aiohttp import web

LINE_SIZE_MAX = 4_096
LETTER_SIZE_MAX = 2_000_000
KEPT_MAX = 1_000
_CRLF = b"\r\n"
_STYLE = "body{font:16px sans-serif;margin:2em;max-width:60em}article{border:1px solid #888;padding:1em;margin:1em 0}"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One delivery; `message_id` is the sender's own, the same on every try."""

    channel: str
    message_id: str
    address: str
    subject: str
    body: str


@dataclass(slots=True)
class FarEnd:
    """What came, oldest first, and how many deliveries it still refuses."""

    arrived: list[Arrived] = field(default_factory=list)
    refuse_next: int = 0
    refuse_forever: bool = False
    tries: int = 0
    smtp_port: int = 0
    http_port: int = 0
    _smtp: asyncio.Server | None = None
    _http: web.AppRunner | None = None

    async def start(self, *, host: str = "127.0.0.1", smtp_port: int = 0, http_port: int = 0) -> None:
        """Listens on both ports when it returns; port 0 is any free one."""
        self._smtp = await asyncio.start_server(self._serve_smtp, host, smtp_port, limit=LETTER_SIZE_MAX)
        self.smtp_port = int(self._smtp.sockets[0].getsockname()[1])
        app = web.Application(client_max_size=LINE_SIZE_MAX)
        app.add_routes(
            [
                web.post("/sms", self._take_sms),
                web.get("/", self._page),
                web.get("/arrived", self._list),
                web.get("/refuse", self._refuse),
            ]
        )
        self._http = web.AppRunner(app, access_log=None)
        await self._http.setup()
        await web.TCPSite(self._http, host, http_port).start()
        self.http_port = int(self._http.addresses[0][1])

    async def stop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        if self._http is not None:
            await self._http.cleanup()

    def _keep(self, arrived: Arrived) -> None:
        self.arrived.append(arrived)
        del self.arrived[:-KEPT_MAX]

    def _refuses(self) -> bool:
        self.tries += 1
        if self.refuse_next > 0:
            self.refuse_next -= 1
            return True
        return False

    # --- SMS ----------------------------------------------------------------------------------------------------------

    async def _take_sms(self, request: web.Request) -> web.Response:
        if self._refuses():
            return web.Response(status=422 if self.refuse_forever else 503)
        body = await request.json()
        if all(known.message_id != body["id"] for known in self.arrived):
            self._keep(Arrived("sms", body["id"], body["to"], "", body["text"]))
        return web.json_response({"id": f"far-{body['id']}"})

    async def _list(self, _request: web.Request) -> web.Response:
        return web.json_response([asdict(one) for one in self.arrived])

    async def _refuse(self, request: web.Request) -> web.Response:
        self.refuse_next = int(request.query.get("next", "1"))
        self.refuse_forever = request.query.get("forever") == "1"
        return web.Response(text=f"Откажу ещё раз: {self.refuse_next}\n")

    async def _page(self, _request: web.Request) -> web.Response:
        rows = [
            f"<article><b>{html.escape(one.channel)}</b> · {html.escape(one.address)} · {html.escape(one.subject)}"
            f"<pre>{html.escape(one.body)}</pre></article>"
            for one in reversed(self.arrived)
        ]
        shown = "".join(rows) or "<p>Пока ничего не пришло.</p>"
        head = (
            f"<!doctype html><html lang=ru><meta charset=utf-8><title>Сообщения клиентам</title><style>{_STYLE}</style>"
        )
        return web.Response(text=f"{head}<h1>Сообщения клиентам</h1>{shown}", content_type="text/html")

    # --- SMTP (RFC 5321, what a sender needs) -------------------------------------------------------------------------

    async def _serve_smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = ""
        writer.write(b"220 far end" + _CRLF)
        try:
            while line := await reader.readline():
                verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                match verb.upper():
                    case "EHLO":
                        writer.write(b"250-far end" + _CRLF + b"250 8BITMIME" + _CRLF)
                    case "RCPT":
                        recipient = rest.partition("<")[2].partition(">")[0]
                        writer.write(self._answer_recipient())
                    case "DATA":
                        writer.write(b"354 go on" + _CRLF)
                        self._keep_letter(await self._letter(reader), recipient)
                        writer.write(b"250 taken" + _CRLF)
                    case "QUIT":
                        writer.write(b"221 bye" + _CRLF)
                        break
                    case "HELO" | "MAIL" | "RSET" | "NOOP":
                        writer.write(b"250 fine" + _CRLF)
                    case _:
                        writer.write(b"502 unknown" + _CRLF)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the sender went away: it will come again
        finally:
            writer.close()

    def _answer_recipient(self) -> bytes:
        if not self._refuses():
            return b"250 fine" + _CRLF
        return (b"550 no such mailbox" if self.refuse_forever else b"451 try later") + _CRLF

    async def _letter(self, reader: asyncio.StreamReader) -> bytes:
        lines = []
        while (line := await reader.readline()) not in (b"." + _CRLF, b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _keep_letter(self, raw: bytes, recipient: str) -> None:
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        message_id = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        self._keep(Arrived("email", message_id, recipient, str(letter["Subject"]), letter.get_content()))
