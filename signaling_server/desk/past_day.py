"""What a day's rows say that happened, in the words of `routing/replay.py`. Pure.

Who was on duty is read from the rings: an agent is there from his first ring until the end of his last call, but for
the time between a ring that he missed and the next one. Whom nobody ever rang is not seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from statistics import fmean

from signaling_server.desk.call import Call, PastOffer
from signaling_server.desk.routing.asked import Asked
from signaling_server.desk.routing.decisions import OfferOutcome
from signaling_server.desk.routing.replay import PastCall, ReplayedCall, Shift

_MISSED = (OfferOutcome.TIMEOUT, OfferOutcome.AGENT_LOST)


class EmptyDayError(Exception):
    """On this day nobody talked: there is nothing to learn from."""


def past_calls(calls: Sequence[Call], offers: Sequence[PastOffer], asked: Asked) -> list[PastCall]:
    """Who was not served would have talked as long as others did on the average. Raises EmptyDayError."""
    rang_at_ms = {offer.call_id: offer.offered_at_ms for offer in offers if offer.outcome == OfferOutcome.ACCEPTED}
    served = [call for call in calls if call.accepted_at_ms]
    if not served:
        raise EmptyDayError
    answers_s = [_answer_s(call, rang_at_ms) for call in served]
    usual = fmean(answers_s), fmean(map(_talk_s, served)), fmean(map(_wrap_up_s, served))
    return [
        PastCall(
            call.call_id,
            call.requested_at_ms / 1_000,
            *((_answer_s(call, rang_at_ms), _talk_s(call), _wrap_up_s(call)) if call.accepted_at_ms else usual),
            band=asked.band(call),
            wishes=asked.wishes(call),
            leaves_after_s=_patience_s(call),
        )
        for call in calls
    ]


def waits(calls: Sequence[Call]) -> list[ReplayedCall]:
    """As they really were."""
    return [
        ReplayedCall(
            call.call_id,
            call.requested_at_ms / 1_000,
            max(0, (call.accepted_at_ms or call.ended_at_ms) - call.requested_at_ms) / 1_000,
            call.agent_id if call.accepted_at_ms else "",
        )
        for call in calls
    ]


def shifts(calls: Sequence[Call], offers: Sequence[PastOffer]) -> list[Shift]:
    """Of each agent in order and apart."""
    closed_at_ms = {call.call_id: call.closed_at_ms for call in calls if call.accepted_at_ms}
    found = []
    for agent_id, his in groupby(sorted(offers, key=lambda o: (o.agent_id, o.offered_at_ms)), lambda o: o.agent_id):
        from_ms = until_ms = 0
        for offer in his:
            from_ms = from_ms or offer.offered_at_ms
            taken = offer.outcome == OfferOutcome.ACCEPTED
            until_ms = max(until_ms, closed_at_ms.get(offer.call_id, 0) if taken else 0, offer.closed_at_ms)
            if offer.outcome in _MISSED:
                found.append(Shift(agent_id, from_ms / 1_000, until_ms / 1_000))
                from_ms = 0
        if from_ms:
            found.append(Shift(agent_id, from_ms / 1_000, until_ms / 1_000))
    return found


def _answer_s(call: Call, rang_at_ms: dict[str, int]) -> float:
    return max(0, call.accepted_at_ms - rang_at_ms.get(call.call_id, call.accepted_at_ms)) / 1_000


def _talk_s(call: Call) -> float:
    return max(0, call.ended_at_ms - call.accepted_at_ms) / 1_000  # the clock may have been set while the office stood


def _wrap_up_s(call: Call) -> float:
    return max(0, call.closed_at_ms - call.ended_at_ms) / 1_000


def _patience_s(call: Call) -> float:
    """A customer who was told that nobody is on duty would have waited on."""
    left = not call.accepted_at_ms and call.end_reason is not None
    return max(0, call.ended_at_ms - call.requested_at_ms) / 1_000 if left else math.inf
