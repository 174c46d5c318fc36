"""probe, test and trace at a simulated device on a pseudo-terminal, which is a program of its own."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys

import pytest

from device_drivers.__main__ import main
from device_drivers.simulators.control import command_now


@pytest.fixture
def validator(tmp_path):
    """A CCNET validator's port and its control socket."""
    link, control = tmp_path / "tty", tmp_path / "hand"
    words = ["simulate", "ccnet", "--initialize-s", "0.2", "--link", str(link), "--control", str(control)]
    with subprocess.Popen([sys.executable, "-m", "device_drivers", *words], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield f"ccnet+serial://{link}", control
        process.send_signal(signal.SIGTERM)


def run(capsys, *arguments):
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_validator_is_traced_probed_and_tested(validator, tmp_path, capsys, monkeypatch):
    url, control = validator
    kept = tmp_path / "trace"
    code, out, _ = run(capsys, "trace", url, "--seconds", "2", "--save", str(kept))
    assert code == 0
    assert "→ POLL" in out
    assert "← IDENTIFICATION" in out
    again = run(capsys, "trace", str(kept))[1]
    assert again.splitlines() == [row for row in out.splitlines() if " # " not in row]

    code, out, _ = run(capsys, "probe", url, "--json")
    assert (code, json.loads(out)["found"]) == (0, True)
    assert json.loads(out)["answers"][0]["fields"]["serial"] == "000000000001"

    monkeypatch.setattr(sys, "stdin", io.StringIO("что?\n" + "п\n" * 4))
    code, out, said = run(capsys, "test", url, "--json")
    assert (code, json.loads(out)["passed"]) == (1, False)
    assert [step["result"] for step in json.loads(out)["steps"]] == ["пропущен"] * 4
    assert "Шаг 1 из 4. Проверяем связь: купюроприёмник." in said
    state = command_now(control, {"do": "state"})
    assert (state["cassette"]["count"], state["enabled_minor"]) == (0, [])


@pytest.mark.parametrize(
    ("typed", "seen"),
    [(b"", "ввод закончен, проверка остановлена"), (b"\xff\n\xd0\xbf", "по решению техника")],
)
def test_a_test_ends_with_its_input_and_says_nothing_more(tmp_path, typed, seen):
    """As a program: what is typed may be no text, and its last line may have no end."""
    (tmp_path / "slot").mkdir()
    for file in ("brightness", "max_brightness", "trigger"):
        (tmp_path / "slot" / file).write_text("1")
    words = [sys.executable, "-m", "device_drivers", "test", f"leds://{tmp_path}?bill_validator=slot", "--json"]
    ended = subprocess.run(words, input=typed, capture_output=True, timeout=60)
    steps = json.loads(ended.stdout)["steps"]
    assert (ended.returncode, [step["result"] for step in steps]) == (1, ["пройден", "пропущен"])
    assert steps[1]["seen"] == seen
    assert len(ended.stderr.decode().splitlines()) == 4


def test_a_test_that_ends_while_nobody_types_says_nothing_more(tmp_path):
    words = [sys.executable, "-m", "device_drivers", "test", f"camera://{tmp_path}/none.mp4"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.wait(60) == 1
        assert len(process.stderr.read().decode().splitlines()) == 2


@pytest.mark.parametrize("tool", ["probe", "test", "trace"])
def test_a_port_that_is_not_there_is_one_sentence(tmp_path, capsys, tool):
    code, out, errors = run(capsys, tool, f"ccnet+serial://{tmp_path}/none")
    assert (code, out) == (2, "")
    assert errors == f"device_drivers: {tmp_path}/none: there is no such port\n"


def test_a_trace_of_nothing_leaves_no_file(tmp_path, capsys):
    kept = tmp_path / "trace"
    assert run(capsys, "trace", f"ccnet+serial://{tmp_path}/none", "--save", str(kept))[0] == 2
    assert not kept.exists()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # a line that opens, and nobody says a word
        url = f"switches+tcp://127.0.0.1:{silent.getsockname()[1]}?sos=key148"
        assert run(capsys, "trace", url, "--seconds", "0.3", "--save", str(kept))[0] == 0
    assert not kept.exists()


@pytest.mark.parametrize("place", ["there", "absent/trace", "there/trace"])
def test_a_trace_that_cannot_be_kept_is_not_begun(tmp_path, capsys, place):
    (tmp_path / "there").write_text("mine")
    code, out, errors = run(capsys, "trace", f"ccnet+serial://{tmp_path}/none", "--save", str(tmp_path / place))
    assert (code, out, len(errors.splitlines())) == (2, "", 1)
    assert "cannot be written" in errors
    assert (tmp_path / "there").read_text() == "mine"


@pytest.mark.parametrize("tool", ["probe", "test"])
@pytest.mark.parametrize("url", ["serial:///dev/ttyS0", "jam+serial:///dev/ttyS0", "ccnet+ftp://x", "ccnet"])
def test_a_port_of_no_known_protocol_is_not_spoken_to(capsys, tool, url):
    code, _, errors = run(capsys, tool, url)
    assert (code, len(errors.splitlines())) == (2, 1)
