"""Личный кабинет клиента: its address as a QR for the customer's own phone. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.core.tasks.task import Context, Event, Step
from terminal_app.ipc.pages import Page, PageKind, Phrase


@dataclass(frozen=True, slots=True)
class AccountSite:
    def page(self, context: Context) -> Page:
        url = context.account_site_url
        return Page(
            "account_site",
            PageKind.SUMMARY,
            sentence=Phrase("account_site.sentence" if url else "account_site.none"),
            qr=url,
        )

    def step(self, event: Event, context: Context) -> Step:
        return self, []


def begin(context: Context) -> Step:
    return AccountSite(), []
