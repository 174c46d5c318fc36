"""The verdict over a terminal whose devices were real sessions before simulators: payment's judge, and three sums more.

The judge of payment/simulation counts the simulated cassette, bank and drive as it counts its own; here it is asked
what its far ends cannot be wrong about: a document refused for good, one that says another sum, a driver's exception.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from payment.simulation.oracle import judge
from payment.simulation.world import World
from terminal_app.simulation.devices import DrivenEnds


@dataclass(slots=True)
class Figures:
    """What a run found. All but the first three must be zero."""

    visits: int = 0
    crashes: int = 0  # falls of the core
    cuts: int = 0  # bytes at which a wire, a device or the power was cut
    lost_minor: int = 0
    doubled_minor: int = 0
    double_sales: int = 0  # at the bank
    refunds_lost: int = 0
    refunds_doubled: int = 0
    fiscal_missing: int = 0
    fiscal_doubled: int = 0
    fiscal_wrong: int = 0  # documents in the drive that say another sum, or another kind, than their sale
    unrecorded_in_doubt: int = 0
    conflicts: int = 0  # one number of a payment with different values
    stuck: int = 0  # lives that never came to rest
    errors: int = 0  # exceptions out of the cashier, a driver, or the owner of its events

    def add(self, other: Figures) -> None:
        for figure in fields(self):
            setattr(self, figure.name, getattr(self, figure.name) + getattr(other, figure.name))

    def wrong(self) -> list[str]:
        """What should be zero and is not, in words."""
        judged = [figure.name for figure in fields(self) if figure.name not in ("visits", "crashes", "cuts")]
        return [f"{name} {getattr(self, name)}" for name in judged if getattr(self, name)]


def verdict(world: World, ends: DrivenEnds) -> Figures:
    """Over a terminal at rest."""
    judged = judge(world)
    ends.count_failures()
    double_sales = len(ends.pinpad.double_sales)
    refused = sum(
        record.kind == "fiscal_refused" and record.data["final"] is True for record in world.disk.store.records()
    )
    return Figures(
        lost_minor=judged.lost_minor,
        doubled_minor=judged.doubled_minor,
        double_sales=double_sales,
        refunds_lost=judged.refunds_lost,
        refunds_doubled=judged.refunds_doubled,
        fiscal_missing=judged.fiscal_missing + refused,  # no register of ours refuses for good: the bridge is wrong
        fiscal_doubled=judged.fiscal_doubled,
        fiscal_wrong=len(ends.register.wrong_documents()),
        unrecorded_in_doubt=judged.unrecorded_in_doubt,
        conflicts=judged.conflicts - double_sales,
        errors=ends.failures,
    )
