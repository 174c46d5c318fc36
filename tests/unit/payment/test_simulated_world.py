"""What the simulated terminal, its validator and the technician do: promises that the judge's verdicts stand on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from payment.contract import AcceptorChanged, CashierEvent, NoteStacked
from payment.simulation.chance import NoChance
from payment.simulation.crash import Cut
from payment.simulation.stage import Stage, Wire
from payment.simulation.validator import Note, Validator, Where
from payment.simulation.world import World

JAMS_ON_THE_WAY_BACK = 0.02
INTO_THE_CASSETTE = 0.5


class Chance(NoChance):
    """Only what these visits are about happens."""

    def happens(self, probability: float) -> bool:
        return probability in (JAMS_ON_THE_WAY_BACK, INTO_THE_CASSETTE)


class Stand:
    def __init__(self) -> None:
        self.told: list[CashierEvent] = []
        self.disk_works = True
        self.stage = Stage(Chance())
        self.validator = Validator(self.stage, Wire(self.stage, self._take), lambda: self.disk_works)
        self.validator.greets_after_power()
        self.validator.enable()
        self.note = Note(500_00, "1001")

    def _take(self, event: CashierEvent, taken: Callable[[], None] | None) -> None:
        self.told.append(event)
        if taken is not None:
            taken()

    def acts(self, number: int) -> None:
        for _ in range(number):
            self.stage.step()

    def note_comes_and_jams_on_its_way_back(self) -> None:
        assert self.validator.draws_in(self.note)
        while "NoteEscrowed" not in {type(event).__name__ for event in self.told}:
            self.stage.step()
        self.validator.return_note()
        assert not self.validator.ready

    def technician_comes(self) -> None:
        while self.note.where is Where.PATH:
            self.stage.step()


def test_a_technician_may_put_a_jammed_note_into_the_cassette_of_a_terminal_that_runs():
    stand = Stand()
    stand.note_comes_and_jams_on_its_way_back()
    stand.technician_comes()
    assert stand.note.where is Where.CASSETTE
    assert not stand.note.unnamed, "the journal knows it: no alert may stand for it"


@pytest.mark.parametrize("dark", ["core", "disk"])
def test_what_a_technician_finds_in_a_dark_terminal_goes_to_the_cash_office(dark: str):
    stand = Stand()
    stand.note_comes_and_jams_on_its_way_back()
    if dark == "core":
        stand.validator.core_fell()
    else:
        stand.disk_works = False
    stand.technician_comes()
    assert stand.note.where is Where.HAND


def test_a_note_that_jams_while_the_disk_is_gone_is_known_by_its_jam_alone():
    stand = Stand()
    stand.disk_works = False
    stand.note_comes_and_jams_on_its_way_back()
    assert stand.note.unnamed
    stand.disk_works = True  # a restart has mended it
    stand.technician_comes()
    assert stand.note.where is Where.CASSETTE
    stand.acts(1)
    assert AcceptorChanged(ready=False, fault="validator_jammed") in stand.told
    assert NoteStacked(500_00) not in stand.told


def test_a_terminal_that_was_cut_twice_in_one_dark_starts_once():
    world = World(NoChance(), delayed_disk=True)
    world.start()
    for cut in Cut:
        world.fall(cut)
    world.start()
    cashier = world.cashier
    world.start()
    assert world.cashier is cashier
