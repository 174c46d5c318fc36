"""A foreign CCNET host, cashcode-bv, at our simulated validator's port; its codec against ours.

The peer was written for an older serialport, so its constructor is given that one's shape; nothing else is changed.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from peer_bench import LIMIT_S, NODE_MODULES, node, on_a_port

from device_drivers.ccnet import frames
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.control import command
from device_drivers.tools.protocols import HOST_TO_DEVICE, TOOLS, Asked

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "ccnet.json").read_text())["vectors"]
VALID = [vector for vector in VECTORS if vector["valid"]]
NOTE_S = 30.0  # an older host that polls every 200 ms, on a busy machine

PEER = """
const [modules, port] = process.argv.slice(1);
const Module = require("module");
const load = Module._load;
Module._load = (name, ...rest) => {
  if (name !== "serialport") return load(name, ...rest);
  const { SerialPort } = load(`${modules}/serialport`, ...rest);
  return class extends SerialPort {
    constructor(path, options) { super({ path, ...options }); }
  };
};
const CCNet = require(`${modules}/cashcode-bv/Source/CCNet`);
const say = (told) => console.log(JSON.stringify(told));
"""
HOST = (
    PEER
    + """
const device = new CCNet.BillValidator(port);
for (const event of ["escrow", "stacked", "returned"]) device.on(event, (bill) => say({ event, bill }));
device.on("status", (status) => say({ event: "status", status }));
require("readline").createInterface({ input: process.stdin }).on("line", async (verb) => {
  if (verb === "leave") process.exit(0);
  await device[verb]();
  say({ event: "done", verb });
});
device.connect().then(() => say({ event: "connected", info: device.info, bills: device.billTable }),
                      (error) => { say({ event: "failed", error: String(error) }); process.exit(1); });
"""
)
CODEC = (
    PEER
    + """
const Parser = require(`${modules}/cashcode-bv/Source/CCNet/CCNetParser`);
const device = new CCNet.BillValidator("/dev/null");
const needed = { EnableBillTypes: [0, 0, 0xfc, 0, 0, 0], SetSecurity: [0, 0, 1], SetBarcodeParameters: [1, 6] };
const made = {};
for (const [name, command] of Object.entries(device.commands))
  made[name] = command.request(needed[name] || []).toString("hex");
const heard = [];
const parser = new Parser();
parser.on("data", (frame) => heard.push(
  [frame.toString("hex"), device.getCRC16(frame.slice(0, -2)).equals(frame.slice(-2))]));
for (const piece of process.argv.slice(2)) parser.write(Buffer.from(piece, "hex"));
setImmediate(() => { say({ made, heard }); process.exit(0); });
"""
)


class PeerHost:
    """The peer's program: verbs in, events out."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.heard: list[dict] = []

    async def do(self, verb: str) -> None:
        self._process.stdin.write(verb.encode() + b"\n")
        await self._process.stdin.drain()

    async def leave(self) -> None:
        await self.do("leave")
        assert await asyncio.wait_for(self._process.wait(), LIMIT_S) == 0

    async def until(self, event: str, **wanted) -> dict:
        async with asyncio.timeout(NOTE_S):
            while line := await self._process.stdout.readline():
                told = json.loads(line)
                self.heard.append(told)
                if told["event"] == event and wanted.items() <= told.items():
                    return told
        raise AssertionError(f"the peer ended without {event}: {self.heard}")


async def peer_at(port: Path) -> PeerHost:
    program = [node(), "--no-deprecation", "-e", HOST, str(NODE_MODULES), str(port)]
    pipe = asyncio.subprocess.PIPE
    return PeerHost(await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe))


def cassette(validator: CcnetSimulator) -> dict:
    return validator.control({"do": "state"}, 0.0)["cassette"]


async def test_a_foreign_host_starts_the_validator_takes_a_note_and_gives_one_back(tmp_path):
    validator = CcnetSimulator(initialize_s=1.5)
    with on_a_port(validator, tmp_path) as port:
        peer = await peer_at(port)
        connected = await peer.until("connected")
        assert connected["info"]["model"] == "SIM-RU1408"
        assert connected["info"]["serial"] == "000000000001"
        bills = {bill["amount"] for bill in connected["bills"] if bill["amount"]}
        assert {10, 50, 100, 500, 1000, 5000} <= bills
        assert {bill["code"] for bill in connected["bills"] if bill["amount"]} == {"RUS"}
        await peer.until("status", status="19")
        await peer.do("begin")
        await peer.until("status", status="14")
        await insert(tmp_path, 50000)
        assert (await peer.until("escrow"))["bill"]["amount"] == 500
        await peer.do("stack")
        assert (await peer.until("stacked"))["bill"]["amount"] == 500
        await peer.until("status", status="14")
        await insert(tmp_path, 100000)
        assert (await peer.until("escrow"))["bill"]["amount"] == 1000
        await peer.do("retrieve")
        assert (await peer.until("returned"))["bill"]["amount"] == 1000
        await peer.do("end")
        await peer.until("status", status="19")
        await peer.leave()
    assert [told["event"] for told in peer.heard].count("stacked") == 1
    assert (cassette(validator)["count"], cassette(validator)["total_minor"]) == (1, 50000)


async def insert(folder: Path, value_minor: int) -> None:
    answer = await command(folder / "control", {"do": "insert", "value_minor": value_minor})
    assert answer["ok"] is True


@pytest.fixture(scope="module")
def codec() -> dict:
    """What the peer makes of its commands, and what it hears in the published bytes, byte by byte."""
    pieces = [vector["hex"][at : at + 2] for vector in VALID for at in range(0, len(vector["hex"]), 2)]
    program = [node(), "--no-deprecation", "-e", CODEC, str(NODE_MODULES), *pieces]
    run = subprocess.run(program, check=True, capture_output=True, timeout=6 * LIMIT_S)
    return json.loads(run.stdout)


def test_the_peer_cuts_the_published_bytes_as_we_do_and_finds_every_crc_right(codec):
    assert codec["heard"] == [[vector["hex"], True] for vector in VALID]


def test_every_command_of_the_peer_is_one_of_ours(codec):
    names = {
        name: TOOLS["ccnet"].decode(bytes.fromhex(wire), Asked(HOST_TO_DEVICE))[0]
        for name, wire in codec["made"].items()
    }
    assert names["EnableBillTypes"] == "ENABLE BILL TYPES"
    assert {name.replace(" ", "").upper() for name in names.values()} == {name.upper() for name in names}
    for name, wire in codec["made"].items():
        raw = bytes.fromhex(wire)
        assert frames.encode(frames.decode(raw)) == raw, name
