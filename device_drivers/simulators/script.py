"""What happens to a simulated device, written down: one JSON object a line, a request of the hand and when it comes.

    {"at_s": 5, "do": "insert", "value_minor": 50000}
    {"at_s": 6.5, "do": "fault", "name": "late_answer", "count": 3}
    {"at_s": 9, "do": "pull"}

Pure. Empty lines and lines that begin with # are skipped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from device_drivers.simulators.core import Request, SimulatorError, number

DURATION_S_MAX = 86_400
STEPS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One request, `at_s` seconds after the script began."""

    at_s: float
    request: Request


def read_script(text: str) -> tuple[ScriptStep, ...]:
    """The steps of a script, in their order.

    Raises:
        SimulatorError: which line is no step, or comes before the one above it.
    """
    steps: list[ScriptStep] = []
    for at, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            step = _step(json.loads(line))
        except json.JSONDecodeError as error:
            raise SimulatorError(f"line {at} of the script is no JSON object") from error
        except SimulatorError as error:
            raise SimulatorError(f"line {at} of the script: {error}") from error
        if steps and step.at_s < steps[-1].at_s:
            raise SimulatorError(f"line {at} of the script comes at {step.at_s:g} s, before the one above it")
        steps.append(step)
    if len(steps) > STEPS_MAX:
        raise SimulatorError(f"a script has at most {STEPS_MAX} steps, not {len(steps)}")
    return tuple(steps)


def _step(said: Any) -> ScriptStep:
    if not isinstance(said, dict) or not isinstance(said.get("do"), str):
        raise SimulatorError('a step is {"at_s": seconds, "do": verb, ...}')
    at_s = number(said, "at_s", -1.0, 0, DURATION_S_MAX)
    return ScriptStep(at_s, {name: value for name, value in said.items() if name != "at_s"})
