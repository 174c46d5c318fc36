"""Run under umockdev-run: the device manager of a terminal, whose `/dev` and `/sys` are umockdev's.

`udev_kiosk.py INVENTORY LINK`: first a line with the testbed's folder and the ports that are found, then a line with
the report of the validator each time it changes; ends with its input. The port is opened where the testbed really
keeps its link: at a `/dev` of its own umockdev answers no TIOCEXCL.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from device_drivers.catalog import make_bill_validator, split_device_url
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.serial_ports import SerialPorts


def say(told: object) -> None:
    print(json.dumps(told, ensure_ascii=False), flush=True)


async def main(inventory: Path, link: str) -> None:
    ports, testbed = SerialPorts(), os.environ["UMOCKDEV_DIR"]
    say({"testbed": testbed, "ports": [asdict(port) for port in ports.all()]})
    manager = DeviceManager(
        lambda: say([{"state": one.state, "detail": one.detail, "serial": one.serial} for one in manager.reports()]),
        inventory,
        ports=ports,
    )
    protocol, line_url = split_device_url(f"ccnet+serial://{testbed}{link}")
    manager.add("bill_validator", line_url, make_bill_validator(protocol), lambda event: None)
    await asyncio.to_thread(sys.stdin.read)
    await manager.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
