"""Whose terminal it is and how to reach them: on every screen and receipt."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec import Struct

LINKS_MAX, NAME_LENGTH_MAX, URL_LENGTH_MAX = 6, 24, 120  # a longer code would not be read from the screen


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the company elsewhere: a social network, a messenger."""

    name: str
    url: str

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= NAME_LENGTH_MAX:
            raise ValueError(f"a link has a name of at most {NAME_LENGTH_MAX} signs")
        split = urlsplit(self.url)
        if split.scheme != "https" or not split.hostname or len(self.url) > URL_LENGTH_MAX:
            raise ValueError(f"url of a link is https:// and at most {URL_LENGTH_MAX} signs, not {self.url!r}")


class Contacts(Struct, frozen=True, forbid_unknown_fields=True):
    support_phone: str = "8 800 000-00-00"
    support_hours: str = "ежедневно с 8:00 до 22:00"
    organisation: str = "АО «Энергосбыт»"
    account_site_url: str = ""  # личный кабинет, shown as a QR; empty: not offered
    links: list[Link] = []  # social networks and messengers, each a QR with its name

    def __post_init__(self) -> None:
        if len(self.links) > LINKS_MAX or len({link.name for link in self.links}) < len(self.links):
            raise ValueError(f"at most {LINKS_MAX} links, each with a name of its own")
