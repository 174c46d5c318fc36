"""How many customers of the talks use the ЛКК, and how many were won for it (clause 6.3.7). Pure.

Asked is who gave one of the three answers. Who uses it already cannot be won, so the share counts the others alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from signaling_server.contract.closing import PortalAnswer
from signaling_server.contract.quality import PortalFigures


def portal_figures(answers: Iterable[PortalAnswer]) -> PortalFigures:
    """Of the stored answer of each talk, `NOT_ASKED` where nobody spoke of it. Every talk is in one of the counts."""
    counts = Counter(answers)
    helped = counts[PortalAnswer.REGISTERS] + counts[PortalAnswer.REGISTERED]
    refused, registered = counts[PortalAnswer.REFUSED], counts[PortalAnswer.REGISTERED]
    return PortalFigures(
        talks=counts.total(),
        asked=counts.total() - counts[PortalAnswer.NOT_ASKED],
        uses=counts[PortalAnswer.USES],
        helped=helped,
        registered=registered,
        refused=refused,
        converted_percent=_percent(registered, helped + refused),
    )


def _percent(part: int, whole: int) -> int | None:
    """Rounded half up; None of nothing: a share of nobody is not nought."""
    return (200 * part + whole) // (2 * whole) if whole else None
