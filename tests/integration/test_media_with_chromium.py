"""A real browser as the agent's page: Debian's Chromium with its fake camera and microphone."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from media_bench import MediaBench, until
from playwright.async_api import Page, async_playwright

from terminal_app.ipc.media_messages import (
    ApplyIceCandidate,
    ApplySdpAnswer,
    MakeSdpOffer,
    MediaStats,
    SdpOfferMade,
    WarmUp,
)

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
OPEN_DEVICES = """async () => {
  const video = { width: 1280, height: 720, frameRate: 30 };
  window.stream = await navigator.mediaDevices.getUserMedia({ video, audio: true });
}"""
ANSWER = """async (offer) => {
  const peer = (window.peer = new RTCPeerConnection({ iceServers: [] }));
  peer.onicecandidate = (event) => window.candidate(JSON.stringify(event.candidate));
  peer.ontrack = ({ track, streams }) => {
    if (track.kind === "audio") {
      const context = new AudioContext();
      window.analyser = new AnalyserNode(context, { fftSize: 8192 });
      context.createMediaStreamSource(streams[0]).connect(window.analyser);
    }
    const element = document.body.appendChild(document.createElement(track.kind));
    element.autoplay = true;
    element.srcObject = streams[0];
    if (track.kind === "video") element.requestVideoFrameCallback(() => window.firstPicture());
  };
  await peer.setRemoteDescription({ type: "offer", sdp: offer });
  for (const track of window.stream.getTracks()) peer.addTrack(track, window.stream);
  await peer.setLocalDescription();
  return peer.localDescription.sdp;
}"""
FRAMES_DECODED = """async () => {
  for (const report of (await window.peer.getStats()).values())
    if (report.type === "inbound-rtp" && report.kind === "video") return report.framesDecoded ?? 0;
  return 0;
}"""
AV_OFFSET_MS = """async () => {
  const taken = {};
  for (const report of (await window.peer.getStats()).values())
    if (report.type === "inbound-rtp") taken[report.kind] = report.estimatedPlayoutTimestamp;
  return taken.video && taken.audio ? Math.round(taken.video - taken.audio) : null;
}"""
LOUDEST_HZ = """() => {
  const levels = new Float32Array(window.analyser.frequencyBinCount);
  window.analyser.getFloatFrequencyData(levels);
  return (levels.indexOf(Math.max(...levels)) * window.analyser.context.sampleRate) / window.analyser.fftSize;
}"""


async def _empty_page(_: web.Request) -> web.Response:
    return web.Response(text="<!doctype html><body>", content_type="text/html")


@asynccontextmanager
async def agent_page() -> AsyncIterator[Page]:
    """An empty page of localhost, which may use camera and microphone."""
    app = web.Application()
    app.router.add_get("/", _empty_page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        await page.evaluate(OPEN_DEVICES)
        yield page
        await browser.close()
    await runner.cleanup()


async def test_a_browser_sees_and_hears_the_terminal_and_the_terminal_the_browser(tmp_path: Path) -> None:
    async with agent_page() as page, MediaBench(tmp_path) as bench:
        first_pictures: list[float] = []

        def candidate(text: str) -> None:
            found = json.loads(text) or {"candidate": "", "sdpMid": None, "sdpMLineIndex": None}
            bench.send(ApplyIceCandidate("call-1", 1, found["candidate"], found["sdpMid"], found["sdpMLineIndex"]))

        await page.expose_function("candidate", candidate)
        await page.expose_function("firstPicture", lambda: first_pictures.append(time.monotonic()))
        bench.send(WarmUp([]))
        await asyncio.sleep(1.0)  # the customer waits for the agent
        begun_s = time.monotonic()
        bench.send(MakeSdpOffer("call-1", 1, []))
        offer = await bench.expect(SdpOfferMade)
        bench.send(ApplySdpAnswer("call-1", 1, await page.evaluate(ANSWER, offer.sdp)))
        await bench.next_picture(bench.agent_picture)
        terminal_ms = round((time.monotonic() - begun_s) * 1_000)
        await until(lambda: first_pictures, "the first picture in the browser")
        agent_ms = round((first_pictures[0] - begun_s) * 1_000)
        print(f"first remote picture after {terminal_ms} ms (terminal), {agent_ms} ms (agent)")
        assert max(terminal_ms, agent_ms) < 5_000
        await bench.expect(MediaStats, lambda told: told.frames_decoded > 10 and told.audio_level_db > -60)
        stats = await bench.expect(MediaStats, lambda told: told.flow.av_offset_ms is not None)
        await page.wait_for_function(f"async () => (await ({AV_OFFSET_MS})()) !== null")
        seen_ms = await page.evaluate(AV_OFFSET_MS)
        print(f"sound late by {stats.flow.av_offset_ms} ms (terminal), {seen_ms} ms (agent)")
        assert abs(stats.flow.av_offset_ms) < 1_000, "the reports of both streams were put on one clock"
        assert await page.evaluate(FRAMES_DECODED) > 10
        assert abs(await page.evaluate(LOUDEST_HZ) - 440) < 10
