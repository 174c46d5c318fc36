"""Thousands of simulated visits with crashes lose and double nothing; and a spoilt journal is seen by the judge."""

from __future__ import annotations

import json

import pytest

from payment.__main__ import main
from payment.simulation.life import live
from payment.simulation.pairs import VISITS, play, single_strokes
from payment.simulation.run import run_pairs, run_visits
from payment.simulation.sabotage import SABOTAGES

VISITS_TESTED = 50_000
PAIRS_STEP = 25  # every so many first points with all their seconds; `simulate --pairs` takes them all


@pytest.mark.timeout(600)
def test_fifty_thousand_visits_with_crashes_lose_and_double_nothing():
    outcome = run_visits("test", VISITS_TESTED, workers=2)
    assert outcome.failures == []
    assert outcome.figures.visits >= VISITS_TESTED
    assert outcome.figures.crashes * 4 >= outcome.figures.visits
    assert outcome.figures.wrong() == []


@pytest.mark.parametrize("name", SABOTAGES)
def test_the_judge_sees_a_spoilt_journal(name: str):
    outcome = run_visits("sabotage", 20_000, sabotage=name)
    assert outcome.failures != [], "the checker is blind"


@pytest.mark.parametrize("name", VISITS)
def test_cuts_and_cuts_of_their_recovery_leave_every_kopeck_found(name: str):
    outcome = run_pairs(name, PAIRS_STEP)
    assert outcome.failures == []
    assert outcome.figures.crashes > 200


def test_an_uncut_canonical_visit_credits_what_was_put_in():
    played = play("three notes and a coin", (), traced=True)
    assert played.figures.wrong() == []
    assert sum("credited" in line for line in played.trace) >= 1
    assert len(list(single_strokes("three notes and a coin"))) == 2 * played.points


def test_the_same_seed_gives_the_same_life_to_the_letter():
    first, second = live("again-1", traced=True), live("again-1", traced=True)
    assert first == second
    assert len(first.trace) > 50
    assert live("again-2", traced=True).trace != first.trace


def test_figures_do_not_depend_on_how_lives_are_spread():
    assert run_visits("spread", 1_200, workers=2).figures == run_visits("spread", 1_200).figures


def test_the_command_ends_with_one_line_of_figures(capsys: pytest.CaptureFixture[str]):
    assert main(["simulate", "--visits", "240", "--seed", "7", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    required = {
        "visits",
        "crashes",
        "lost_minor",
        "doubled_minor",
        "unrecorded_in_doubt",
        "fiscal_missing",
        "fiscal_doubled",
    }
    assert required <= told.keys()
    assert told["visits"] >= 240
    assert told["lost_minor"] == told["doubled_minor"] == 0


def test_a_failing_life_is_named_and_told_again_in_words(capsys: pytest.CaptureFixture[str]):
    assert main(["simulate", "--sabotage", "drop-refusal", "--seed", "7", "--json"]) == 1
    named = capsys.readouterr().err.split("--replay ")[1].split()[0]
    assert main(["simulate", "--sabotage", "drop-refusal", "--replay", named]) == 1
    told = capsys.readouterr().out
    assert "CUT:" in told
    assert "lost_minor" in told.splitlines()[-1]
    assert main(["simulate", "--replay", named]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--sabotage", "drop-everything"],
        ["--replay", "nonsense"],
        ["--seed", "../x"],
        ["--pairs", "--visits", "5"],
        ["--workers", "1000"],
    ],
)
def test_a_wrong_argument_gets_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["simulate", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
