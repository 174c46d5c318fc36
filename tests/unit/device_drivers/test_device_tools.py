"""`python -m device_drivers`: what it prints, and one sentence for bad input."""

from __future__ import annotations

import json

import pytest

from device_drivers.__main__ import main


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
        ["simulate", "escpos", "--link", "a", "--control", "b"],
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


def test_list_names_every_protocol(capsys):
    listed = json.loads(run(capsys, "list", "--json")[1])
    assert listed["receipt_printer"] == ["escpos"]
    assert {"ccnet", "id003"} <= set(listed["bill_validator"])
    assert "receipt_printer: escpos" in run(capsys, "list")[1]
