"""The viewfinder for the bill."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import GoBack, TerminalState, UiToCore
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class BillScanView:
    hint: str
    found: bool


class BillScanPresenter(Presenter[BillScanView]):
    """The code is looked for by media; here is only where to hold the paper."""

    def view(self, state: TerminalState) -> BillScanView:
        return BillScanView(hint=t("scan.found") if state.busy else t("scan.hint"), found=state.busy)

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        return GoBack() if key == "by_hand" and not state.busy else None
