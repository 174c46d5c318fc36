"""Every service of the terminal by its name: what has to be known before it, and how it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from terminal_app.core.tasks import account_site, menu
from terminal_app.core.tasks.task import Context, Need, Step


@dataclass(frozen=True, slots=True)
class Service:
    need: Need
    begin: Callable[[Context], Step]


SERVICES: dict[str, Service] = {
    "menu": Service(Need.NOBODY, menu.begin),
    "organisations": Service(Need.NOBODY, menu.begin_organisations),
    "account_site": Service(Need.NOBODY, account_site.begin),
}
