"""Whether a recording plays in Chromium from any point, picture and sound in step.

`python -m tests.bench.bench_recording [--seconds 600] [--loss 0.02] [--json]` makes a call of that length by the
recorder's own core on a clock that is told, and plays both sides. Of each second that begins while it plays it tells
how far its sound is from its picture, as heard and seen, in ms; and the same of the file itself.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
from aiohttp import web
from playwright.async_api import Page, async_playwright

from signaling_server.recordings.shelf import Shelf
from signaling_server.recordings.side import Side
from signaling_server.recordings.viewing import Viewing
from tests.integration import recording_scene as scene

ID, KEY = "a" * 32, b"k" * 32
POINTS = (0.0, 0.03, 0.1, 0.25, 0.499, 0.555, 0.7, 0.913, 0.98)  # of the whole
NEAR_S = 0.4
STARVED_S = 0.03  # the page did not get to listen for so long: nothing can be said of this second
STEADY = 2  # so often in a row: beside a lost packet a single look may find any pitch
PITCH_HZ = 70  # two pitches are 200 Hz apart
CHROMIUM = ("--headless=new", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required")
PLAY = """async (points) => {
  const video = document.querySelector("video");
  const audio = new AudioContext({ latencyHint: 0 });
  const ear = audio.createAnalyser();
  ear.fftSize = 1024;
  audio.createMediaElementSource(video).connect(ear);
  ear.connect(audio.destination);
  const context = document.querySelector("canvas").getContext("2d", { willReadFrequently: true });
  const second = () => {
    context.drawImage(video, 0, 0, 320, 240);
    const line = context.getImageData(0, 40, 320, 1).data;
    return [...Array(10).keys()].reduce((sum, bit) => sum | (line[(bit * 32 + 16) * 4] > 128 ? 1 << bit : 0), 0);
  };
  if (video.readyState < 1) await new Promise((done) => (video.onloadedmetadata = done));
  const told = [];
  for (const point of points) {
    const begun = performance.now();
    video.currentTime = point;
    await new Promise((done) => (video.onseeked = done));
    const seek_ms = performance.now() - begun;
    for (const from = performance.now(); Math.abs(second() - point) > 1.1 && performance.now() - from < 2000; )
      await new Promise((done) => setTimeout(done, 20));
    const shown = second();
    const seen = [], heard = [], samples = new Float32Array(1024);
    let over = false;
    const look = (_, told) => {
      seen.push([told.presentationTime, second()]);
      if (!over) video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    await video.play();
    for (const from = performance.now(); performance.now() - from < 3200; await new Promise((d) => setTimeout(d, 4))) {
      ear.getFloatTimeDomainData(samples);
      const last = samples.slice(-480);
      let crossings = 0, power = 0;
      for (let at = 1; at < 480; at++) {
        if (last[at] < 0 !== last[at - 1] < 0) crossings++;
        power += last[at] * last[at];
      }
      if (Math.sqrt(power / 480) > 0.02) heard.push([performance.now(), crossings * 50]);
    }
    over = true;
    video.pause();
    told.push({ point, seek_ms, shown, seen, heard, error: video.error && video.error.message });
  }
  return told;
}"""


def offsets_ms(seen: list[tuple[float, int]], heard: list[tuple[float, float]]) -> list[float]:
    """Of each second whose first picture and first sound are there; times in seconds."""
    found: list[float] = []
    for (_, former), (at_s, second) in itertools.pairwise(seen):
        if second != former + 1:
            continue
        near = [(time_s, hz) for time_s, hz in heard if abs(time_s - at_s) < NEAR_S]
        before = any(abs(hz - scene.pitch_hz(former)) <= PITCH_HZ for _, hz in near)
        begun = [
            near[at][0]
            for at in range(1, len(near) - STEADY)
            if near[at][0] - near[at - 1][0] < STARVED_S and _sounds(second, *(hz for _, hz in near[at : at + STEADY]))
        ]
        if before and begun:
            found.append((min(begun) - at_s) * 1_000)
    return found


def _sounds(second: int, *heard_hz: float) -> bool:
    """The pitch of this second, in every look."""
    return all(abs(hz - scene.pitch_hz(second)) <= PITCH_HZ for hz in heard_hz)


def in_file(content: bytes) -> list[float]:
    seen: list[tuple[float, int]] = []
    with av.open(io.BytesIO(content)) as container:
        for frame in container.decode(video=0):
            bars = frame.to_ndarray()[40, 16 : scene.WIDTH : 32]
            seen.append((float(frame.time), sum(int(bar > 128) << bit for bit, bar in enumerate(bars))))
    heard: list[tuple[float, float]] = []
    with av.open(io.BytesIO(content)) as container:
        for frame in container.decode(audio=0):
            sound = frame.to_ndarray().reshape(-1).astype(float)
            for start in range(0, sound.size - 479, 480):
                part = sound[start : start + 480]
                if np.sqrt((part**2).mean()) > 0.05:
                    heard.append((float(frame.time) + start / 48_000, np.sum(np.diff(np.signbit(part))) * 50))
    return offsets_ms(seen, heard)


async def in_chromium(page: Page, address: str, points: list[float]) -> dict[str, Any]:
    await page.goto(address)
    told = await page.evaluate(PLAY, points)
    found: list[float] = []
    for at in told:
        seen = [(now_ms / 1_000, second) for now_ms, second in at["seen"]]
        found += offsets_ms(seen, [(now_ms / 1_000, hz) for now_ms, hz in at["heard"]])
    return {
        "median_offset_ms": round(float(np.median(np.abs(found)))),
        "worst_offset_ms": round(max(map(abs, found), default=float("nan"))),
        "seconds_compared": len(found),
        "worst_seek_ms": round(max(at["seek_ms"] for at in told)),
        "wrong_points": [at["point"] for at in told if abs(at["shown"] - at["point"]) > 1.1 or at["error"]],
    }


async def measured(folder: Path, seconds: int, loss: float) -> dict[str, Any]:
    scene.write_recording(folder, ID, KEY, seconds, loss=loss)
    begun_s = time.monotonic()
    viewing = Viewing(Shelf(folder), ID, KEY)
    opened = viewing.open()
    result: dict[str, Any] = {"seconds": seconds, "loss": loss, "opened_s": round(time.monotonic() - begun_s, 2)}
    app = web.Application()
    for side, file in opened.sides.items():
        path = folder / f"{side}.webm"
        path.write_bytes(b"".join(viewing.read(file, 0, file.size)))
        offsets = in_file(path.read_bytes())
        result[side.value] = {"in_file_ms": round(max(map(abs, offsets))), "in_file_seconds": len(offsets)}
    app.router.add_get("/{side:agent|customer}", _page)
    app.router.add_static("/files/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    points = [round(point * seconds, 1) for point in POINTS]
    async with async_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        for side in Side:
            result[side.value] |= await in_chromium(await browser.new_page(), f"{address}/{side}", points)
        await browser.close()
    await runner.cleanup()
    return result


async def _page(request: web.Request) -> web.Response:
    side = Side(request.match_info["side"])
    body = f'<video src="/files/{side}.webm" preload="auto"></video><canvas width="320" height="240"></canvas>'
    return web.Response(text=body, content_type="text/html")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_recording")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--loss", type=float, default=0.02)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(measured(Path(folder), options.seconds, options.loss))
    print(json.dumps(result) if options.json else json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
