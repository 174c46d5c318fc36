"""The outboxes of what is not urgent: answers of surveys, trails of visits. Nothing personal is in either."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from signaling_server.contract.self_service import ServiceRequest
from signaling_server.contract.visits import (
    STEPS_MAX,
    RatingGiven,
    RatingStored,
    VisitStep,
    VisitSteps,
    VisitStepsStored,
)
from terminal_app.core.office_requests import Ask
from terminal_app.core.outbox import Outbox

RATINGS_MAX = 500  # months without a line
STEPS_KEPT_MAX = 5_000  # some three hundred visits


def ratings_outbox(folder: Path, ask: Ask) -> Outbox[RatingGiven]:
    return Outbox(
        folder / "ratings.json", ask, list[RatingGiven], lambda first: first[0], RatingStored, items_max=RATINGS_MAX
    )


def steps_outbox(folder: Path, ask: Ask) -> Outbox[VisitStep]:
    def letter(steps: Sequence[VisitStep]) -> ServiceRequest:
        return VisitSteps("-", list(steps))

    return Outbox(
        folder / "visit_steps.json",
        ask,
        list[VisitStep],
        letter,
        VisitStepsStored,
        items_max=STEPS_KEPT_MAX,
        letter_items_max=STEPS_MAX,
    )
