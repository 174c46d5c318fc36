"""What a serial scanner sends, in words and back, for the tools of the field. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.scanner.collector import CODE_SIZE_MAX, SUFFIXES

_ENDS = dict(sorted(SUFFIXES.items(), key=lambda item: -len(item[1])))  # the longest first


class CodeError(ValueError):
    """Bytes that are no code, or a field that does not exist; the text says why."""


def decode_code(raw: bytes) -> tuple[str, dict[str, object]]:
    """`CODE`: its size in bytes without the end mark, the end mark, and the bytes as text or in hex. `END MARK`: one
    alone, from a scanner that was woken.

    Raises:
        CodeError: empty, or longer than any code.
    """
    end, mark = next((end, mark) for end, mark in _ENDS.items() if raw.endswith(mark))
    payload = raw[: len(raw) - len(mark)]
    if mark and not payload:
        return "END MARK", {"end": end}
    if not 1 <= len(payload) <= CODE_SIZE_MAX:
        raise CodeError(f"a code has 1..{CODE_SIZE_MAX} bytes, here are {len(payload)}")
    fields: dict[str, object] = {"size": len(payload), "end": end}
    try:
        return "CODE", fields | {"text": payload.decode("utf-8")}
    except UnicodeDecodeError:
        return "CODE", fields | {"payload": payload.hex()}


def encode_code(name: str, values: Mapping[str, str]) -> bytes:
    """`CODE text=...` or `CODE payload=HEX`, and `end=cr|lf|crlf|none` (crlf); `END MARK`.

    Raises:
        CodeError: no such message, or a field is missing, unknown or makes no sense.
    """
    word = " ".join(name.upper().replace("_", " ").split())
    words = {field: value for field, value in values.items() if field != "size"}
    if word not in ("CODE", "END MARK"):
        raise CodeError(f"a scanner says CODE or END MARK, not {name}")
    if unknown := set(words) - ({"text", "payload", "end"} if word == "CODE" else {"end"}):
        raise CodeError(f"{word} has no field {sorted(unknown)[0]}")
    end = words.get("end", "crlf")
    if end not in SUFFIXES:
        raise CodeError(f"end is one of {', '.join(SUFFIXES)}, not {end}")
    if word == "END MARK":
        return SUFFIXES[end]
    try:
        payload = words["text"].encode() if "text" in words else bytes.fromhex(words.get("payload", ""))
    except ValueError:
        raise CodeError(f"payload is hex, not {words['payload']!r}") from None
    if not 1 <= len(payload) <= CODE_SIZE_MAX:
        raise CodeError(f"a code has 1..{CODE_SIZE_MAX} bytes, not {len(payload)}")
    return payload + SUFFIXES[end]
