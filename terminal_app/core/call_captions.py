"""Captions of what the agent says: automatic, so wrong now and then, and said to be so (clause 9.6.11e). Pure.

They are there by themselves for who writes or types instead of speaking, or where the loudspeaker is dead; for anyone
else by a touch. Nothing of them is kept but the end of what was said, and that until the talk is over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.call_messages import CaptionsView, SoundTrouble
from terminal_app.ipc.media_messages import CaptionHeard

KEPT_LENGTH_MAX = 300
_READ = (WayToTalk.WRITE, WayToTalk.TYPE)
_UNHEARD = (SoundTrouble.LOUDSPEAKER, SoundTrouble.BOTH)


@dataclass(frozen=True, slots=True)
class Captions:
    on: bool = False
    ended: bool = False  # by themselves
    said: str = ""  # whole phrases
    phrase: str = ""  # the one that is spoken now

    def view(self) -> CaptionsView:
        return CaptionsView(self.on, self.ended, f"{self.said} {self.phrase}".strip())


NO_CAPTIONS = Captions()


def accepted(way: WayToTalk | None, trouble: SoundTrouble) -> Captions:
    return Captions(on=way in _READ or trouble in _UNHEARD)


def switched(captions: Captions) -> Captions:
    return captions if captions.ended else Captions(on=not captions.on)


def heard(captions: Captions, event: CaptionHeard) -> Captions:
    """The recogniser knows neither capitals nor full stops; the phrases at least are told apart."""
    if not captions.on:
        return captions
    phrase = event.text[:1].upper() + event.text[1:]
    if not event.final:
        return replace(captions, phrase=phrase)
    return replace(captions, said=f"{captions.said} {phrase}."[-KEPT_LENGTH_MAX:].lstrip(), phrase="")


def ended() -> Captions:
    return Captions(ended=True)
