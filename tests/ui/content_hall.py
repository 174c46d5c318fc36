"""The real ui with the package that lies in its run folder, good or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from terminal_app.content import usable_package
from terminal_app.ui import app


def main(run_dir: Path, **settings: Any) -> None:
    app.main(run_dir, package=usable_package(str(run_dir / "package"), run_dir / "unpacked"), **settings)
