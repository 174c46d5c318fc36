"""The table of device_drivers/README.md says what is so: no protocol is missing, no number is of yesterday."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from device_drivers.catalog import DEVICE_CLASSES
from device_drivers.simulators import (
    atol,
    ccnet,
    cctalk_device,
    escpos,
    essp,
    id003,
    inpas,
    ipp_printer,
    nut,
    osmp_watchdog,
    pcsc_card,
    sberbank,
    scanner,
    shtrih_m,
    switches,
    vendotek,
)

ROOT = Path(__file__).parents[3]
FAULTS = {
    "atol3": atol.FAULTS,
    "ccnet": ccnet.FAULTS,
    "cctalk": cctalk_device.FAULTS,
    "document printer": ipp_printer.FAULTS,
    "escpos": escpos.FAULTS,
    "essp": essp.FAULTS,
    "id003": id003.FAULTS,
    "inpas": inpas.FAULTS,
    "nut": nut.FAULTS,
    "osmp-watchdog": osmp_watchdog.FAULTS,
    "pcsc": pcsc_card.FAULTS,
    "sberbank-frame": sberbank.FAULTS,
    "scanner": scanner.FAULTS,
    "shtrih-m": shtrih_m.FAULTS,
    "switches": switches.FAULTS,
    "vendotek": vendotek.FAULTS,
}


def rows() -> dict[str, list[str]]:
    """The cells of each row by the protocol it begins with."""
    text = (ROOT / "device_drivers" / "README.md").read_text(encoding="utf-8")
    table = text.partition("| protocol |")[2]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:2] == "| "]
    return {name.strip(): row[1:] for row in cells for name in row[0].split(",")}


def test_every_protocol_and_every_file_of_published_bytes_has_a_row():
    names = {"sberbank": "sberbank-frame"}
    protocols = {names.get(name, name) for protocols in DEVICE_CLASSES.values() for name in protocols}
    vectors = {file.stem for file in (ROOT / "tests" / "vectors").glob("*.json")}
    assert protocols | vectors <= set(rows())
    assert {
        name for name, (told, *_) in rows().items() if re.match("both ways|frames both|status and", told)
    } == vectors


@pytest.mark.parametrize("protocol", FAULTS)
def test_a_row_tells_as_many_faults_as_its_simulator_knows(protocol):
    told = re.match(r"(\d+) (?:wire |link )?faults", rows()[protocol][3])
    assert told is not None
    assert int(told[1]) == len(FAULTS[protocol])
