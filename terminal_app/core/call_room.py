"""A call of three and more: who takes part, whose picture stands where. Pure.

The call moves into a room of the office's media server by a new media epoch under its own id; the direct picture stays
until the room's is decoded. The interpreter's picture stands beside the agent's (clause 9.6.3b).
"""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract import messages as office
from signaling_server.contract.rooms import Party, PartyRole, Presence
from terminal_app.core.call_values import Call, Effect, Step, ToMedia, ToOffice
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.messages import Screen

BESIDE = (PartyRole.INTERPRETER, PartyRole.SPECIALIST, PartyRole.SUPERVISOR)  # who is shown, where there are several
Event = office.RoomChanged | office.SdpOffer | media.SdpAnswerMade


def heard(call: Call, event: Event, now_s: float) -> Step:
    """Of another call or an older media epoch: nothing."""
    stale = event.call_id != call.call_id or event.media_epoch < call.media_epoch
    if stale or call.screen is not Screen.CALL_LIVE:
        return call, []
    match event:
        case office.RoomChanged():
            return _changed(call, event, now_s)
        case office.SdpOffer():
            return call, [ToMedia(media.AnswerSdpOffer(event.call_id, event.media_epoch, event.feed, event.sdp))]
        case media.SdpAnswerMade():
            return call, [ToOffice(office.SdpAnswer(event.call_id, event.media_epoch, event.sdp, event.feed))]


def left(call: Call) -> tuple[Call, list[Effect]]:
    """The call goes direct again: the agent's picture from the room stays until the direct one is decoded."""
    if not call.parties:
        return call, []
    main = agent_of(call.parties)
    return replace(call, parties=(), beside_id=""), [ToMedia(media.ShowFeeds(call.call_id, main, ""))]


def make_offer(call: Call, link_bps: int = 0) -> Effect:
    """`link_bps`: of a path that was measured; a new path in the talk nobody has measured."""
    moving = call.way in (office.WayToTalk.WRITE, office.WayToTalk.TYPE)  # 9.6.11: lips and signs are read
    return ToMedia(media.MakeSdpOffer(call.call_id, call.media_epoch, list(call.ice_servers), link_bps, moving))


def agent_of(parties: tuple[Party, ...]) -> str:
    return next((party.party_id for party in parties if party.role is PartyRole.AGENT), "")


def beside_of(parties: tuple[Party, ...]) -> str:
    """Who is shown beside the agent: the interpreter before all others; "": nobody."""
    joined = [party for party in parties if party.role in BESIDE and party.presence is Presence.JOINED]
    return min(joined, key=lambda party: BESIDE.index(party.role)).party_id if joined else ""


def _changed(call: Call, event: office.RoomChanged, now_s: float) -> Step:
    parties = tuple(event.parties)
    shown = media.ShowFeeds(call.call_id, agent_of(parties), beside_of(parties))
    call = replace(call, parties=parties, beside_id=shown.beside, plate=event.plate or call.plate)
    if event.media_epoch == call.media_epoch:
        return call, [ToMedia(shown)]
    call = replace(call, media_epoch=event.media_epoch, ice_servers=tuple(event.ice_servers), offered_at_s=now_s)
    return call, [ToMedia(shown), make_offer(call)]
