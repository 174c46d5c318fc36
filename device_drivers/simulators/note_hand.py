"""What a person's hand does at any simulated bill validator, whatever its protocol. Pure."""

from __future__ import annotations

from device_drivers.simulators.core import Answer, Request, SimulatorError, flag, number
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.note_mechanics import Mechanics

FAIL_CODE_DEFAULT = 0x52


def move(mechanics: Mechanics, faults: FaultPlan, request: Request, now_s: float) -> Answer:
    """insert, jam, clear, cassette, full, cheat, pause, fail, power_cut, fault, state.

    Raises:
        SimulatorError: what cannot be done, and why.
    """
    verb = request.get("do")
    if verb == "insert":
        mechanics.insert(int(number(request, "value_minor", 0, 0, 10_000_000)), now_s)
    elif verb == "jam":
        mechanics.jam(str(request.get("where", "validator")))
    elif verb == "clear":
        mechanics.clear(now_s)
    elif verb == "cassette":
        mechanics.move_cassette(flag(request, "present"), request.get("emptied") is True, now_s)
    elif verb in ("full", "cheat", "pause"):
        mechanics.trouble(str(verb), now_s)
    elif verb == "fail":
        mechanics.fail(int(number(request, "code", FAIL_CODE_DEFAULT, 0, 255)))
    elif verb == "power_cut":
        mechanics.cut_power(number(request, "off_s", 0.5, 0, 3600), now_s)
    elif verb == "fault":
        faults.add(request)
    elif verb != "state":
        raise SimulatorError(f"a bill validator cannot {verb!r}")
    return {"ok": True, **mechanics.describe(), "faults": faults.describe()}
