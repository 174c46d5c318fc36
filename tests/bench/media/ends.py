"""The two ends of a measured call, each in its own network namespace: our terminal's media process, and Chromium."""

from __future__ import annotations

import asyncio
import json
import shutil
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from media_bench import MediaBench
from playwright.async_api import Browser, Page, Playwright

from signaling_server.contract.messages import IceServer
from terminal_app.ipc.frame_ring import FrameReader
from terminal_app.ipc.media_messages import (
    ApplyIceCandidate,
    ApplySdpAnswer,
    MakeSdpOffer,
    MediaHello,
    SdpOfferMade,
    StopCall,
    WarmUp,
)
from tests.bench.media import measured_line, stamps
from tests.bench.media.link import ADDRESSES

ARGUMENTS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
    *("--autoplay-policy=no-user-gesture-required", "--disable-renderer-backgrounding"),
    "--disable-backgrounding-occluded-windows",
]
PAGE = "http://localhost/"
LOOK_S = 0.002  # at the ring


@dataclass
class Seen:
    """What one end saw of the other: when pictures came, how old they were, how high."""

    times_s: list[float] = field(default_factory=list)
    ages_ms: list[float] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)

    def freezes_s(self) -> list[float]:
        """Gaps longer than max(3 x mean, mean + 150 ms), as in W3C statistics."""
        gaps = [after - before for before, after in pairwise(self.times_s)]
        if not gaps:
            return []
        mean = sum(gaps) / len(gaps)
        return [gap for gap in gaps if gap > max(3 * mean, mean + 0.15)]


def chromium_in(namespace: str, folder: Path) -> Path:
    """A program that starts Chromium there."""
    start = folder / f"chromium-{namespace}"
    start.write_text(f'#!/bin/sh\nexec ip netns exec {namespace} {shutil.which("chromium")} "$@"\n')
    start.chmod(start.stat().st_mode | stat.S_IXUSR)
    return start


class BrowserEnd:
    """A page in a Chromium that lives in `namespace`."""

    def __init__(self, namespace: str, folder: Path) -> None:
        self.heard: Callable[[dict[str, Any] | None], None] = lambda candidate: None
        self.browser: Browser | None = None
        self.page: Page | None = None
        self._start = chromium_in(namespace, folder)

    async def open(self, playwright: Playwright) -> None:
        self.browser = await playwright.chromium.launch(executable_path=str(self._start), args=ARGUMENTS)
        self.page = await self.browser.new_page()
        await self.page.route(
            "http://localhost/**", lambda route: route.fulfill(body="<!doctype html><body>", content_type="text/html")
        )
        await self.page.goto(PAGE)
        await self.page.expose_function("candidate", lambda text: self.heard(json.loads(text)))
        # A page that may use the camera is told of host addresses; the picture itself is drawn by page.js.
        await self.page.evaluate(
            "navigator.mediaDevices.getUserMedia({audio: true}).then((held) => (window.held = held))"
        )
        await self.page.add_script_tag(path=str(Path(__file__).parent / "page.js"))
        await self.page.evaluate("bench.open()")

    async def cpu_s(self) -> float:
        """Processor time of all processes of the browser."""
        assert self.browser is not None
        session = await self.browser.new_browser_cdp_session()
        told = await session.send("SystemInfo.getProcessInfo")
        await session.detach()
        return float(sum(process["cpuTime"] for process in told["processInfo"]))

    async def call(self, script: str, *arguments: Any) -> Any:
        assert self.page is not None
        return await self.page.evaluate(script, *arguments)

    async def seen(self) -> Seen:
        told = await self.call("({times: bench.times, ages: bench.ages, sizes: bench.sizes})")
        return Seen([at / 1_000 for at in told["times"]], told["ages"], told["sizes"])

    async def first_s(self) -> float:
        """Wall clock of the first picture; 0: none yet."""
        return float(await self.call("bench.firstAt")) / 1_000

    async def end(self) -> None:
        await self.call("bench.end()")

    async def close(self) -> None:
        if self.browser is not None:
            await self.browser.close()


class TerminalEnd:
    """Our media process in `namespace`; this bench is its core."""

    def __init__(self, namespace: str, run_dir: Path) -> None:
        self._namespace = namespace
        self.bench = MediaBench(run_dir)
        program = [sys.executable, "-m", "tests.bench.media.stamped_media", str(run_dir)]
        self.bench.command = ["ip", "netns", "exec", namespace, *program]
        self._saw = Seen()
        self._looking: asyncio.Task[None] | None = None
        self._call = 0

    async def open(self) -> None:
        await self.bench.__aenter__()
        await self.bench.expect(MediaHello)

    async def warm(self, servers: list[IceServer]) -> None:
        self.bench.send(WarmUp(servers))
        await asyncio.sleep(2.0)  # the customer waits for the agent

    async def link_bps(self) -> int:
        """Of the path, measured as core does while the customer waits; 0: it could not be."""
        return await measured_line.asked_from(self._namespace, ADDRESSES[0])

    async def offer(self, servers: list[IceServer], link_bps: int = 0) -> str:
        self._call += 1
        self._saw = Seen()
        self._looking = asyncio.create_task(self._look(FrameReader(self.bench.run_dir / "agent.ring")))
        call_id = f"call-{self._call}"
        self.bench.send(MakeSdpOffer(call_id, 1, servers, link_bps))
        made = await self.bench.expect(SdpOfferMade, lambda told: told.call_id == call_id)
        return str(made.sdp)

    def accept(self, sdp: str) -> None:
        self.bench.send(ApplySdpAnswer(f"call-{self._call}", 1, sdp))

    def candidate(self, found: dict[str, Any] | None) -> None:
        told = found or {"candidate": "", "sdpMid": None, "sdpMLineIndex": None}
        self.bench.send(
            ApplyIceCandidate(f"call-{self._call}", 1, told["candidate"], told["sdpMid"], told["sdpMLineIndex"])
        )

    @property
    def seen(self) -> Seen:
        return self._saw

    async def end(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self.bench.send(StopCall())
        await asyncio.sleep(0.5)

    async def close(self) -> None:
        await self.bench.__aexit__()

    async def _look(self, ring: FrameReader) -> None:
        number = 0
        while True:
            await asyncio.sleep(LOOK_S)
            frame = ring.latest()
            if frame is None or frame.number == number:
                continue
            number, now_ms = frame.number, stamps.wall_ms()
            picture = np.frombuffer(frame.pixels, np.uint8).reshape(frame.height, frame.width, 4)
            self._saw.times_s.append(time.time())
            self._saw.heights.append(frame.height)
            if (stamp := stamps.read(picture[:, :, 1])) is not None:
                self._saw.ages_ms.append(stamps.age_ms(stamp, now_ms))
