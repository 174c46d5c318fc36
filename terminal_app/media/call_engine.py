"""One call's media: camera, sound and peer connections do here what `call.py` decides.

Everything runs on one event loop. Pictures of the agent go to a ring, sound to the loudspeaker, words to core.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
from av import VideoFrame
from msgspec import Struct

from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples
from signaling_server.contract.messages import IceServer
from terminal_app.addresses import local_addresses
from terminal_app.ipc.frame_ring import FrameWriter
from terminal_app.ipc.media_messages import (
    AnswerSdpOffer,
    ApplyIceCandidate,
    ApplySdpAnswer,
    CallLiveness,
    MakeSdpOffer,
    MediaFailed,
    SdpAnswerMade,
    SdpOfferMade,
    ShowFeeds,
)
from terminal_app.media import memory
from terminal_app.media.aiortc_tuning import warm_encoders
from terminal_app.media.bitrate import Beginning
from terminal_app.media.call import CallMedia, CallUnclaimed, EpochFailed, EpochReplaced, LivenessChanged
from terminal_app.media.capture import CameraUse, Capture
from terminal_app.media.network import IceProbe
from terminal_app.media.peer import Peer, PeerListener, SdpAnswerError
from terminal_app.media.peers import Peers, close_all
from terminal_app.media.pictures import SENT_SIZE_MAX, RingPainter
from terminal_app.media.sound.card import SoundCard
from terminal_app.media.sound.heard import HeardSound
from terminal_app.media.statistics import CallStatistics, Counters
from terminal_app.media.tracks import CameraTrack, MicrophoneTrack
from terminal_app.media.warm_peer import WarmPeer

logger = logging.getLogger(__name__)

NETWORK_PERIOD_S = 1.0
WARM_S_MAX = 240.0  # a relay gives up what nobody uses after some minutes
TRAFFIC_PERIOD_S = 0.25


class CallEngine:
    """Makes offers, applies answers, tells liveness and statistics, and lets everything go at the end."""

    def __init__(
        self,
        *,
        capture: Capture,
        sound: SoundCard,
        agent_ring: FrameWriter,
        beside_ring: FrameWriter,
        tell_core: Callable[[Struct], None],
    ) -> None:
        self._capture = capture
        self._sound = sound
        self._agent_ring, self._beside_ring = RingPainter(agent_ring), RingPainter(beside_ring)
        self._tell_core = tell_core
        self._listener = PeerListener(picture=self._on_picture, sound=self._on_sound, lost=self._lost)
        self._warm: WarmPeer | None = None
        self._call: CallMedia | None = None
        self._peers = Peers()
        self._main = self._beside = ""  # feeds of a room: whose picture is the agent's, whose stands beside it
        self._ice_servers: list[IceServer] = []  # of the newest epoch
        self._offers: dict[int, str] = {}
        self._offering: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._statistics = CallStatistics(time.monotonic())
        self._traffic_at_s = 0.0
        self._probe = IceProbe()
        self._addresses = local_addresses()
        self._network_at_s = 0.0
        self._heard: tuple[HeardSound, ...] = ()  # of the epoch that shows, the agent's first
        sound.source = self._pull_sound

    @property
    def call_id(self) -> str:
        """Empty: no call."""
        return self._call.call_id if self._call is not None else ""

    @property
    def media_epoch(self) -> int:
        return self._call.newest_epoch if self._call is not None else 0

    @property
    def tracks(self) -> list[MicrophoneTrack]:
        """Where the microphone's blocks go."""
        return [peer.microphone for peer in self._peers if peer.microphone is not None]

    async def warm_up(self, ice_servers: list[IceServer]) -> None:
        """Camera, microphone, encoders and a gathered connection, so that the offer is there at once."""
        self._capture.begin(CameraUse.CALL)
        if self._warm is None or not self._warm.serves(ice_servers):
            self._warm_anew(ice_servers)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._sound.open)
        await loop.run_in_executor(None, warm_encoders, *SENT_SIZE_MAX)

    async def make_offer(self, command: MakeSdpOffer) -> None:
        """Begins a media epoch, and a call when it is its first. The offer follows by itself."""
        if self._call is not None and self._call.call_id != command.call_id:
            await self._end_peers()
        if self._call is None:
            self._call = CallMedia(command.call_id)
            self._statistics = CallStatistics(time.monotonic())
        self._call.claimed()
        if command.media_epoch <= self._call.newest_epoch:
            if (sdp := self._offers.get(command.media_epoch)) is not None:
                self._tell_core(SdpOfferMade(command.call_id, command.media_epoch, sdp))
            return
        self._call.open_epoch(command.media_epoch, time.monotonic())
        self._ice_servers = command.ice_servers
        self._capture.begin(CameraUse.CALL)
        _spawn(self._offer(self._call, command), self._offering)
        if not self._sound.opened:
            await asyncio.get_running_loop().run_in_executor(None, self._sound.open)

    async def answer_offer(self, command: AnswerSdpOffer) -> None:
        """In a room: another feed of the newest epoch. The answer follows by itself."""
        call = self._call
        if call is None or (command.call_id, command.media_epoch) != (call.call_id, call.newest_epoch):
            return
        call.claimed()
        if (former := self._peers.get(command.media_epoch, command.feed)) is not None:
            self._let_go(former)
        _spawn(self._answer(call, command), self._offering)

    def show(self, command: ShowFeeds) -> None:
        """Whose pictures stand where, from the next one on."""
        if command.call_id != self.call_id:
            return
        if command.beside != self._beside:
            self._beside_ring.blank()
        self._main, self._beside = command.main, command.beside
        for peer in self._peers:
            if peer.feed:
                peer.record(peer.feed == self._main)

    async def apply_answer(self, command: ApplySdpAnswer) -> None:
        if (peer := self._peer_of(command.call_id, command.media_epoch)) is None:
            return
        try:
            await peer.apply_answer(command.sdp)
        except SdpAnswerError as error:
            logger.warning("epoch %d: the answer is refused: %s", command.media_epoch, error)
            self._lost(peer, "answer refused")

    def apply_candidate(self, command: ApplyIceCandidate) -> None:
        if (peer := self._peer_of(command.call_id, command.media_epoch)) is not None:
            peer.apply_candidate(command.candidate, command.sdp_mid, command.sdp_mline_index)

    async def stop(self) -> None:
        """Ends the call and its warm-up: nothing is open, connected or shown afterwards."""
        for task in self._offering:
            task.cancel()
        camera_closed = self._capture.end(CameraUse.CALL)
        sound_closed = asyncio.get_running_loop().run_in_executor(None, self._sound.close)
        await asyncio.gather(camera_closed, self._end_peers(), sound_closed, self._cool_down())
        await asyncio.gather(*self._offering, *self._closing, return_exceptions=True)
        memory.give_back()

    def core_lost(self) -> None:
        """The call goes on without core for a while."""
        if self._call is not None:
            self._call.core_lost(time.monotonic())

    def core_found(self) -> None:
        if self._call is not None:
            self._call.tell_again()

    async def advance(self) -> None:
        """Time has passed; to be called about ten times a second."""
        call, now_s = self._call, time.monotonic()
        if now_s - self._network_at_s >= NETWORK_PERIOD_S:
            self._network_at_s = now_s
            await self._look_at_network(now_s)
        if call is None:
            return
        if now_s - self._traffic_at_s >= TRAFFIC_PERIOD_S:
            self._traffic_at_s = now_s
            await self._count_traffic(call, now_s)
        if due := self._peers.take_due(now_s):
            _spawn(close_all(due), self._closing)
        call.advance(now_s)
        self._act(call)
        if self._call is call and (stats := self._statistics.due(call.call_id, call.newest_epoch, now_s)) is not None:
            self._tell_core(stats)

    async def _look_at_network(self, now_s: float) -> None:
        """What was gathered of a network that is gone, or long ago, is of no use; a call is put on a new path."""
        before, self._addresses = self._addresses, local_addresses()
        changed, gone = self._addresses != before, before - self._addresses
        if changed:
            self._probe.forget()
        if self._warm is not None and (changed or now_s - self._warm.since_s >= WARM_S_MAX):
            self._warm_anew(self._warm.ice_servers)
        if gone and self._call is not None:
            logger.warning("an address of the terminal is gone: a new path")
            self._call.connection_lost(self._call.newest_epoch, "the network changed")
            self._act(self._call)

    async def _count_traffic(self, call: CallMedia, now_s: float) -> None:
        for peer in self._peers:
            epoch, traffic, sent = peer.media_epoch, await peer.traffic(), 0
            if peer.camera is not None:
                sent = peer.camera.frames_sent
                if peer.sends_moving:
                    call.packets_counted(epoch, "video", traffic.video_packets_sent, now_s)
                else:
                    call.rests(epoch, "video")
                call.packets_counted(epoch, "audio", traffic.audio_packets_sent, now_s)
            self._statistics.count((epoch, peer.feed), Counters(peer.frames_decoded, sent, traffic, peer.sound.counts))

    def _act(self, call: CallMedia) -> None:
        for event in call.take_events():
            match event:
                case LivenessChanged():
                    self._tell_core(
                        CallLiveness(call.call_id, event.media_epoch, event.liveness, event.agent_has_video)
                    )
                case EpochFailed():
                    self._tell_core(MediaFailed(call.call_id, event.media_epoch, event.reason))
                case EpochReplaced():
                    self._offers.pop(event.media_epoch, None)
                    if gone := self._peers.replace(event.media_epoch, time.monotonic()):
                        _spawn(close_all(gone), self._closing)
                case CallUnclaimed():
                    logger.warning("core has not claimed the call: closed")
                    self._tell_core(MediaFailed(call.call_id, call.newest_epoch, "unclaimed"))
                    _spawn(self.stop(), self._ending)

    async def _offer(self, call: CallMedia, command: MakeSdpOffer) -> None:
        try:
            peer = await self._gathered_peer(command.ice_servers)
        except Exception as error:  # sockets, a relay that refuses: core is told and may try without servers
            logger.warning("epoch %d: no offer: %s", command.media_epoch, error)
            call.connection_lost(command.media_epoch, "no offer could be made")
            return
        if self._call is not call or command.media_epoch != call.newest_epoch:
            await peer.close()
            return
        peer.media_epoch = command.media_epoch
        sdp = peer.offer(Beginning(command.link_bps or None, command.always_moving))
        self._peers.add(peer)
        self._offers[command.media_epoch] = sdp
        self._tell_core(SdpOfferMade(command.call_id, command.media_epoch, sdp))

    async def _answer(self, call: CallMedia, command: AnswerSdpOffer) -> None:
        peer = Peer(await self._probe.answering(self._ice_servers), listener=self._listener)
        peer.media_epoch, peer.feed = command.media_epoch, command.feed
        self._peers.add(peer)
        try:
            sdp = await peer.answer(command.sdp)
        except SdpAnswerError as error:
            logger.warning("epoch %d: a feed is refused: %s", command.media_epoch, error)
            self._lost(peer, "feed refused")
            return
        peer.record(command.feed == self._main)
        self._tell_core(SdpAnswerMade(command.call_id, command.media_epoch, command.feed, sdp))

    async def _gathered_peer(self, ice_servers: list[IceServer]) -> Peer:
        warm, self._warm = self._warm, None
        if warm is not None and not warm.serves(ice_servers):
            _spawn(warm.close(), self._closing)
            warm = None
        if warm is None:
            warm = WarmPeer(self._gather(ice_servers), ice_servers)
        try:
            return await warm.gathering
        except BaseException:  # cancelled too: its sockets are not left open
            await warm.close()
            raise

    async def _gather(self, ice_servers: list[IceServer]) -> Peer:
        """A new connection that can be offered."""
        peer = Peer(
            await self._probe.answering(ice_servers),
            camera=CameraTrack(self._capture.shots),
            microphone=MicrophoneTrack(),
            listener=self._listener,
        )
        try:
            await peer.gather()
        except BaseException:
            await peer.close()
            raise
        return peer

    def _peer_of(self, call_id: str, media_epoch: int) -> Peer | None:
        if self._call is None or self._call.call_id != call_id:
            return None
        self._call.claimed()
        return self._peers.get(media_epoch)

    async def _end_peers(self) -> None:
        self._call, self._heard, self._main, self._beside = None, (), "", ""
        self._agent_ring.blank()
        self._beside_ring.blank()
        peers = self._peers.take_all()
        self._offers.clear()
        await asyncio.gather(*(peer.close() for peer in peers))

    def _warm_anew(self, ice_servers: list[IceServer]) -> None:
        """Without a pause in between: what stops the engine meanwhile finds the one that is to be closed."""
        former, self._warm = self._warm, WarmPeer(self._gather(ice_servers), ice_servers)
        if former is not None:
            _spawn(former.close(), self._closing)

    async def _cool_down(self) -> None:
        warm, self._warm = self._warm, None
        if warm is not None:
            await warm.close()

    def _on_picture(self, peer: Peer, frame: VideoFrame) -> None:
        call = self._call_of(peer)
        if call is None:
            return
        now_s = time.monotonic()
        if self._is_agents(peer):
            call.picture_decoded(peer.media_epoch, now_s)
            self._act(call)
            if call.shows(peer.media_epoch):
                self._statistics.arrived(now_s, picture=True)
                self._statistics.offset.shown(peer.taken_s(frame), now_s)
                self._agent_ring.show(frame, now_s)
        elif peer.feed == self._beside and call.shows(peer.media_epoch):
            self._beside_ring.show(frame, now_s)

    def _pull_sound(self, count: int) -> Samples:
        """In the loudspeaker's thread."""
        statistics, mixed, taken_s = self._statistics, np.zeros(count, np.int32), None
        for heard in self._heard:
            part, part_taken_s = heard.pull(count)
            mixed, taken_s = mixed + part, taken_s or part_taken_s
        samples = np.clip(mixed, -32_768, 32_767).astype(np.int16)
        statistics.hear(samples)
        statistics.offset.heard(taken_s, time.monotonic() + self._sound.latency_s + count / SAMPLE_RATE_HZ)
        return samples

    def _on_sound(self, peer: Peer) -> None:
        call = self._call_of(peer)
        if call is None:
            return
        if self._is_agents(peer):
            call.sound_decoded(peer.media_epoch, time.monotonic())
            self._act(call)
        if call.shows(peer.media_epoch):
            if peer.sound not in self._heard:
                here = [each.sound for each in self._peers.of_epoch(peer.media_epoch)]
                others = [sound for sound in self._heard if sound in here]
                self._heard = (peer.sound, *others) if self._is_agents(peer) else (*others, peer.sound)
            self._statistics.arrived(time.monotonic(), picture=False)

    def _lost(self, peer: Peer, reason: str) -> None:
        if (call := self._call_of(peer)) is None:
            return
        if peer.feed and not self._is_agents(peer):
            self._let_go(peer)  # one of the others has left the room
        else:
            call.connection_lost(peer.media_epoch, reason)
            self._act(call)

    def _call_of(self, peer: Peer) -> CallMedia | None:
        """None for a connection that is warm, replaced or of a call that is over."""
        return self._call if peer in self._peers else None

    def _is_agents(self, peer: Peer) -> bool:
        """What it brings is the agent's: of a direct call all of it."""
        return peer.feed in ("", self._main)

    def _let_go(self, peer: Peer) -> None:
        self._peers.drop(peer)
        self._heard = tuple(sound for sound in self._heard if sound is not peer.sound)
        if peer.feed == self._beside:
            self._beside_ring.blank()
        _spawn(peer.close(), self._closing)


def _spawn(work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> None:
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
