"""The agent of the smoke run: Debian's Chromium without a window, a fake camera and a tone as its voice."""

from __future__ import annotations

import math
import shutil
import struct
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

AGENT_TONE_HZ = 1000
SAMPLE_RATE_HZ = 48_000

# Looks for a tone in what the page plays: the level at that frequency, in dBFS, over one FFT window.
LISTEN_JS = """
async (hz) => {
  const stream = document.querySelector('[data-testid=remote-video]').srcObject;
  if (!stream || stream.getAudioTracks().length === 0) return -120;
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  analyser.smoothingTimeConstant = 0;
  context.createMediaStreamSource(stream).connect(analyser);
  const bins = new Float32Array(analyser.frequencyBinCount);
  let best = -120;
  for (let look = 0; look < 20; look++) {
    await new Promise((done) => setTimeout(done, 100));
    analyser.getFloatFrequencyData(bins);
    const at = Math.round(hz / (context.sampleRate / analyser.fftSize));
    const level = Math.max(bins[at - 1], bins[at], bins[at + 1]);
    const away = bins[Math.round((hz * 2.37) / (context.sampleRate / analyser.fftSize))];
    if (level > away + 20 && level > best) best = level;
  }
  await context.close();
  return best;
}
"""

DECODED_JS = """
() => {
  const video = document.querySelector('[data-testid=remote-video]');
  return video ? video.getVideoPlaybackQuality().totalVideoFrames : 0;
}
"""


BEEP_S, PERIOD_S = 0.3, 0.5  # a tone without pauses is taken for noise: it is suppressed, and not sent at all (DTX)


def write_tone(path: Path, hz: int = AGENT_TONE_HZ, seconds: int = 10) -> None:
    """A file of beeps for Chromium's fake microphone, which plays it round and round."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        beep, period = int(BEEP_S * SAMPLE_RATE_HZ), int(PERIOD_S * SAMPLE_RATE_HZ)
        samples = (
            int(8000 * math.sin(2 * math.pi * hz * n / SAMPLE_RATE_HZ)) if n % period < beep else 0
            for n in range(SAMPLE_RATE_HZ * seconds)
        )
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


class Agent:
    """What an agent does with the page."""

    def __init__(self, page: Page, shots: Path) -> None:
        self.page = page
        self._shots = shots
        self._shot_number = 0

    def sign_in(self, url: str, login: str, password: str) -> None:
        self.page.goto(url)
        self.page.get_by_test_id("login").fill(login)
        self.page.get_by_test_id("password").fill(password)
        self.page.get_by_test_id("sign-in").click()
        self.page.get_by_test_id("ready").wait_for()

    def shoot(self, name: str) -> None:
        self._shot_number += 1
        self.page.screenshot(path=self._shots / f"{self._shot_number:02}-agent-{name}.png")

    def frames_decoded(self) -> int:
        return int(self.page.evaluate(DECODED_JS))

    def tone_level_db(self, hz: int) -> float:
        return float(self.page.evaluate(LISTEN_JS, hz))


@contextmanager
def chromium(profile: Path, tone: Path) -> Iterator[Any]:
    """A browser context with camera and microphone allowed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "chromium is missing: make setup installs it"
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=path,
            headless=True,
            viewport={"width": 1366, "height": 900},
            permissions=["camera", "microphone"],
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={tone}",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        try:
            yield context
        finally:
            context.close()
