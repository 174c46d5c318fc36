"""Which sound the demo's terminal has when nobody chose one."""

from __future__ import annotations

import asyncio
import subprocess
import sys

CARD, TONE = "sound://default", "sound://tone"
_LOOK = "from terminal_app.media.sound.portaudio import find_devices; print(find_devices('default') == ('', ''))"


async def usual_sound() -> str:
    """The sound card; without one a tone speaks for the customer, else each call would begin with a dead microphone."""
    # A process of its own: looking for devices starts a library that says what it misses, in many lines.
    looking = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _LOOK, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    said, _ = await looking.communicate()
    return CARD if said.strip() == b"True" else TONE
