"""Whether a text was read whole before it was agreed to (clause 9.6.9). Pure."""

from __future__ import annotations

from signaling_server.contract.services import ConsentRead
from signaling_server.refusal import ServiceRefusedError

WHOLE = 100  # percent


def check_read(read: ConsentRead | None) -> None:
    """None: a terminal of the release before. Raises ServiceRefusedError: no_consent."""
    if read is not None and read.coverage_percent < WHOLE:
        raise ServiceRefusedError("no_consent", "Согласие нужно прочитать или прослушать до конца")
