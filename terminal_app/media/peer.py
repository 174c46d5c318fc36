"""One peer connection to the agent's page or to a room: a shell around aiortc, which decides nothing.

We offer what we send and the far end answers; in a room we are offered what each of the others sends, and answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpCodecCapability,
    RTCRtpReceiver,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp
from av import VideoFrame

from device_drivers.contract.audio import SAMPLE_RATE_HZ
from signaling_server.contract.messages import IceServer
from terminal_app.media import aiortc_tuning
from terminal_app.media.bitrate import LINK_PART, Beginning, BitrateSteps
from terminal_app.media.receiving.av_offset import SenderClock
from terminal_app.media.receiving.picture_playout import PicturePlayout
from terminal_app.media.sound.heard import HeardSound
from terminal_app.media.statistics import Traffic
from terminal_app.media.tracks import VIDEO_CLOCK_HZ, CameraTrack, MicrophoneTrack

logger = logging.getLogger(__name__)

BROWSER_START_BPS = 1_500_000  # a browser that gets no transport-cc starts at 300 000 and climbs slowly, unless told
BROWSER_MIN_BPS = 300_000
LIPS_S = 0.06  # so much the sound may be before the picture (0.1, EN 301 549, 6.5), and something for its own way
EARLY_CANDIDATES_MAX = 64  # before the answer
CLOSE_S_MAX = 5.0


class SdpAnswerError(ValueError):
    """The far end described what cannot be applied."""


@dataclass(frozen=True, slots=True)
class PeerListener:
    """Told on the event loop. The peer itself says which connection it was."""

    picture: Callable[[Peer, VideoFrame], None]
    sound: Callable[[Peer], None]  # a packet of it came
    lost: Callable[[Peer, str], None]


class Peer:
    """A connection from its gathering to its end. `media_epoch` is 0 while it only waits, warm.

    Without camera and microphone it receives the `feed` of a room.
    """

    def __init__(
        self,
        ice_servers: list[IceServer],
        *,
        camera: CameraTrack | None = None,
        microphone: MicrophoneTrack | None = None,
        listener: PeerListener,
    ) -> None:
        self.media_epoch = 0
        self.feed = ""
        self.frames_decoded = 0
        self.camera = camera
        self.microphone = microphone
        # Both of the far end's, once it has described what it sends.
        self.sound = HeardSound(SenderClock(SAMPLE_RATE_HZ))
        self._picture_clock = SenderClock(VIDEO_CLOCK_HZ)
        self._listener = listener
        self._early_candidates: list[tuple[str, str | None, int | None]] = []
        self._answered = False
        self._closing = False
        self._adding: set[asyncio.Task[None]] = set()
        self._readers: list[asyncio.Task[None]] = []
        self._playout = PicturePlayout()
        self._lips_are_read = False
        self._waiting: deque[tuple[float, VideoFrame]] = deque()  # to be shown, and when by the event loop's clock
        self._timer: asyncio.Handle | None = None
        # Without a configuration aiortc would ask a public STUN server.
        self._connection = RTCPeerConnection(
            RTCConfiguration(iceServers=_understood(ice_servers), bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self._video: RTCRtpTransceiver | None = None
        if camera is not None:
            self._video = self._connection.addTransceiver(camera, "sendrecv")
            self._video.setCodecPreferences(_codecs("video", {"video/vp8", "video/rtx"}))
            camera.period_s = self._period_s
        if microphone is not None:
            audio = self._connection.addTransceiver(microphone, "sendrecv")
            audio.setCodecPreferences(_codecs("audio", {"audio/opus"}))
        self._connection.on("track", self._on_track)
        self._connection.on("connectionstatechange", self._on_state)

    async def gather(self) -> None:
        """Finds all our candidates; aiortc does not trickle its own."""
        await self._connection.setLocalDescription(await self._connection.createOffer())

    @property
    def has_relay(self) -> bool:
        """A relay gave us an address."""
        return "typ relay" in self._connection.localDescription.sdp

    def offer(self, known: Beginning) -> str:
        """The gathered offer."""
        assert self._video is not None, "only who sends offers"
        sender = self._video.sender
        assert isinstance(sender, aiortc_tuning.TunedRtpSender), "aiortc_tuning.install() comes first"
        sender.beginning, self._lips_are_read = known, known.always_moving
        return with_wishes(self._connection.localDescription.sdp, known.link_bps)

    async def answer(self, sdp: str) -> str:
        """Begins to receive what is offered; the answer has all our candidates.

        Raises:
            SdpAnswerError: it cannot be answered, or is no SDP.
        """
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="offer"))
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as error:  # as of an answer
            raise SdpAnswerError(f"{type(error).__name__}: {error}") from error
        self._answered = True
        return str(self._connection.localDescription.sdp)

    def record(self, on: bool) -> None:
        """Whether what comes here is the agent's part of a recording."""
        for transceiver in self._connection.getTransceivers():
            aiortc_tuning.tuned(transceiver.receiver).recorded = on

    async def apply_answer(self, sdp: str) -> None:
        """Begins to connect.

        Raises:
            SdpAnswerError: the answer does not fit the offer or is no SDP.
        """
        if self._answered:
            return
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))
        except Exception as error:  # aiortc's parser raises anything, assertions too, at a peer's bad text
            raise SdpAnswerError(f"{type(error).__name__}: {error}") from error
        self._answered = True
        for candidate in self._early_candidates:
            self.apply_candidate(*candidate)
        self._early_candidates.clear()

    def apply_candidate(self, candidate: str, sdp_mid: str | None, sdp_mline_index: int | None) -> None:
        """A candidate of the page, also before its answer; an unreadable one is left out."""
        if self._answered:
            # A task: a name that only multicast DNS knows takes seconds, and nothing waits for it.
            adding = asyncio.create_task(self._add_candidate(candidate, sdp_mid, sdp_mline_index))
            self._adding.add(adding)
            adding.add_done_callback(self._adding.discard)
        elif len(self._early_candidates) < EARLY_CANDIDATES_MAX:
            self._early_candidates.append((candidate, sdp_mid, sdp_mline_index))

    def taken_s(self, frame: VideoFrame) -> float | None:
        """When the agent's browser took this picture, by its clock."""
        assert frame.pts is not None
        return self._picture_clock.taken_s(frame.pts)

    @property
    def sends_moving(self) -> bool:
        """The path carries a moving picture from us."""
        return self._steps.period_s == 0

    def _period_s(self) -> float:
        """Asked before each picture, and while none is sent."""
        self._steps.advance(time.monotonic())
        return self._steps.period_s

    @property
    def _steps(self) -> BitrateSteps:
        assert self._video is not None, "only who sends is asked"
        return aiortc_tuning.steps_of(self._video.sender)

    async def traffic(self) -> Traffic:
        sent = {"video": 0, "audio": 0}
        bytes_received = received = lost = round_trip_ms = jitter_ms = 0
        for report in (await self._connection.getStats()).values():
            if report.type == "outbound-rtp":
                sent[report.kind] = report.packetsSent
            elif report.type == "transport":
                bytes_received = report.bytesReceived
            elif report.type == "inbound-rtp" and report.kind == "video":
                received, lost = report.packetsReceived, max(0, report.packetsLost)
                jitter_ms = report.jitter * 1_000 // VIDEO_CLOCK_HZ
            elif report.type == "remote-inbound-rtp" and report.kind == "video":
                round_trip_ms = round((report.roundTripTime or 0) * 1_000)
        return Traffic(sent["video"], sent["audio"], bytes_received, received, lost, round_trip_ms, jitter_ms)

    async def close(self) -> None:
        """Ends the connection, its sockets, its threads and its tracks."""
        self._closing = True
        self._waiting.clear()
        tasks = [*self._readers, *self._adding]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S_MAX):
                await self._connection.close()
        for track in (self.camera, self.microphone):
            if track is not None:
                track.stop()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _add_candidate(self, candidate: str, sdp_mid: str | None, sdp_mline_index: int | None) -> None:
        try:
            parsed = candidate_from_sdp(candidate.removeprefix("candidate:")) if candidate else None
            if parsed is not None:
                parsed.sdpMid, parsed.sdpMLineIndex = sdp_mid, sdp_mline_index
            await self._connection.addIceCandidate(parsed)
        except (AssertionError, ValueError) as error:
            logger.warning("a candidate of the agent's page is left out: %s", error)

    def _on_track(self, track: MediaStreamTrack) -> None:
        receivers = [each.receiver for each in self._connection.getTransceivers() if each.receiver.track is track]
        receiver = aiortc_tuning.tuned(receivers[0])
        if track.kind == "audio":
            self.sound = HeardSound(receiver.clock)
            receiver.take_sound = self._take_sound
        else:
            self._picture_clock = receiver.clock
            self._readers.append(asyncio.create_task(self._read_pictures(track)))

    async def _read_pictures(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                assert isinstance(frame, VideoFrame)
                self.frames_decoded += 1
                assert frame.time is not None
                now_s = asyncio.get_running_loop().time()
                show_at_s = self._playout.show_at(frame.time, now_s)
                if self._lips_are_read:
                    self.sound.hold(max(0.0, self._playout.delay_s - LIPS_S))
                if show_at_s > now_s or aiortc_tuning.backlog(track) == 0:
                    self._waiting.append((show_at_s, frame))
                    self._show_due()

    def _show_due(self) -> None:
        """The newest picture whose time has come; of those that come in one heap only the last is seen."""
        loop, due = asyncio.get_running_loop(), None
        while self._waiting and self._waiting[0][0] <= loop.time():
            due = self._waiting.popleft()[1]
        if due is not None:
            self._listener.picture(self, due)
        if self._timer is not None:
            self._timer.cancel()
        if self._waiting:
            self._timer = loop.call_at(self._waiting[0][0], self._show_due)

    def _take_sound(self, place: int, timestamp: int, packet: bytes) -> None:
        self.sound.add(place, timestamp, packet)
        self._listener.sound(self)

    def _on_state(self) -> None:
        state = self._connection.connectionState
        logger.info("epoch %d: %s", self.media_epoch, state)
        if state in ("failed", "closed") and not self._closing:
            self._listener.lost(self, f"connection {state}")


def with_wishes(sdp: str, link_bps: int | None) -> str:
    """Tells the browser, which reads this description, how to begin its VP8 and to send copies of lost sound.

    A key frame made for a wider path than `link_bps` does not come through it for seconds.
    """
    fits_bps = BROWSER_START_BPS if link_bps is None else LINK_PART * link_bps
    start_bps = min(BROWSER_START_BPS, max(BROWSER_MIN_BPS, fits_bps))
    hints = {
        "VP8": f"x-google-start-bitrate={start_bps // 1_000:.0f};x-google-min-bitrate={BROWSER_MIN_BPS // 1_000}",
        "opus": "minptime=10;useinbandfec=1",  # RFC 7587, 6.1
    }
    lines: list[str] = []
    for line in sdp.splitlines():
        lines.append(line)
        if line.startswith("a=rtpmap:"):
            payload_type, codec = line.removeprefix("a=rtpmap:").split(maxsplit=1)
            if (hint := hints.get(codec.split("/")[0])) is not None:
                lines.append(f"a=fmtp:{payload_type} {hint}")
    return "\r\n".join(lines) + "\r\n"


def _understood(ice_servers: list[IceServer]) -> list[RTCIceServer]:
    servers = []
    for server in ice_servers:
        urls = [url for url in server.urls if aiortc_tuning.ice_url(url) is not None]
        if len(urls) < len(server.urls):
            logger.warning("an ICE server of the office is left out: its address is unreadable")
        if urls:
            servers.append(
                RTCIceServer(urls=urls, username=server.username or None, credential=server.credential or None)
            )
    return servers


def _codecs(kind: str, wanted: set[str]) -> list[RTCRtpCodecCapability]:
    capabilities = RTCRtpReceiver.getCapabilities(kind)
    assert capabilities is not None
    return [codec for codec in capabilities.codecs if codec.mimeType.lower() in wanted]
