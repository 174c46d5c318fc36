"""One virtual display and one ui program a size, for the whole run: starting them is most of the cost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kiosk_bench import Kiosk, virtual_display

SCREENSHOTS_DIR = Path("build/screenshots/terminal")


def _kiosk(tmp_path_factory: pytest.TempPathFactory, size: tuple[int, int], ppi: float | None) -> Iterator[Kiosk]:
    with virtual_display(*size) as display:
        kiosk = Kiosk(tmp_path_factory.mktemp("run"), display, size, ppi)
        try:
            yield kiosk
        finally:
            kiosk.close()


@pytest.fixture(scope="session")
def standing_kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    """A 22 inch panel that stands."""
    yield from _kiosk(tmp_path_factory, (1080, 1920), 100.1)


@pytest.fixture(scope="session", params=[(1366, 768, 84.7), (1280, 1024, 86.3)], ids=["16:9", "5:4"])
def lying_kiosk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    """18.5 and 19 inch panels that lie."""
    width, height, ppi = request.param
    yield from _kiosk(tmp_path_factory, (width, height), ppi)


@pytest.fixture
def kiosk(standing_kiosk: Kiosk) -> Kiosk:
    """The standing panel with no commands remembered."""
    standing_kiosk.core.commands.clear()
    return standing_kiosk
