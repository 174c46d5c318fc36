"""`python -m device_drivers simulate`: what it cannot do it says before anybody finds the device."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from device_drivers.__main__ import main


def run(capsys, *arguments):
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out.strip(), captured.err.strip()


@pytest.mark.parametrize("memory", ["[]", "{}", "not json", '{"cassette": 5}'])
def test_a_memory_that_cannot_be_read_is_one_sentence(capsys, tmp_path, memory):
    (tmp_path / "memory").write_text(memory)
    code, _, errors = run(
        capsys,
        "simulate",
        "ccnet",
        "--link",
        f"{tmp_path}/a",
        "--control",
        f"{tmp_path}/b",
        "--memory",
        f"{tmp_path}/memory",
    )
    assert (code, len(errors.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    "options",
    [["escpos", "--paper", "file"], ["escpos", "--paper", "file/slips"], ["ccnet", "--memory", "absent/memory"]],
)
def test_what_a_simulator_cannot_keep_is_told_before_anybody_finds_it(capsys, tmp_path, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine")
    code, out, errors = run(capsys, "simulate", *options, "--link", "tty", "--control", "hand")
    assert (code, out, len(errors.splitlines())) == (2, "", 1)
    assert not Path("tty").is_symlink()
    assert not Path("hand").exists()
    assert Path("file").read_text() == "mine"


def test_a_control_path_that_is_no_socket_is_refused_and_left_as_it_was(capsys, tmp_path):
    precious = tmp_path / "precious.toml"
    precious.write_text("mine")
    code, out, errors = run(
        capsys, "simulate", "ccnet", "--link", f"{tmp_path}/tty", "--control", str(precious), "--initialize-s", "0"
    )
    assert (code, out, len(errors.splitlines())) == (2, "", 1)
    assert "exists and is no socket" in errors
    assert precious.read_text() == "mine"
    assert not (tmp_path / "tty").is_symlink()


def started(folder, *options):
    """What it said on both outputs, when it was ended by Ctrl-C as soon as it was ready."""
    words = ["simulate", "ccnet", "--initialize-s", "0", "--control", str(folder / "hand"), *options]
    with subprocess.Popen(
        [sys.executable, "-m", "device_drivers", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        ready = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
        assert process.returncode == 0
    return ready, told.splitlines()


def test_who_starts_a_simulator_is_told_what_it_is_where_and_how_it_ends(tmp_path):
    ready, told = started(tmp_path, "--link", str(tmp_path / "tty"))
    assert ready == {"ready": True, "link": str(tmp_path / "tty"), "control": str(tmp_path / "hand")}
    assert told[0].startswith("ccnet: a simulated device")
    assert told[1] == f"its port: serial://{tmp_path}/tty"
    assert told[2].startswith(f"its hand: {tmp_path}/hand, a unix socket")
    assert told[-1] == "Ctrl-C ends it"


def test_a_free_port_of_tcp_is_named_and_a_program_reads_one_line(tmp_path):
    ready, told = started(tmp_path, "--listen", "127.0.0.1:0")
    assert f"its port: tcp://{ready['listen']}" in told
    assert started(tmp_path, "--listen", "127.0.0.1:0", "--json")[1] == []


def begun(tmp_path, *options):
    words = [sys.executable, "-m", "device_drivers", "simulate", *options, "--json"]
    program = subprocess.Popen(words, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True)
    return program, json.loads(program.stdout.readline())


def test_a_second_simulator_takes_no_running_one_s_port(capsys, tmp_path):
    link = tmp_path / "tty"
    first, _ = begun(tmp_path, "ccnet", "--link", str(link), "--control", str(tmp_path / "a"))
    try:
        where = link.readlink()
        code, out, errors = run(capsys, "simulate", "ccnet", "--link", str(link), "--control", str(tmp_path / "b"))
        assert (code, out, len(errors.splitlines())) == (2, "", 1)
        assert "another simulator" in errors
        assert link.readlink() == where
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    again, _ = begun(tmp_path, "ccnet", "--link", str(link), "--control", str(tmp_path / "a"))
    again.send_signal(signal.SIGTERM)
    assert again.wait(10) == 0, "what was killed holds nothing"


def test_a_port_needs_a_name(capsys, tmp_path):
    code, _, errors = run(capsys, "simulate", "ccnet", "--link", "", "--control", str(tmp_path / "b"))
    assert (code, len(errors.splitlines())) == (2, 1)


def test_a_bank_terminal_on_tcp_speaks_its_form_of_tcp(capsys, tmp_path):
    program, ready = begun(tmp_path, "vendotek", "--listen", "127.0.0.1:0", "--control", str(tmp_path / "c"))
    try:
        assert main(["probe", f"vendotek+tcp://{ready['listen']}"]) == 0
    finally:
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
