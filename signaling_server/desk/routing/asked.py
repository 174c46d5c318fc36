"""What a call asks of its agent, read from what its terminal told, and its way into the queue."""

from __future__ import annotations

from collections.abc import Iterable

from signaling_server.cases.classifier import group_of
from signaling_server.contract.cases import Topic
from signaling_server.contract.messages import WayToTalk
from signaling_server.desk.call import Call
from signaling_server.desk.router import Router
from signaling_server.desk.routing.rings import Wishes
from signaling_server.desk.turns import COMMERCIAL_GROUP, Band, band_of


class Asked:
    """By the office's classifier: a terminal tells a topic by its title."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._groups = {topic.title: group_of(topic.topic_id) for topic in topics}

    def group(self, call: Call) -> str:
        """Who calls from among the paid services asks about them, whatever he has read there."""
        return COMMERCIAL_GROUP if call.context.screen == COMMERCIAL_GROUP else self._groups.get(call.topic, "")

    def band(self, call: Call) -> Band:
        return band_of(call.context.turn, self.group(call))

    def wishes(self, call: Call) -> Wishes:
        """Who writes or types does not hear; who asks for special help needs an agent with the mark (clause 9.6.12)."""
        return Wishes(
            segment=call.context.segment,
            topic_group=self.group(call),
            language=call.context.language,
            accessible=call.context.turn.special_help or call.way is not WayToTalk.SPEAK,
        )

    def queue(self, router: Router, call: Call, due_at_s: float | None, now_s: float, *, reachable: bool) -> None:
        """`due_at_s`: the time it is booked for."""
        router.add_call(
            call.call_id,
            call.requested_at_ms / 1_000,
            now_s,
            reachable=reachable,
            band=self.band(call),
            due_at_s=due_at_s,
            wishes=self.wishes(call),
        )
