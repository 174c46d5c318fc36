"""Where the electronic receipt goes: asked before the payment, of who wants one (54-ФЗ, art. 1.2 p. 2). Pure.

It is kept for this stay alone, and goes with the order to the fiscal document.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from payment.fiscal.contact import CONTACT_SIZE_MAX, ContactError, read_contact
from terminal_app.core.tasks.phone_code import PHONE_LENGTH_MAX
from terminal_app.core.tasks.task import Chosen, Context, Entered, Event, KeepContact, Step
from terminal_app.ipc.pages import NOTHING, Choice, Entry, EntryKind, Page, PageKind, Phrase

_KINDS = {"phone": EntryKind.PHONE, "email": EntryKind.EMAIL}


@dataclass(frozen=True, slots=True)
class Way:
    """To a phone or by e-mail; who has named one may take it back."""

    def page(self, context: Context) -> Page:
        none = [Choice("none")] if context.contact else []
        return Page("receipt_contact", PageKind.LIST, choices=[Choice("phone"), Choice("email"), *none])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="none"):
                return self, [KeepContact("")]
            case Chosen(key=key) if key in _KINDS:
                return Address(key), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Address:
    way: str  # a key of `_KINDS`
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        length_max = PHONE_LENGTH_MAX if self.way == "phone" else CONTACT_SIZE_MAX
        entry = Entry(_KINDS[self.way], length_max=length_max, error=self.error)
        return Page(f"receipt_contact.{self.way}", PageKind.ENTRY, entry=entry)

    def step(self, event: Event, context: Context) -> Step:
        if not isinstance(event, Entered):
            return self, []
        try:
            return self, [KeepContact(read_contact(event.text))]
        except ContactError:
            return replace(self, error=Phrase(f"receipt_contact.{self.way}.wrong")), []


def begin(context: Context) -> Step:
    return Way(), []
