"""The recogniser's process: what it understands comes within a second; slow, broken or absent it disturbs nobody."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media_bench import Agent, MediaBench, until

from device_drivers.audio.level import tone
from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples
from device_drivers.contract.status import DeviceState
from terminal_app.ipc.media_messages import CaptionHeard, CaptionsEnded, MediaHello, SetCaptions, StopCall
from terminal_app.media.captions.captions import Captions

STAND_IN = Path(__file__).parent / "stand_in"
PULL = SAMPLE_RATE_HZ // 100
ON = SetCaptions("call-1", on=True)
SILENCE: Samples = np.zeros(PULL, np.int16)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model's folder, and the library that reads it."""
    monkeypatch.syspath_prepend(str(STAND_IN))
    monkeypatch.setenv("PYTHONPATH", str(STAND_IN))
    (tmp_path / "am").mkdir()
    (tmp_path / "am/final.mdl").touch()
    return tmp_path


async def play(captions: Captions, hz: float, seconds: float, *, times: float = 1.0) -> float:
    """As the loudspeaker pulls it, `times` as fast; the longest pull, in seconds."""
    longest_s, due_s = 0.0, time.monotonic()
    for pull in range(int(seconds * 100)):
        begun_s = time.monotonic()
        captions.offer(tone(hz, -20, pull * PULL, PULL) if hz else SILENCE)
        longest_s = max(longest_s, time.monotonic() - begun_s)
        due_s += 0.01 / times
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
    return longest_s


@pytest.mark.clause("9.6.11e", owner="terminal_app")
async def test_words_come_while_they_are_spoken_and_the_phrase_at_its_end(folder: Path) -> None:
    told: list[Any] = []
    captions = Captions(str(folder), told.append)
    assert captions.status.state is DeviceState.ONLINE
    await play(captions, 300, 0.2)
    assert told == [], "nothing runs before it is switched on"
    await captions.switch(ON)
    await until(lambda: captions._pace and captions._pace._loaded, "the model")  # type: ignore[attr-defined]
    await play(captions, 300, 0.6)
    await until(lambda: told, "the first word", timeout_s=1.0)
    assert told == [CaptionHeard("call-1", "низко", final=False)]
    await play(captions, 1_000, 0.6)
    await play(captions, 0, 0.6)
    await until(lambda: told[-1].final, "the end of the phrase", timeout_s=1.0)
    assert told[-1] == CaptionHeard("call-1", "низко высоко", final=True)
    await captions.stop()
    await play(captions, 300, 0.6)
    assert told[-1].final, "nothing after its end"


async def test_what_the_agent_says_in_a_real_call_stands_on_the_screen_in_words(folder: Path, tmp_path: Path) -> None:
    async with MediaBench(tmp_path, captions_model=str(folder)) as bench, Agent() as agent:
        assert bench.seen(MediaHello)[0].captions_state == "online"
        await bench.connect(agent)
        bench.send(ON)
        await bench.expect(CaptionHeard, lambda heard: heard.text.endswith("высоко"))  # the agent's tone of 1 kHz
        bench.send(StopCall())
        await until(lambda: not child_pids(bench.pid), "the end of the recogniser with the call")


def child_pids(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


async def test_a_recogniser_that_cannot_keep_up_is_ended_and_never_holds_the_loudspeaker(folder: Path) -> None:
    (folder / "slow").touch()
    told: list[Any] = []
    captions = Captions(str(folder), told.append)
    await captions.switch(ON)
    longest_s = 0.0
    while CaptionsEnded("call-1", "busy") not in told:
        longest_s = max(longest_s, await play(captions, 300, 1.0, times=8.0))
    assert longest_s < 0.02
    await captions.stop()


async def test_a_recogniser_that_dies_is_told_so(folder: Path) -> None:
    (folder / "broken").touch()
    told: list[Any] = []
    captions = Captions(str(folder), told.append)
    await captions.switch(ON)
    await play(captions, 300, 0.4)
    await until(lambda: told == [CaptionsEnded("call-1", "failed")], "its end")
    await captions.stop()


async def test_without_library_or_model_there_are_none_and_switching_them_on_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ([], [str(STAND_IN)]):
        monkeypatch.setattr(sys, "path", [*path, *sys.path])
        captions = Captions(str(tmp_path), lambda told: pytest.fail(f"told {told}"))
        assert captions.status.state is DeviceState.NO_DEVICE
        await captions.switch(ON)
        await play(captions, 300, 0.2)
        await captions.stop()
