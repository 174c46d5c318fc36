"""What a page measures at a workplace in order: every agent of the tests goes «Готов» with it."""

from __future__ import annotations

from signaling_server.contract.workplace import GRID_HEIGHT, GRID_WIDTH, DeviceFound, WorkplaceSeen

LIT = bytes([140]) * (GRID_WIDTH * GRID_HEIGHT)
WELL = WorkplaceSeen(DeviceFound.OPENED, DeviceFound.OPENED, -30.0, LIT)
