"""`python -m device_drivers`: what it prints, and one sentence for bad input."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
import segno

from device_drivers.__main__ import main
from device_drivers.tools.own import OWN_DEVICES
from device_drivers.tools.probe import plan_for
from device_drivers.tools.protocols import TOOLS
from device_drivers.tools.steps import steps_for

VECTORS = [
    (file.stem, vector)
    for file in sorted((Path(__file__).parents[2] / "vectors").glob("*.json"))
    for vector in json.loads(file.read_text())["vectors"]
]
PYTHON_WORDS = re.compile(r"literal for|fromhex|codec|Errno|Expecting|cast to integer|\bchar \d|Connect call")
ONE_MESSAGE = ("frame", "status", "command", "encrypted-frame")


def said(protocol, vector):
    """The arguments that tell `decode` what the vector's file tells of its bytes."""
    fields = vector.get("fields", {})
    options = [] if vector["dir"] == "both" else ["--dir", vector["dir"]]
    if protocol == "cctalk":
        key = ["--key", fields["key"]] if "key" in fields else ["--variant", fields.get("variant", "checksum8")]
        options += key
    if "request" in fields:
        options += ["--request", fields["request"]]
    return [protocol, vector["hex"], *options]


def run(capsys, *arguments):
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out.strip(), captured.err.strip()


@pytest.mark.parametrize(
    ("arguments", "name", "fields"),
    [
        (["ccnet", "02030633da81"], "POLL", {}),
        (["ccnet", "0203063041b3"], "RESET", {}),
        (["ccnet", "0203063041b3", "--dir", "device->host"], "ILLEGAL COMMAND", {}),
        (["cctalk", "280001fed9"], "SIMPLE POLL", {"destination": 40, "source": 1}),
        (["cctalk", "280046013f"], "RESET", {"destination": 40}),
        (["cctalk", "280046013f", "--variant", "crc16"], "RESET", {"destination": 40}),
        (["cctalk", "2801804c2c2b", "--key", "908172"], "ROUTE BILL", {"destination": 40, "route": 1}),
        (["essp", "7f8001071202"], "POLL", {"sequence": 1, "address": 0}),
        (
            ["essp", "7f8004f0ee01ebb948"],
            "POLL ANSWER",
            {"sequence": 1, "address": 0, "events": ["CREDIT 1", "STACKED"]},
        ),
        (
            ["essp", "7f8005f0001c962cd497", "--request", "0c"],
            "SERIAL NUMBER",
            {"sequence": 1, "address": 0, "serial": 1873452},
        ),
        (["id003", "fc05112756"], "STATUS REQUEST", {}),
        (["id003", "fc05112756", "--dir", "device->host"], "IDLING", {"status": "0x11"}),
        (["ccnet", "02030780073347"], "ESCROW POSITION", {"state": "0x80", "bill_type": 7}),
        (
            ["escpos", "1a", "--request", "100401"],
            "STATUS 1",
            {"online": False, "waiting_for_recovery": False, "feed_held": False},
        ),
        (["escpos", "1e", "--request", "100404"], "STATUS 4", {"paper": "near_end"}),
        (["escpos", "180f0f0f"], "STATUS BACK", {"online": False, "cover_open": False, "bytes": "180f0f0f"}),
        (["escpos", "1d65030c", "--dir", "host->device"], "PRESENT", {"steps": 12}),
        (
            ["escpos", "1d7630000100020080ff", "--dir", "host->device"],
            "RASTER",
            {"width_px": 8, "height_px": 2, "dots": "80ff"},
        ),
        (["nut", b"GET VAR kiosk ups.status\n".hex()], "GET VAR", {"ups": "kiosk", "name": "ups.status"}),
        (
            ["nut", b'VAR kiosk ups.model "Back \\"650\\""\n'.hex(), "--dir", "device->host"],
            "VAR",
            {"ups": "kiosk", "name": "ups.model", "value": 'Back "650"'},
        ),
        (["nut", b"ERR DATA-STALE\n".hex()], "ERR", {"reason": "DATA-STALE"}),
        (["nut", b"PASSWORD secret\n".hex()], "PASSWORD", {"password": "***"}),
        (["scanner", b"ST00012\r\n".hex()], "CODE", {"size": 7, "end": "crlf", "text": "ST00012"}),
        (["scanner", "cff00d"], "CODE", {"size": 2, "end": "cr", "payload": "cff0"}),
        (["scanner", "0d0a"], "END MARK", {"end": "crlf"}),
        (["switches", "00" * 16 + "0500000001000000"], "SWITCH", {"code": 0, "value": 1}),
        (["keyboard-scanner", "00" * 16 + "01001c0001000000"], "KEY", {"code": 28, "value": 1}),
        (["osmp-watchdog", "4f535005"], "PING", {}),
        (["osmp-watchdog", b"WDT v2.00".hex()], "IDENTIFY", {"generation": "2", "text": "WDT v2.00"}),
    ],
)
def test_decode_prints_json_and_exits_0_for_valid_bytes(capsys, arguments, name, fields):
    code, out, _ = run(capsys, "decode", *arguments)
    assert code == 0
    assert json.loads(out) == {"valid": True, "name": name, "fields": fields}


@pytest.mark.parametrize(
    "arguments",
    [
        ["ccnet", "02030633da82"],
        ["ccnet", "0203"],
        ["id003", "fc05112757"],
        ["essp", "7f8001071203"],
        ["essp", "7f00117e6e073c2b2228717a9798765cdf730d186c8a", "--key", "00"],
        ["cctalk", "280046013f", "--variant", "checksum8"],
        ["cctalk", "0103720041535413"],
        ["ccnet", ""],
        ["ccnet", "02030780073347", "--dir", "host->device"],
        ["escpos", "ff"],
        ["escpos", "12", "--request", "1d7201"],
        ["escpos", "100f00", "--request", "100414"],
        ["nut", b"LIST UPS".hex()],
        ["nut", b"LIST UPS\n".hex(), "--dir", "device->host"],
        ["nut", b"DANCE\n".hex()],
        ["nut", "ff0a"],
        ["nut", b'VAR a b "c\n'.hex()],
        ["scanner", ""],
        ["scanner", "41" * 4097],
        ["switches", "00" * 23],
        ["keyboard-scanner", "00" * 16 + "0300000001000000"],
        ["osmp-watchdog", "4f5350ff"],
    ],
)
def test_decode_exits_1_for_invalid_bytes_and_says_why(capsys, arguments):
    code, out, _ = run(capsys, "decode", *arguments)
    assert code == 1
    found = json.loads(out)
    assert found["valid"] is False
    assert found["error"]


def test_encode_makes_the_published_bytes(capsys):
    assert run(capsys, "encode", "ccnet", "poll")[1] == "02030633da81"
    assert run(capsys, "encode", "ccnet", "ENABLE BILL TYPES", "enabled_types=2-7")[1] == "02030c340000fc00000008ec"
    assert json.loads(run(capsys, "encode", "ccnet", "bill_stacked", "bill_type=3", "--json")[1]) == {
        "hex": "0203078103cf18"
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["decode", "ccnet", "xyz"],
        ["encode", "ccnet", "DANCE"],
        ["encode", "cctalk", "DANCE"],
        ["encode", "cctalk", "ROUTE BILL", "route=1", "--variant", "crc8"],
        ["encode", "cctalk", "ROUTE BILL", "route=1", "--key", "12"],
        ["encode", "id003", "STACK-3"],
        ["encode", "ccnet", "POLL", "colour=red"],
        ["encode", "ccnet", "ESCROW POSITION"],
        ["encode", "ccnet", "ESCROW POSITION", "bill_type=300"],
        ["encode", "ccnet", "ENABLE BILL TYPES", "enabled_types=24"],
        ["encode", "ccnet", "POLL", "field"],
        ["encode", "ccnet", "ESCROW POSITION", "bill_type=1", "bill_type=2"],
        ["encode", "vendotek", "IDL", "product=\udcff"],
        ["encode", "atol3", "ADD TASK", "command=x"],
        ["encode", "atol3", "ADD TASK", "command=ff", "parameters=x"],
        ["encode", "atol3", "RESULT", "result=x"],
        ["encode", "shtrih-m", "SHORT STATUS ANSWER", "error=x"],
        ["encode", "shtrih-m", "SHORT STATUS ANSWER", "mode_status=x"],
        ["encode", "shtrih-m", "SHORT STATUS ANSWER", "ops_in_receipt="],
        ["trace", "absent.jsonl"],
        ["trace", "pyproject.toml"],
        ["probe", "ccnet+tcp://127.0.0.1:x"],
        ["probe", "ccnet+tcp://127.0.0.1:70000"],
        ["probe", "ccnet+tcp://[::1"],
        ["probe", "ccnet+tcp://127.0.0.1:1"],
        ["probe", "ccnet+serial:///dev/null"],
        ["probe", "camera://[x"],
        ["encode", "escpos", "TEXT", "text=a", "encoding=x"],
        ["encode", "nut", "GET VAR", "ups=kiosk"],
        ["encode", "nut", "SET VAR", "ups=a", "name=b", "value=" + "c" * 1100],
        ["encode", "scanner", "CODE"],
        ["encode", "scanner", "CODE", "payload=zz"],
        ["encode", "scanner", "CODE", "text=a", "end=tab"],
        ["encode", "switches", "KEY", "code=70000"],
        ["encode", "switches", "JUMP"],
        ["encode", "osmp-watchdog", "START TIMER", "timeout_s=256"],
        ["encode", "osmp-watchdog", "START TIMER", "timeout_s=30", "--variant", "1"],
        ["encode", "osmp-watchdog", "READ KEY", "--variant", "2"],
        ["simulate", "osmp-watchdog", "--link", "a", "--control", "b", "--variant", "3"],
        ["simulate", "escpos", "--link", "a", "--control", "b"],
        ["simulate", "cctalk", "--link", "a", "--control", "b", "--key", "zz"],
        ["simulate", "cctalk", "--link", "a", "--control", "b", "--key", "123456", "--variant", "checksum8"],
        ["trace", "ccnet+serial:///dev/null", "--seconds", "nan"],
        ["simulate", "ccnet", "--link", "a", "--control", "b", "--initialize-s", "-1"],
        ["simulate", "ccnet", "--link", "a", "--control", "b", "--memory", "/dev/null/x"],
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(capsys, arguments):
    code, out, errors = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert errors.startswith("device_drivers: ")
    assert len(errors.splitlines()) == 1
    assert not PYTHON_WORDS.search(errors)


def test_lights_are_looked_at_and_not_changed_by_a_probe_and_flash_one_by_one_in_a_test(capsys, tmp_path, monkeypatch):
    for led in ("slot", "tray"):
        (tmp_path / led).mkdir()
        for file, text in (("brightness", "3"), ("max_brightness", "7"), ("trigger", "none")):
            (tmp_path / led / file).write_text(text)
    url = f"leds://{tmp_path}?bill_validator=slot&receipt_printer=tray"
    assert run(capsys, "probe", url)[0] == 0
    assert (tmp_path / "slot" / "brightness").read_text() == "3"
    monkeypatch.setattr(sys, "stdin", io.StringIO("\nн\n"))
    code, out, said = run(capsys, "test", url, "--json")
    assert code == 1
    assert [step["result"] for step in json.loads(out)["steps"]] == ["пройден", "пройден", "не пройден"]
    assert "Мигает ли лампа «receipt_printer»?" in said
    assert [(tmp_path / led / "brightness").read_text() for led in ("slot", "tray")] == ["0", "0"]
    (tmp_path / "tray" / "brightness").unlink()
    (tmp_path / "tray").rename(tmp_path / "elsewhere")
    code, out, _ = run(capsys, "probe", url)
    assert (code, out.splitlines()[0]) == (1, "STATUS state=no_device fault=line_lost detail=no light receipt_printer")


def test_a_camera_is_probed_by_a_picture_and_tested_by_a_code_that_is_not_shown(capsys, tmp_path, monkeypatch):
    reader, writer = os.pipe()  # a person who types nothing
    monkeypatch.setattr(sys, "stdin", os.fdopen(reader))
    bill = tmp_path / "bill.png"
    segno.make_qr("ST00012|LASTNAME=X").save(str(bill), scale=6, border=4)
    code, out, _ = run(capsys, "probe", "camera://pattern?width=640&height=480")
    assert (code, "IDENTIFICATION model=640 x 480 serial=" in out) == (0, True)
    code, out, said = run(capsys, "test", f"camera://pattern?fps=60&held={bill}", "--json")
    assert (code, json.loads(out)["passed"]) == (0, True)
    assert "код прочитан, 18 байт" in out
    assert "LASTNAME" not in out + said
    os.close(writer)
    code, out, _ = run(capsys, "probe", f"camera://{tmp_path}/none.mp4")
    assert (code, out.splitlines()[0].startswith("STATUS state=no_device")) == (1, True)
    code, out, said = run(capsys, "test", f"camera://{tmp_path}/none.mp4")
    assert (code, out) == (1, f"Проверка не пройдена: по адресу camera://{tmp_path}/none.mp4 никто не отвечает.")
    assert "Поднесите" not in said


def test_a_test_ends_when_nobody_types_any_more(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    code, out, said = run(capsys, "test", "camera://pattern?fps=60", "--json")
    assert (code, json.loads(out)["passed"], json.loads(out)["absent"]) == (1, False, False)
    assert said.endswith("пропущен: ввод закончен, проверка остановлена")


@pytest.mark.parametrize("tool", ["probe", "test"])
def test_the_watchdog_of_linux_is_left_alone(capsys, tmp_path, tool):
    dog = tmp_path / "watchdog"
    dog.write_bytes(b"")
    code, _, errors = run(capsys, tool, f"linux-watchdog://{dog}")
    assert (code, len(errors.splitlines())) == (2, 1)
    assert dog.read_bytes() == b""


@pytest.mark.parametrize("tool", ["probe", "test", "trace"])
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("linux-watchdog://dev/watchdog", "three strokes"),
        ("linux-watchdog://[dev", "three strokes"),
        ("linux-watchdog:///dev/watchdog?timeout=soon", "10..3600 s"),
        ("linux-watchdog:///dev/watchdog", "starts its timer"),
    ],
)
def test_a_wrong_url_of_the_watchdog_of_linux_is_told_as_one(capsys, tool, url, why):
    code, out, errors = run(capsys, tool, url)
    assert (code, out, len(errors.splitlines())) == (2, "", 1)
    assert why in errors


def test_what_has_no_line_is_not_traced(capsys):
    code, out, errors = run(capsys, "trace", "cups://127.0.0.1:631/a4", "--seconds", "1")
    assert (code, out) == (2, "")
    assert errors.endswith("there is no line to trace; probe it")


def test_every_protocol_of_the_list_has_every_tool(capsys):
    listed = json.loads(run(capsys, "list", "--json")[1])
    names = {"sberbank": "sberbank-frame"}  # the frames have a name of their own, as their published bytes do
    own = {scheme for schemes in OWN_DEVICES.values() for scheme in schemes}
    for protocol in {names.get(name, name) for protocols in listed.values() for name in protocols} - own:
        row = TOOLS[protocol]
        assert row.encode is not None
        assert row.simulate is not None
    for device_class, protocols in listed.items():
        assert steps_for(device_class, {})
        for name in set(protocols) - own:
            assert plan_for(f"{name}+serial:///dev/ttyS9")


def test_list_names_every_protocol(capsys):
    listed = json.loads(run(capsys, "list", "--json")[1])
    assert listed["receipt_printer"] == ["escpos"]
    assert {"ccnet", "id003"} <= set(listed["bill_validator"])
    assert listed["watchdog"] == ["linux-watchdog", "osmp-watchdog"]
    assert {"document_printer": ["cups"], "card_reader": ["pcsc"], "lights": ["leds"]}.items() <= listed.items()
    assert "receipt_printer: escpos" in run(capsys, "list")[1]


@pytest.mark.parametrize(
    ("protocol", "vector"),
    [row for row in VECTORS if row[1]["kind"] in ONE_MESSAGE],
    ids=lambda value: value["id"] if isinstance(value, dict) else "",
)
def test_every_published_message_decodes_as_its_file_says(capsys, protocol, vector):
    code, out, _ = run(capsys, "decode", *said(protocol, vector))
    found = json.loads(out)
    assert (code, found["valid"]) == ((0, True) if vector["valid"] else (1, False))
    told = {name: value for name, value in vector.get("fields", {}).items() if name in found["fields"]}
    assert {name: found["fields"][name] for name in told} == told


def test_each_step_of_a_published_exchange_decodes(capsys):
    for protocol, vector in VECTORS:
        for side, wire in vector.get("fields", {}).get("steps", ()):
            direction = "host->device" if side == "host" else "device->host"
            assert run(capsys, "decode", protocol, wire, "--dir", direction)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "wire"),
    [
        (["escpos", "REAL TIME STATUS", "n=1"], "100401"),
        (["escpos", "INITIALIZE"], "1b40"),
        (["escpos", "TEXT", "text=Привет"], "8fe0a8a2a5e2"),
        (["escpos", "CUT", "mode=0"], "1d5600"),
        (["escpos", "PRESENT", "steps=12"], "1d65030c"),
        (["escpos", "RETRACT"], "1d6502"),
        (["escpos", "STATUS BACK", "mask=14"], "1d610e"),
        (["osmp-watchdog", "VERSION"], "a500005b"),
        (["osmp-watchdog", "ping"], "a5050056"),
        (["osmp-watchdog", "START TIMER", "data=021e"], "a50302021e36"),
        (["osmp-watchdog", "START TIMER", "timeout_s=30"], "a50302021e36"),
        (["nut", "GET VAR", "ups=kiosk", "name=ups.status"], b"GET VAR kiosk ups.status\n".hex()),
        (["scanner", "CODE", "text=ST00012", "end=lf"], b"ST00012\n".hex()),
        (["scanner", "END MARK"], "0d0a"),
        (["switches", "KEY", "code=148", "value=1"], "00" * 16 + "0100940001000000"),
        (["keyboard-scanner", "SYN"], "00" * 24),
    ],
)
def test_what_is_encoded_decodes_to_the_same_name(capsys, arguments, wire):
    assert run(capsys, "encode", *arguments)[1] == wire
    code, out, _ = run(capsys, "decode", arguments[0], wire, "--dir", "host->device")
    assert (code, json.loads(out)["name"]) == (0, arguments[1].upper())


@pytest.mark.parametrize(
    "arguments",
    [
        ["osmp-watchdog", "a500005c"],
        ["osmp-watchdog", "a5000056"],
        ["osmp-watchdog", "a50000"],
        ["osmp-watchdog", "a5400027"],
        ["escpos", "1b", "--dir", "host->device"],
        ["escpos", "1d7630000100020080", "--dir", "host->device"],
        ["escpos", "1d65", "--dir", "host->device"],
        ["escpos", "1b40ff", "--dir", "host->device"],
        ["escpos", "1b30", "--dir", "host->device"],
    ],
)
def test_damaged_or_unknown_commands_are_invalid(capsys, arguments):
    code, out, _ = run(capsys, "decode", *arguments)
    assert (code, json.loads(out)["valid"]) == (1, False)
