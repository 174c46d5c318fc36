"""In training every sum on the glass carries a mark, so that none can be taken for money. Pure."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from terminal_app.ui.locale import t

RUBLE = "₽"

View = TypeVar("View")


def simulated(view: View) -> View:
    """The same view value; each `₽` in its words is followed by the mark."""
    marked: View = _marked(view, f"{RUBLE}\u00a0{t('training.mark')}")
    return marked


def _marked(value: Any, sign: str) -> Any:
    if isinstance(value, str):
        return value.replace(RUBLE, sign)
    if isinstance(value, tuple):
        return tuple(_marked(item, sign) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return dataclasses.replace(value, **{name: _marked(getattr(value, name), sign) for name in names})
    return value
