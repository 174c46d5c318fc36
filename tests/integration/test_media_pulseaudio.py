"""Real capture and playback: a PulseAudio of this test whose loudspeaker is its microphone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from media_bench import AGENT_TONE_HZ, Agent, MediaBench, until

from terminal_app.ipc.media_messages import MediaDevicesChanged, MediaHello, WarmUp

SETTING = """
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=terminal
set-default-sink terminal
set-default-source terminal.monitor
"""


def pulse_environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PULSE_SERVER": f"unix:{home}/native"}


@asynccontextmanager
async def pulseaudio(home: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    setting = home / "default.pa"
    setting.write_text(SETTING.format(socket=home / "native"))
    options = ["-n", "-F", str(setting), "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    process = await asyncio.create_subprocess_exec(
        "pulseaudio",
        *options,
        env={**os.environ, **pulse_environment(home)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await until((home / "native").exists, "the socket of PulseAudio")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_sound_goes_through_the_card_and_a_lost_card_is_stood_in_for(tmp_path: Path) -> None:
    run_dir, home = tmp_path / "run", tmp_path / "pulse"
    run_dir.mkdir()
    home.mkdir(mode=0o700)
    async with pulseaudio(home) as server:
        bench = MediaBench(run_dir, sound_url="sound://default?processing=off")
        bench.environment = pulse_environment(home)
        async with bench, Agent() as agent:
            assert bench.seen(MediaHello)[0].sound_state == "online"
            bench.send(WarmUp([]))
            await bench.connect(agent)
            # What the agent says is played, recorded from the null sink and comes back to the agent.
            await until(lambda: agent.tone_level_db(AGENT_TONE_HZ) > -35, "the agent's own tone, back from the card")
            assert agent.tone_level_db(440) < -45
            server.kill()
            changed = await bench.expect(MediaDevicesChanged)
            assert changed.sound_state == "no_device"
            await until(lambda: agent.tone_level_db(AGENT_TONE_HZ) < -70, "silence, which stands in")
            assert agent.tone_level_db(440) < -70, "no tone in the agent's ear"
