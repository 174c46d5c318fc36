"""Before the customer waits: does he need special help, or does the law let him pass out of turn (clause 6.3.3)? Pure.

Nobody is asked for a proof here: who needs help is believed, a document of the law is shown to the consultant.
"""

from __future__ import annotations

from collections.abc import Sequence

from signaling_server.contract.turns import Turn, TurnCategory
from terminal_app.ipc.pages import Choice, Page, PageKind, Phrase

PAGE = "turn"
HELP, NONE, CATEGORY = "special_help", "in_turn", "category_"


def page(categories: Sequence[TurnCategory], turn: Turn) -> Page:
    """Help first; then the categories of the law, in the office's words; who has chosen may take it back."""
    by_law = [Choice(f"{CATEGORY}{at}", Phrase(text=category.title)) for at, category in enumerate(categories)]
    back = [Choice(NONE)] if turn != Turn() else []
    return Page(PAGE, PageKind.LIST, choices=[Choice(HELP), *by_law, *back])


def chosen(key: str, categories: Sequence[TurnCategory]) -> Turn | None:
    """What goes with the call; None: a key that is not on the page."""
    if key == HELP:
        return Turn(special_help=True)
    if key == NONE:
        return Turn()
    by_key = {f"{CATEGORY}{at}": category for at, category in enumerate(categories)}
    category = by_key.get(key)
    return Turn(category_id=category.category_id, title=category.title) if category is not None else None
