"""How loud the agent is, and that he is introduced before he is heard (clauses 9.4.5, 9.6.9a). Pure.

Who is served by the voice hears name and position first, and who is recorded hears that: the agent's sound stays shut
until the screen has said it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from device_drivers.audio.level import loudness
from device_drivers.contract.audio import Loudness
from terminal_app.ipc.call_messages import VOLUME_MAX, VOLUME_MIN, VOLUME_USUAL, SoundQuality
from terminal_app.ipc.media_messages import MediaStats

SHUT = 0
WITH_PICTURE_KBPS_MIN, SOUND_ALONE_KBPS_MIN = 100, 12  # less: the path is not as broad as picture or speech need
HIDDEN_PERCENT_MAX = 20.0  # of the voice lost: words are missing
BROKEN_TIMES = 2  # so often in a row, some four seconds
INTRODUCTION_S_MAX = 15.0  # a screen or a loudspeaker that says nothing keeps nobody waiting longer


@dataclass(frozen=True, slots=True)
class CallSound:
    volume: int = VOLUME_USUAL
    voice: bool = False  # the customer is served by it now
    noticing: bool = False  # that the talk is recorded is being said
    introducing: bool = False  # name and position are being said
    quality: SoundQuality = SoundQuality.GOOD
    broken_times: int = 0  # in a row
    open_at_s: float = 0.0  # at the latest

    @property
    def heard_volume(self) -> int:
        """Of the agent, now."""
        return SHUT if self.noticing or self.introducing else self.volume


NO_SOUND = CallSound()


def accepted(sound: CallSound, now_s: float, *, notice: bool) -> CallSound:
    """An agent took the call. `notice`: it will be recorded."""
    return replace(sound, noticing=notice, introducing=sound.voice, open_at_s=now_s + INTRODUCTION_S_MAX)


def noticed(sound: CallSound, now_s: float) -> CallSound:
    """The notice of the recording was said, or there is no recording."""
    return replace(sound, noticing=False, open_at_s=now_s + INTRODUCTION_S_MAX) if sound.noticing else sound


def introduced(sound: CallSound) -> CallSound:
    return replace(sound, introducing=False)


def changed(sound: CallSound, by: int) -> CallSound:
    """One step louder or quieter, never past its ends, whatever was asked."""
    step = (by > 0) - (by < 0)
    return replace(sound, volume=min(VOLUME_MAX, max(VOLUME_MIN, sound.volume + step)))


def measured(sound: CallSound, stats: MediaStats, *, has_video: bool) -> CallSound:
    """What the last two seconds were like; a pause in speech says nothing of the voice."""
    heard = loudness(stats.audio_level_db)
    broken_times = sound.broken_times + 1 if stats.flow.hidden_percent >= HIDDEN_PERCENT_MAX else 0
    if broken_times >= BROKEN_TIMES:
        quality = SoundQuality.BROKEN
    elif stats.bitrate_kbps < (WITH_PICTURE_KBPS_MIN if has_video else SOUND_ALONE_KBPS_MIN):
        quality = SoundQuality.WEAK
    elif heard is Loudness.TOO_QUIET or (heard is Loudness.PAUSE and sound.quality is SoundQuality.QUIET):
        quality = SoundQuality.QUIET
    else:
        quality = SoundQuality.GOOD
    return replace(sound, quality=quality, broken_times=broken_times)


def ticked(sound: CallSound, now_s: float, *, voice: bool, kept: bool) -> CallSound:
    """`kept`: the customer who chose the volume is here still."""
    volume = sound.volume if kept else VOLUME_USUAL
    shut = now_s < sound.open_at_s
    introducing = sound.introducing and voice and shut
    return replace(sound, volume=volume, voice=voice, noticing=sound.noticing and shut, introducing=introducing)


def over(sound: CallSound) -> CallSound:
    """The call is over; the next one of this customer begins as loud."""
    return CallSound(volume=sound.volume, voice=sound.voice)
