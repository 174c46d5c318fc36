"""Debian's Janus as a child of the office: the VideoRoom and a WebSocket of this machine, and nothing else of it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from signaling_server.media_server.janus import Janus, MediaServerError

PROGRAM = "janus"
PARTS = {"plugins": "libjanus_videoroom.so", "transports": "libjanus_websockets.so"}
START_S_MAX = 10.0
STOP_S_MAX = 3.0
TRY_S = 0.05
CONFIGURATION = {
    "janus.jcfg": """
general: {{
    configs_folder = "{folder}"
    plugins_folder = "{folder}/plugins"
    transports_folder = "{folder}/transports"
    events_folder = "{folder}/none"
    loggers_folder = "{folder}/none"
    api_secret = "{secret}"
    debug_level = 3
    debug_colors = false
    session_timeout = 60
    hide_dependencies = true
}}
media: {{
    rtp_port_range = "{rtp_ports}"
    slowlink_threshold = 0
}}
nat: {{
    full_trickle = false
    ice_tcp = false
    {mapping}
}}
""",
    "janus.transport.websockets.jcfg": """
general: {{
    json = "compact"
    ws = true
    ws_ip = "127.0.0.1"
    ws_port = {port}
    wss = false
}}
admin: {{
    admin_ws = false
    admin_wss = false
}}
""",
    "janus.plugin.videoroom.jcfg": """
general: {{
    admin_key = "{secret}"
}}
""",
}


@dataclass(frozen=True, slots=True)
class JanusPlace:
    """Where the media of the child go: `rtp_ports` as «from-to», `public_address` when it stands behind a NAT."""

    rtp_ports: str = "20000-29999"
    public_address: str = ""


class JanusChild:
    """Started by `start`, gone with `stop` or with the office."""

    def __init__(self, place: JanusPlace) -> None:
        self.pid = 0
        self._place = place
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> Janus:
        """The session with it. Raises MediaServerError."""
        if shutil.which(PROGRAM) is None:
            raise MediaServerError("no media server: neither `media_server.url` is set nor is `janus` installed")
        await self.stop()
        self._folder = tempfile.TemporaryDirectory(prefix="janus-")
        secret, port = secrets.token_hex(16), _free_port()
        configure(Path(self._folder.name), secret, port, self._place)
        self._process = await asyncio.create_subprocess_exec(
            *("setpriv", "--pdeathsig", "KILL", PROGRAM, "--configs-folder", self._folder.name),
            *("--config", f"{self._folder.name}/janus.jcfg"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=(Path(self._folder.name) / "log").open("wb"),
            stderr=asyncio.subprocess.STDOUT,
        )
        self.pid = self._process.pid
        return await self._session(f"ws://127.0.0.1:{port}", secret)

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(STOP_S_MAX):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    async def _session(self, url: str, secret: str) -> Janus:
        try:
            async with asyncio.timeout(START_S_MAX):
                while self.running:
                    with contextlib.suppress(MediaServerError):
                        return await Janus.connect(url, secret)
                    await asyncio.sleep(TRY_S)
        except TimeoutError:
            pass
        await self.stop()
        raise MediaServerError("janus does not start")


def configure(folder: Path, secret: str, port: int, place: JanusPlace) -> None:
    """Writes what Janus reads, and links the two parts it may load. Raises MediaServerError."""
    mapping = f'nat_1_1_mapping = "{place.public_address}"' if place.public_address else ""
    values = {"folder": folder, "secret": secret, "port": port, "rtp_ports": place.rtp_ports, "mapping": mapping}
    for name, text in CONFIGURATION.items():
        (folder / name).write_text(text.format(**values), "utf-8")
    for kind, part in PARTS.items():
        found = next(Path("/usr/lib").glob(f"*/janus/{kind}/{part}"), None)
        if found is None:
            raise MediaServerError(f"janus has no {part}")
        (folder / kind).mkdir()
        (folder / kind / part).symlink_to(found)
    (folder / "none").mkdir()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
