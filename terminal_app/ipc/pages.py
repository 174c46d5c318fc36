"""Pages: what every service but money is shown on. Six kinds serve them all; core fills them, ui draws them.

A page's words are keys of ui's catalogue, or texts that the office wrote (an article, a topic, a refusal). Nothing here
knows what a service is about, so a new service needs no new screen (docs/adr/0028).
"""

from __future__ import annotations

import enum

from msgspec import Struct

from signaling_server.contract.notes import Drawing
from terminal_app.ipc.reading import Aloud


class PageKind(enum.StrEnum):
    """How a page is used, hence how it is laid out."""

    LIST = "list"  # choose one of few or many
    TEXT = "text"  # read
    ENTRY = "entry"  # type one thing
    SUMMARY = "summary"  # look over what is to be sent, or what came of it
    PHOTO = "photo"  # hold something before the camera; its first choice takes the photo
    PAD = "pad"  # write or draw by finger; its first choice hands over what was drawn


class Phrase(Struct, frozen=True):
    """A sentence of the catalogue with its values filled in, or, without a key, a text from outside."""

    key: str = ""
    values: dict[str, str] = {}
    text: str = ""


NOTHING = Phrase()


class Tone(enum.StrEnum):
    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"


class Choice(Struct, frozen=True):
    """Something to press. Without a title its words are `<page>.<key>` of the catalogue, and `<page>.<key>.hint`."""

    key: str
    title: Phrase = NOTHING
    hint: Phrase = NOTHING
    enabled: bool = True


class Pair(Struct, frozen=True):
    name: Phrase
    value: Phrase


class Part(Struct, frozen=True):
    """A piece of a text: heading, paragraph, picture (PNG or JPEG) or table. `say`: how it is read aloud instead."""

    heading: Phrase = NOTHING
    text: Phrase = NOTHING
    picture: bytes = b""
    rows: list[list[str]] = []
    say: str = ""


class EntryKind(enum.StrEnum):
    """What is typed, hence the keyboard. Words of ui/keyboard_layout.py."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    DIGITS = "digits"


class Entry(Struct, frozen=True):
    """One field. `error` stands beside it; what was typed stays. `secret`: dots, and gone once it is sent."""

    kind: EntryKind
    draft: str = ""
    length_max: int = 60
    length_min: int = 1
    error: Phrase = NOTHING
    secret: bool = False


class Page(Struct, frozen=True):
    """`choices` are tiles of a list; under every other kind they are buttons, the first one the main one.

    `<name>.title` and, where the catalogue has it, `<name>.sentence` are the words of a page that says none of its own.
    """

    name: str  # of the catalogue, of visit events and of tests
    kind: PageKind
    title: Phrase = NOTHING
    sentence: Phrase = NOTHING
    tone: Tone = Tone.PLAIN
    number: str = ""  # large: what is to be written down
    pairs: list[Pair] = []
    parts: list[Part] = []
    choices: list[Choice] = []
    entry: Entry | None = None
    qr: str = ""  # to be read by the customer's phone
    to_the_end: bool = False  # a text that has to be seen whole before the first choice unlocks
    aloud: Aloud | None = None  # it has to be heard whole instead
    back: bool = True
    topic_id: str = ""  # of the classifier: what it is about, for the consultant and for the office's counts
    article_id: str = ""  # of the Справочник, while it is read


class OpenService(Struct, frozen=True, tag=True, tag_field="type"):
    """A service by its name (core/tasks/registry.py); `menu` lists them."""

    service: str


class Choose(Struct, frozen=True, tag=True, tag_field="type"):
    """A choice of the present page. `page` is its name: a press that comes late means nothing."""

    page: str
    key: str


class Enter(Struct, frozen=True, tag=True, tag_field="type"):
    """What was typed on the present page."""

    page: str
    text: str


class Draw(Struct, frozen=True, tag=True, tag_field="type"):
    """What a finger wrote on the present page; the first choice of a PAD page sends it."""

    page: str
    drawing: Drawing
