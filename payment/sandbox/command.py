"""`python -m payment sandbox`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from pathlib import Path

from payment.command import AGREES, CommandError

PORT_MAX = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8090, help="0: any free one (default 8090)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    parser.add_argument("--database", type=Path, required=True, metavar="FILE", help="where credits are kept")
    parser.add_argument("--json", action="store_true", help='say {"ready": true, "port": N} when listening')


def run(options: argparse.Namespace) -> int:
    from payment.sandbox.server import serve

    if not 0 <= options.port <= PORT_MAX:
        raise CommandError(f"порта {options.port} не бывает")
    if not options.host:
        raise CommandError("--host — адрес: пустой открыл бы песочницу во все сети этой машины")
    if not options.database.name:
        raise CommandError("--database — имя файла")

    def ready(port: int) -> None:
        said = json.dumps({"ready": True, "port": port}) if options.json else f"billing: http://{options.host}:{port}/"
        print(said, flush=True)

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    asyncio.run(serve(options.host, options.port, options.database, ready))
    return AGREES
