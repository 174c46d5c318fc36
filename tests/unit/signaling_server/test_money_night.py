"""The night at the office: a register against all journals, each difference an item once, each file loaded once."""

from __future__ import annotations

import json

import pytest
import pytest_asyncio

from payment.reconciliation.register_layouts import BILLING_DAY
from payment.reconciliation.registers import write_register
from signaling_server.__main__ import main
from signaling_server.contract.money import MoneyItemKind
from signaling_server.money import night as nights
from signaling_server.money.night import Night, NightError
from tests.unit.signaling_server.money_scene import JournalOfTerminal, MoneyScene, money_scene

DAY, NEXT = "20261123", "20261124"


@pytest_asyncio.fixture
async def scene(tmp_path):
    async with money_scene(tmp_path) as made:
        yield made


def row(txn_id: str, day: str = DAY, **changed):
    known = {"txn_id": txn_id, "txn_date": f"{day}141200", "account": "001234567", "amount_minor": 50_000}
    return {**known, **changed}


def register(folder, *rows, name="r.csv", day=DAY):
    path = folder / name
    write_register(path, BILLING_DAY, rows, {"day": day})
    return path


async def take(scene: MoneyScene, *outcomes: str) -> list[str]:
    """A journal with one payment an outcome; gives their numbers."""
    journal = JournalOfTerminal()
    numbers = [str(number) * 20 for number in range(1, len(outcomes) + 1)]
    for txn_id, outcome in zip(numbers, outcomes, strict=True):
        journal.visit(txn_id, outcome=outcome)
    await scene.take(journal)
    return numbers


async def compare(scene: MoneyScene, path, day: str = DAY):
    return await Night(scene.database, scene.clock).compare_register(
        path, layout_name="billing-day", day=day, loaded_by="night"
    )


async def differences(scene: MoneyScene) -> list[tuple[str, str, int]]:
    found = [item for item in await scene.items() if item.kind is MoneyItemKind.DIFFERENCE]
    return sorted((item.reference, item.owner, item.amount_minor) for item in found)


async def test_a_register_that_agrees_opens_nothing(scene, tmp_path):
    one, two = await take(scene, "credited", "credited")
    comparison = await compare(scene, register(tmp_path, row(two), row(one)))
    assert (comparison.matched, comparison.agrees) == (2, True)
    assert await scene.items() == []


async def test_each_difference_is_an_item_with_its_owner(scene, tmp_path):
    one, two, three, four = await take(scene, "credited", "credited", "credited", "unknown")
    await compare(scene, register(tmp_path, row(one), row(two, amount_minor=50_001), row("9" * 20), row(four)))
    assert await differences(scene) == [
        (f"billing-amount_differs-{two}", "accounting", 1),
        (f"billing-missing_here-{'9' * 20}", "billing", 50_000),
        (f"billing-missing_there-{three}", "billing", 50_000),
        (f"billing-unknown-{four}", "billing", 50_000),
    ]
    known = {item.reference[-1]: item.terminal_id for item in await scene.items()}
    assert (known["3"], known["9"]) == ("T-1", "")


async def test_a_payment_that_comes_a_day_late_ends_its_own_difference(scene, tmp_path):
    one, two = await take(scene, "credited", "credited")
    await compare(scene, register(tmp_path, row(one)))
    assert [each[0] for each in await differences(scene)] == [f"billing-missing_there-{two}"]
    await compare(scene, register(tmp_path, row(two, NEXT), name="next.csv", day=NEXT), NEXT)
    assert [each[0] for each in await differences(scene)] == [f"billing-late-{two}"]
    (closed,) = await scene.items(closed=True)
    assert closed.resolution == "Нашёлся в реестре другого дня"


async def test_a_file_is_loaded_once_and_a_broken_one_leaves_nothing(scene, tmp_path):
    await take(scene, "credited", "credited")
    path = register(tmp_path, row("1" * 20), row("2" * 20))
    broken = tmp_path / "broken.csv"
    broken.write_text(path.read_text("utf-8").replace("TOTAL;2", "TOTAL;3"), "utf-8")
    with pytest.raises(NightError, match=r"Реестр не принят: broken\.csv: line 4"):
        await compare(scene, broken)
    assert await scene.items() == []
    await compare(scene, path)
    with pytest.raises(NightError, match="уже загружен"):
        await compare(scene, path)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"day": "23.11.2026"}, "ГГГГММДД"),
        ({"layout_name": "excel"}, "known are"),
        ({"path": "none.csv"}, "there is no register"),
    ],
)
async def test_what_cannot_be_compared_is_one_sentence(scene, tmp_path, options, says):
    path = tmp_path / options.pop("path", register(tmp_path, row("1")).name)
    asked = {"layout_name": "billing-day", "day": DAY, "loaded_by": "night", **options}
    with pytest.raises(NightError, match=says):
        await Night(scene.database, scene.clock).compare_register(path, **asked)


async def test_another_days_file_does_not_flood_the_page(scene, tmp_path, monkeypatch):
    monkeypatch.setattr(nights, "FOUND_MAX", 2)
    path = register(tmp_path, *(row(str(number)) for number in range(3)))
    with pytest.raises(NightError, match="похоже, это реестр не за 20261123"):
        await compare(scene, path)
    assert await scene.items() == []


def test_the_command_says_how_it_came_out(tmp_path, capsys):
    path = register(tmp_path, row("1"))
    arguments = ["reconcile", "--data", str(tmp_path / "office"), "--day", DAY, str(path), "--json"]
    assert main(arguments) == 1
    assert json.loads(capsys.readouterr().out) == {"lines": 1, "matched": 0, "differences": 1}
    assert main(arguments) == 1
    assert "уже загружен" in capsys.readouterr().err
