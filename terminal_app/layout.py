"""Where the parts of this terminal are, for whoever finds them by hand or by ear (clause 9.6.9)."""

from __future__ import annotations

import enum

from msgspec import Struct

MODELLED = ("camera",)  # the settings name one even where none is fitted: it may be left out


class PartPlace(enum.StrEnum):
    """As seen by who stands before the screen."""

    ABOVE = "above"
    ABOVE_LEFT = "above left"
    ABOVE_RIGHT = "above right"
    LEFT = "left"
    RIGHT = "right"
    BELOW = "below"
    BELOW_LEFT = "below left"
    BELOW_RIGHT = "below right"

    @property
    def key(self) -> str:
        return self.value.replace(" ", "_")


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """By the names of `[devices]`, and three that are no devices of ours; None: it is not there."""

    camera: PartPlace | None = None
    bill_validator: PartPlace | None = None
    coin_acceptor: PartPlace | None = None
    payment_card_reader: PartPlace | None = None
    barcode_reader: PartPlace | None = None
    card_reader: PartPlace | None = None
    receipt_printer: PartPlace | None = None
    document_printer: PartPlace | None = None
    keypad: PartPlace | None = None
    headphones: PartPlace | None = None
    sos: PartPlace | None = None

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Part and place, as words of ui's catalogue; empty: nothing is described."""
        told = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return tuple((name, place.key) for name, place in told if place is not None)

    def check(self, fitted: frozenset[str]) -> None:
        """A description is whole or there is none. Raises ValueError."""
        told = {name for name, _ in self.parts()}
        if not told:
            return
        parts = set(PARTS) & fitted
        if missing := sorted(parts - told - set(MODELLED)):
            raise ValueError(f"layout says nothing of {', '.join(missing)}")
        if strange := sorted((told & set(PARTS)) - parts):
            raise ValueError(f"layout tells of what is not among the devices: {', '.join(strange)}")


PARTS = tuple(name for name in Layout.__struct_fields__ if name not in ("keypad", "headphones", "sos"))
