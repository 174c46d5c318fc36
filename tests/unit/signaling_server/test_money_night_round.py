"""Journal = billing = OFD = devices: files that come, counters at night, what did not come; every difference owned."""

from __future__ import annotations

import json
import os

import pytest
import pytest_asyncio

from payment.reconciliation.register_layouts import BILLING_DAY, FISCAL_DAY
from payment.reconciliation.registers import write_register
from signaling_server.config import SettingsError, load_settings
from signaling_server.contract.money import MoneyItemKind
from signaling_server.money.night_round import NightRound
from signaling_server.storage.terminals import save_reports
from tests.unit.signaling_server.money_scene import FIRST_MS, JournalOfTerminal, MoneyScene, money_scene

DAY = "20261123"
NIGHT_S = FIRST_MS / 1_000 + 14 * 3_600  # 04:12 of the next day
NOON_S = FIRST_MS / 1_000 + 22 * 3_600
TXN = "26112314120000010001"


@pytest_asyncio.fixture
async def scene(tmp_path):
    async with money_scene(tmp_path) as made:
        yield made


@pytest.fixture
def night(scene, tmp_path):
    for name in ("", "loaded", "refused"):
        (tmp_path / "registers" / name).mkdir(exist_ok=True)
    return NightRound(scene.database, scene.clock, tmp_path, ("billing-day", "fiscal-day"))


def documents(journal: JournalOfTerminal, *states: str) -> None:
    """A document of 500 rubles for each: how its making ended."""
    for number, state in enumerate(states, start=1):
        known = {"session_id": f"s{number}", "fiscal_id": f"F{number}"}
        lines = [{"txn_id": TXN, "account": "001234567", "amount_minor": 50_000, "fee_minor": 0}]
        journal.write("fiscal_intent", **known, sold_at=f"{DAY}141200", total_minor=50_000, lines=lines)
        if state == "done":
            journal.write("fiscal_done", **known, fn="9999078900000001", fd=number, fpd=1, at=f"{DAY}1412")


def put(folder, layout, name, *rows):
    path = folder / "registers" / name
    write_register(path, layout, rows, {"day": name.split("-")[1][:8]})
    os.utime(path, (1, 1))
    return path


def document(fiscal_id: str, amount_minor: int = 50_000) -> dict[str, object]:
    numbers = {"fn": "9999078900000001", "fd": "1", "fpd": "1"}
    return {
        "fiscal_id": fiscal_id,
        "at": f"{DAY}141200",
        "account": "001234567",
        "amount_minor": amount_minor,
        **numbers,
    }


async def differences(scene: MoneyScene, *, missing: bool = False) -> dict[str, tuple[str, str]]:
    """By reference; registers that did not come are asked for apart."""
    found = [item for item in await scene.items() if item.kind is MoneyItemKind.DIFFERENCE]
    told = {item.reference: (item.owner, item.detail) for item in found}
    return {name: words for name, words in told.items() if name.startswith("missing-") is missing}


async def counted(scene: MoneyScene, at_s: float, **counts: int) -> None:
    """The terminal's last report: what its devices count, by value in rubles."""
    listed = [{"value_minor": int(value[1:]) * 100, "count": count} for value, count in counts.items()]
    unit = {"unit_id": "cassette", "status": "ok", "count": 1, "count_max": 9, "counts": listed}
    report = {"devices": [{"device_class": "bill_validator", "state": "online", "storage": [unit]}], "screen": "x"}
    async with scene.database.begin() as tx:
        await save_reports(tx, [("T-1", round(at_s * 1_000), json.dumps(report))])


async def test_a_register_that_comes_is_compared_and_put_away(scene, night, tmp_path):
    journal = JournalOfTerminal()
    journal.visit(TXN)
    await scene.take(journal)
    put(tmp_path, BILLING_DAY, f"billing-{DAY}.csv")
    await night.look()
    assert await differences(scene) == {
        f"billing-missing_there-{TXN}": ("billing", "Биллинг. Есть в журнале терминала, нет в реестре")
    }
    assert (tmp_path / "registers" / "loaded" / f"billing-{DAY}.csv").exists()
    await night.look()
    assert len(await differences(scene)) == 1


async def test_documents_of_the_ofd_are_held_against_those_of_the_journals(scene, night, tmp_path):
    journal = JournalOfTerminal()
    documents(journal, "done", "done", "done", "asked")
    await scene.take(journal)
    put(tmp_path, FISCAL_DAY, f"fiscal-{DAY}.csv", document("F1"), document("F2", 49_999), document("F9"))
    await night.look()
    assert {reference: owner for reference, (owner, _) in (await differences(scene)).items()} == {
        "fiscal-amount_differs-F2": "accounting",
        "fiscal-missing_here-F9": "accounting",
        "fiscal-missing_there-F3": "operations",
        "fiscal-unknown-F4": "operations",
    }
    (mine,) = [item for item in await scene.items() if item.reference == "fiscal-missing_there-F3"]
    assert (mine.terminal_id, mine.detail) == ("T-1", "ОФД. Есть в журнале терминала, нет в реестре")


async def test_a_file_that_cannot_be_believed_is_told_and_kept_apart(scene, night, tmp_path):
    path = put(tmp_path, BILLING_DAY, f"billing-{DAY}.csv")
    path.write_text("not a register")
    os.utime(path, (1, 1))
    await night.look()
    ((owner, detail),) = (await differences(scene)).values()
    assert (owner, "не загружен" in detail) == ("operations", True)
    assert (tmp_path / "registers" / "refused" / f"billing-{DAY}.csv").exists()


async def test_a_file_that_may_still_be_written_waits(scene, night, tmp_path):
    path = put(tmp_path, BILLING_DAY, f"billing-{DAY}.csv")
    os.utime(path, (scene.clock.s, scene.clock.s))
    await night.look()
    assert path.exists()


async def test_at_night_the_journal_is_held_against_what_the_devices_count(scene, night):
    journal = JournalOfTerminal()
    journal.write("stacked", session_id="s", value_minor=100_000)
    journal.write("counters_reset", notes={}, coins={}, collection_id="c", number=1, authorised=True)
    for _ in range(2):
        journal.write("stacked", session_id="s", value_minor=50_000)
    journal.write("coin_in", session_id="s", value_minor=1_000, counter=1)
    await scene.take(journal)
    scene.clock.s = NIGHT_S
    await counted(scene, NIGHT_S, v500=2, v10=1)
    await night.look()
    assert await differences(scene) == {}
    scene.clock.s += 86_400
    await counted(scene, scene.clock.s, v500=1, v10=1, v100=1)
    await night.look()
    assert await differences(scene) == {
        "device-50000-20261125": ("operations", "Счётчики устройств. 500 ₽: по журналу 2, по счётчику 1"),
        "device-10000-20261125": ("operations", "Счётчики устройств. 100 ₽: по журналу 0, по счётчику 1"),
    }


@pytest.mark.parametrize("why", ["at work", "not heard", "counts nothing"])
async def test_a_terminal_that_cannot_be_counted_waits_for_another_night(scene, night, why):
    journal = JournalOfTerminal()
    journal.write("stacked", session_id="s", value_minor=50_000)
    await scene.take(journal)
    if why == "at work":
        scene.clock.s = FIRST_MS / 1_000 + 60
        await counted(scene, scene.clock.s, v500=9)
        await night.compare_devices("20261123")
    elif why == "not heard":
        scene.clock.s = NIGHT_S
        await counted(scene, NIGHT_S - 3_600, v500=9)
        await night.look()
    else:
        scene.clock.s = NIGHT_S
        await night.look()
    assert await differences(scene) == {}


async def test_a_register_that_did_not_come_is_no_empty_one(scene, night, tmp_path):
    put(tmp_path, BILLING_DAY, f"billing-{DAY}.csv")
    scene.clock.s = NOON_S
    await night.look()
    await night.look()
    assert await differences(scene, missing=True) == {
        f"missing-fiscal-day-{DAY}": ("operations", "ОФД: реестр за 23.11.2026 не пришёл")
    }


def test_an_unknown_register_in_the_settings_stops_the_office(tmp_path):
    (tmp_path / "office.toml").write_text('registers_expected = ["billing"]\n')
    with pytest.raises(SettingsError, match="billing-day"):
        load_settings(tmp_path)
