"""Asks the program that draws pages, with a limit of time."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE

from signaling_server.documents.pages import SIZE
from signaling_server.refusal import ServiceRefusedError

DRAWING_S_MAX = 25.0
UNREADABLE = "Этот файл показать нельзя: он повреждён или слишком сложный"


async def drawn(content: bytes) -> list[bytes]:
    """JPEG of each page. Raises ServiceRefusedError: not_shown."""
    words = (sys.executable, "-m", "signaling_server.documents.pages")
    process = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(DRAWING_S_MAX):
            out, why = await process.communicate(content)
    except TimeoutError:
        raise ServiceRefusedError("not_shown", UNREADABLE) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 1:
        raise ServiceRefusedError("not_shown", _sentence(why))
    if process.returncode:
        raise ServiceRefusedError("not_shown", UNREADABLE)
    pages, at = [], 0
    while at < len(out):
        (size,) = SIZE.unpack_from(out, at)
        at += SIZE.size + size
        pages.append(out[at - size : at])
    return pages


def _sentence(why: bytes) -> str:
    """What the program said itself; a traceback is none of the agent's business."""
    said = why.decode(errors="replace")
    return said if said and "\n" not in said else UNREADABLE
