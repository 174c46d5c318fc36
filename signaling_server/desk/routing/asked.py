"""What a call asks of its agent, read from what its terminal told, and its way into the queue."""

from __future__ import annotations

from signaling_server.cases.classifier import group_of
from signaling_server.contract.messages import WayToTalk
from signaling_server.desk.call import Call
from signaling_server.desk.router import Router
from signaling_server.desk.routing.rings import Wishes
from signaling_server.desk.turns import band_of


def wishes_of(call: Call) -> Wishes:
    """Who writes or types does not hear; who asks for special help needs an agent with the mark (clause 9.6.12)."""
    return Wishes(
        segment=call.context.segment,
        topic_group=group_of(call.topic),
        accessible=call.context.turn.special_help or call.way is not WayToTalk.SPEAK,
    )


def queue(router: Router, call: Call, due_at_s: float | None, now_s: float, *, reachable: bool) -> None:
    """`due_at_s`: the time it is booked for."""
    router.add_call(
        call.call_id,
        call.requested_at_ms / 1_000,
        now_s,
        reachable=reachable,
        band=band_of(call.context.turn, call.topic),
        due_at_s=due_at_s,
        wishes=wishes_of(call),
    )
