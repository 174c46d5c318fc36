"""Whoever asks a command wrongly is told so in one sentence of Russian, and a script sees it by exit code 2."""

from __future__ import annotations

import io
import re
import sys

import pytest

from device_drivers.__main__ import main as device_drivers
from device_drivers.command_line import WRONG_USE
from payment.__main__ import main as payment
from provisioning.__main__ import main as provisioning
from signaling_server.__main__ import main as signaling_server
from terminal_app.__main__ import main as terminal_app

SLIP = "--order A --authority-sha256 00 --identity identity"
PERSON = "--login anna --last-name А --first-name Б --position консультант"
MISUSES = [
    (signaling_server, "bogus"),
    (signaling_server, "serve"),
    (signaling_server, "serve --data office --desk-port many"),
    (signaling_server, "agent add --data office --login anna"),
    (signaling_server, f"agent add --data office {PERSON} --role boss"),
    (signaling_server, f"agent add --data office {PERSON}"),  # with no password
    (signaling_server, "order --data office --title  --site x"),
    (signaling_server, "technician add --data office --name Петров --card 7"),  # with no PIN
    (signaling_server, "technician add --data office --card 7"),
    (signaling_server, "contract --fast"),
    (payment, ""),
    (payment, "journal"),
    (payment, "journal list journal.sqlite"),
    (payment, "qr --account 1 --out bill.png --sum-minor abc"),
    (payment, "reconcile journal.sqlite --day 1"),
    (payment, "simulate --sabotage luck"),
    (provisioning, "setup"),
    (provisioning, f"setup --server https://localhost:8443 --code 1 {SLIP}"),
    (terminal_app, "run"),
    (terminal_app, "run --config nothing.toml --run-dir run"),
    (terminal_app, "hand"),
    (terminal_app, "hand fly"),
    (terminal_app, "content judge brand"),
    (device_drivers, "decode"),
]


@pytest.mark.parametrize(("program", "words"), MISUSES, ids=lambda part: getattr(part, "__module__", part))
def test_wrong_use_is_one_sentence_in_russian_and_exit_code_2(program, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["program", *words.split(" ")] if words else ["program"])
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    try:
        code = program()
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr().err
    assert code == WRONG_USE, said
    assert said.strip().count("\n") == 0, said
    assert re.search("[а-я]{3}", said), said
    assert "usage" not in said
