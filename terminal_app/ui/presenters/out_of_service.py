"""The terminal serves nobody now: other ways are on the screen itself."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import TerminalState
from terminal_app.ui import theme
from terminal_app.ui.presenters.chrome import Way, other_ways
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class OutOfServiceView:
    ways: tuple[Way, ...]


class OutOfServicePresenter(Presenter[OutOfServiceView]):
    def view(self, state: TerminalState) -> OutOfServiceView:
        return OutOfServiceView(ways=other_ways(theme.brand, state))
