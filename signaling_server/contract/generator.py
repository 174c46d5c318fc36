"""Writes the contract for those who do not speak Python: JSON Schema, and TypeScript for the page.

Every field is required in TypeScript: the server always writes all of them, and the page is asked to do the same.
"""

from __future__ import annotations

import enum
import inspect
import json
import types
import typing
from pathlib import Path

import msgspec

from signaling_server.contract import (
    card_sending,
    case_desk,
    cases,
    closing,
    documents,
    flow,
    front_desk,
    help,
    incidents,
    knowledge,
    messages,
    money,
    notes,
    preflight,
    quality,
    readiness,
    recording,
    ring_back,
    rooms,
    self_service,
    services,
    staff,
    stills,
    turns,
    visits,
    workplace,
)

_MODULES = (
    messages,
    flow,
    preflight,
    money,
    notes,
    help,
    services,
    cases,
    closing,
    case_desk,
    front_desk,
    incidents,
    knowledge,
    visits,
    turns,
    staff,
    stills,
    documents,
    card_sending,
    self_service,
    ring_back,
    rooms,
    quality,
    recording,
    readiness,
    workplace,
)
_FOLDER = Path(__file__).parent
SCHEMA_PATH = _FOLDER / "schema.json"
TYPESCRIPT_PATH = _FOLDER.parents[1] / "agent_web" / "src" / "contract.gen.ts"
_HEAD = """// Generated from the messages by `python -m signaling_server contract`. Do not edit.
// Times are UTC milliseconds (`_ms`), money is whole kopecks (`_minor`). A message carries its name in `type`.
"""


def generated() -> dict[Path, str]:
    """What each generated file must hold."""
    return {SCHEMA_PATH: _schema(), TYPESCRIPT_PATH: _typescript()}


def stale() -> list[Path]:
    """The generated files that differ from the contract, or are missing."""
    return [path for path, text in generated().items() if not path.is_file() or path.read_text("utf-8") != text]


def write() -> list[Path]:
    """Writes the stale files and tells which they were."""
    changed = stale()
    for path, text in generated().items():
        if path in changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return changed


def _named(kind: type) -> dict[str, typing.Any]:
    return {
        name: value
        for module in _MODULES
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, kind) and value.__module__ == module.__name__
    }


def _unions() -> dict[str, types.UnionType]:
    return {
        name: value
        for name, value in vars(messages).items()
        if isinstance(value, types.UnionType) and value is not messages.HttpBodies
    }


def _schema() -> str:
    _, components = msgspec.json.schema_components(_named(msgspec.Struct).values(), ref_template="#/$defs/{name}")
    document: dict[str, typing.Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": components}
    for name, union in _unions().items():
        components[name] = {"anyOf": [{"$ref": f"#/$defs/{member.__name__}"} for member in union.__args__]}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _typescript() -> str:
    parts = [_HEAD]
    for name, kind in _named(enum.Enum).items():
        parts.append(_doc(kind, "") + f"export type {name} = {' | '.join(_quoted(member.value) for member in kind)};\n")
    for name, kind in _named(msgspec.Struct).items():
        parts.append(_interface(name, kind))
    for name, union in _unions().items():
        members = "".join(f"\n  | {member.__name__}" for member in union.__args__)
        parts.append(f"export type {name} ={members};\n")
    return "\n".join(parts)


def _interface(name: str, kind: type[msgspec.Struct]) -> str:
    config = kind.__struct_config__
    lines = [] if config.tag is None else [f"  {config.tag_field}: {_quoted(str(config.tag))};"]
    hints = typing.get_type_hints(kind)  # msgspec.inspect would lose the names of nested structs of one shape
    lines += [f"  {field.encode_name}: {_type(hints[field.name])};" for field in msgspec.structs.fields(kind)]
    return _doc(kind, "") + f"export interface {name} {{\n" + "\n".join(lines) + "\n}\n"


def _type(hint: typing.Any) -> str:
    plain = {str: "string", bytes: "string", int: "number", float: "number", bool: "boolean", types.NoneType: "null"}
    if hint in plain:
        return plain[hint]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return " | ".join(_type(argument) for argument in typing.get_args(hint))
    if typing.get_origin(hint) is list:
        return f"{_type(typing.get_args(hint)[0])}[]"
    if inspect.isclass(hint) and hint.__module__ in {module.__name__ for module in _MODULES}:
        return hint.__name__
    raise TypeError(f"the contract uses a type the generator does not know: {hint}")


def _doc(kind: type, indent: str) -> str:
    text = inspect.cleandoc(kind.__dict__.get("__doc__") or "")
    if not text or text == "An enumeration.":
        return ""
    return f"{indent}/** {' '.join(text.split())} */\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
