"""Lines between upsd and its clients in words and back, for the tools of the field. No I/O, no clock.

Source: UPS paper; NUT, RFC 9271. A password is never shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.ups.frames import LINE_SIZE_MAX, LineError, words_of

HOST_TO_DEVICE = "host->device"
HIDDEN = "***"
Forms = Mapping[str, tuple[str, ...]]  # a name of one or more words -> its fields, in order

_SAID: Forms = {
    "LIST UPS": (),
    "LIST VAR": ("ups",),
    "GET VAR": ("ups", "name"),
    "SET VAR": ("ups", "name", "value"),
    "INSTCMD": ("ups", "command"),
    "USERNAME": ("user",),
    "PASSWORD": ("password",),
    "LOGIN": ("ups",),
    "LOGOUT": (),
}
_ANSWERED: Forms = {
    "BEGIN LIST UPS": (),
    "END LIST UPS": (),
    "BEGIN LIST VAR": ("ups",),
    "END LIST VAR": ("ups",),
    "UPS": ("ups", "description"),
    "VAR": ("ups", "name", "value"),
    "ERR": ("reason",),
    "OK": (),
}


def decode_line(raw: bytes, direction: str | None) -> tuple[str, dict[str, object]]:
    """Name and fields of one line with its end.

    Raises:
        LineError: not exactly one line, or one that nobody says in this direction.
    """
    if not raw.endswith(b"\n") or b"\n" in raw[:-1] or len(raw) > LINE_SIZE_MAX:
        raise LineError(f"not exactly one line of at most {LINE_SIZE_MAX} bytes with its end")
    try:
        words = words_of(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise LineError("a line is UTF-8") from None
    for forms in _spoken(direction):
        for name, fields in sorted(forms.items(), key=lambda item: -len(item[0])):
            said = name.split()
            if words[: len(said)] == said and len(words) == len(said) + len(fields):
                values = dict(zip(fields, words[len(said) :], strict=True))
                return name, {field: HIDDEN if field == "password" else value for field, value in values.items()}
    raise LineError(f"nobody says {' '.join(words[:2]) or 'nothing'} so")


def encode_line(name: str, values: Mapping[str, str]) -> bytes:
    """One line by its name and fields.

    Raises:
        LineError: no such line, a field that is missing or unknown, or a line that is too long.
    """
    word = " ".join(name.upper().replace("_", " ").split())
    fields = next((forms[word] for forms in (_SAID, _ANSWERED) if word in forms), None)
    if fields is None:
        raise LineError(f"no line of upsd is called {name}")
    if set(values) != set(fields):
        raise LineError(
            f"the fields of {word} are {', '.join(fields) or '(none)'}, not {', '.join(values) or '(none)'}"
        )
    raw = (" ".join([word, *(_quoted(values[field]) for field in fields)]) + "\n").encode()
    if len(raw) > LINE_SIZE_MAX or raw.count(b"\n") > 1:
        raise LineError(f"a line has at most {LINE_SIZE_MAX} bytes and one end")
    return raw


def _spoken(direction: str | None) -> tuple[Forms, ...]:
    if direction is None:
        return _SAID, _ANSWERED
    return (_SAID if direction == HOST_TO_DEVICE else _ANSWERED,)


def _quoted(word: str) -> str:
    """As upsd writes it: plain where it may be."""
    if word and all(letter.isalnum() or letter in "._-*" for letter in word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
