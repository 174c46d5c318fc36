"""What customers are told, from `templates.toml`: Russian sentences with named places to fill."""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

TEMPLATES_PATH = Path(__file__).with_name("templates.toml")
SMS_LENGTH_MAX = 201  # three parts of 67 Cyrillic characters


class TemplateError(ValueError):
    """A template is missing, or not filled exactly: our own mistake, found by tests."""


class Template(Struct, frozen=True, forbid_unknown_fields=True):
    """One text. `owner` is who looks at a message of this kind that could not be delivered."""

    owner: str
    sms: str = ""
    subject: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    subject: str
    body: str
    owner: str


@cache
def load_templates(path: Path = TEMPLATES_PATH) -> dict[str, Template]:
    """Raises TemplateError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, Template])
    except (OSError, ValueError) as error:
        raise TemplateError(f"{path.name}: {error}") from error


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def write_sms(name: str, **values: str) -> Written:
    """Raises TemplateError."""
    template = _template(name)
    return Written("", _filled(name, template.sms, values), template.owner)


def write_email(name: str, **values: str) -> Written:
    """Raises TemplateError."""
    template = _template(name)
    known = {key: value for key, value in values.items() if key in fields_of(template.subject)}
    subject = _filled(name, template.subject, known)
    return Written(subject, _filled(name, template.email, values), template.owner)


def _template(name: str) -> Template:
    template = load_templates().get(name)
    if template is None:
        raise TemplateError(f"no template {name}")
    return template


def _filled(name: str, text: str, values: dict[str, str]) -> str:
    if not text or fields_of(text) != set(values):
        raise TemplateError(f"{name} wants {sorted(fields_of(text))}, not {sorted(values)}")
    return text.format_map(values).strip()
