"""What core keeps of the office for the time without a line: public texts, and ratings that are not sent yet."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from msgspec import structs

from signaling_server.contract import knowledge as texts
from signaling_server.contract import visits
from signaling_server.contract.cases import Segment
from signaling_server.contract.services import ServiceRefused
from terminal_app.core.kept import RATINGS_MAX, ratings_outbox, steps_outbox
from terminal_app.core.library import Library

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from service_answers import answers

LIST = texts.KnowledgeAsked("-", Segment.B2C)


class Office:
    """Answers on the loop's next turn; `silent` from some question on."""

    def __init__(self, *, answers_max: int = 10_000) -> None:
        self.asked: list[object] = []
        self.answers_max = answers_max

    def ask(self, request, answered) -> None:
        self.asked.append(request)
        told = answers(request) if len(self.asked) <= self.answers_max else [None]
        asyncio.get_running_loop().call_soon(answered, told[0] if told else None)


async def turns(condition) -> None:
    """Lets the loop run until something is so, with a bound."""
    for _ in range(5_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not come to that")


async def fetched(folder: Path, office: Office) -> Library:
    library = Library(folder, office.ask)
    library.link_changed(linked=True)
    await turns(lambda: bool(library.shelf.kept_ms))
    await library.close()
    return library


async def test_all_public_texts_are_kept_and_are_there_after_a_restart(tmp_path):
    await fetched(tmp_path, Office())
    shelf = Library(tmp_path, Office(answers_max=0).ask).shelf
    assert shelf.find(LIST) == answers(LIST)[0]
    article = texts.ArticleAsked("-", "bill_explained")
    assert shelf.find(article).article == answers(article)[0].article
    picture = texts.PictureAsked("-", "bill_account")
    assert shelf.find(picture).content == answers(picture)[0].content
    last = shelf.standard[-1]
    assert shelf.find(texts.StandardAsked("-", last.page)) == last
    assert last.page == last.pages - 1
    assert shelf.find(texts.ConsentsAsked("-")) is not None
    assert shelf.find(visits.PlacesAsked("-", Segment.B2C)).places != []
    assert shelf.surveyed_subjects() == {"visit", "call"}


async def test_what_is_not_kept_or_not_public_is_not_found(tmp_path):
    shelf = (await fetched(tmp_path, Office())).shelf
    for request in (
        texts.ArticleAsked("-", "nothing"),
        texts.PictureAsked("-", "nothing"),
        texts.StandardAsked("-", 10_000),
        texts.SearchAsked("-", "счёт", Segment.B2C),
        visits.SlotsAsked("-", "office-central", "charges.explain"),
    ):
        assert shelf.find(request) is None


async def test_an_unchanged_text_is_not_fetched_again(tmp_path):
    await fetched(tmp_path, Office())
    office = Office()
    library = Library(tmp_path, office.ask)
    before = library.shelf.kept_ms
    library.link_changed(linked=True)
    await turns(lambda: library.shelf.kept_ms > before)
    await library.close()
    heavy = (texts.ArticleAsked, texts.PictureAsked)
    assert [request for request in office.asked if isinstance(request, heavy)] == []
    assert len([request for request in office.asked if isinstance(request, texts.StandardAsked)]) == 1


async def test_a_fetch_that_breaks_off_leaves_what_was_kept(tmp_path):
    whole = (await fetched(tmp_path, Office())).shelf
    office = Office(answers_max=4)
    library = Library(tmp_path, office.ask)
    library.link_changed(linked=True)
    await turns(lambda: len(office.asked) == 5)
    await turns(lambda: True)
    await library.close()
    assert library.shelf == whole
    assert Library(tmp_path, office.ask).shelf == whole


async def test_a_file_that_cannot_be_read_is_as_none(tmp_path):
    (tmp_path / "library.json").write_bytes(b'{"kept_ms": "yesterday"}')
    (tmp_path / "ratings.json").write_bytes(b"\xff")
    assert Library(tmp_path, Office().ask).shelf.kept_ms == 0
    assert ratings_outbox(tmp_path, Office().ask).kept == []


# --- ratings and trails -----------------------------------------------------------------------------------------------

RATING = visits.RatingGiven("-", "s1", "2026-1", "effort", 5, "visit")


class Box:
    """An office that stores ratings, refuses them or is silent."""

    def __init__(self, *answered: object) -> None:
        self.answered = list(answered)
        self.asked: list[visits.RatingGiven] = []

    def ask(self, request, answered) -> None:
        self.asked.append(request)
        asyncio.get_running_loop().call_soon(answered, self.answered.pop(0) if self.answered else None)


async def test_a_rating_waits_for_a_line_and_goes_once(tmp_path):
    box = Box(visits.RatingStored("-", "s1"))
    ratings_outbox(tmp_path, box.ask).add(RATING)
    assert box.asked == []
    ratings = ratings_outbox(tmp_path, box.ask)
    assert ratings.kept == [RATING]
    ratings.link_changed(linked=True)
    await turns(lambda: ratings.kept == [])
    assert box.asked == [RATING]
    assert ratings_outbox(tmp_path, box.ask).kept == []


async def test_a_rating_that_the_office_refuses_goes_away_and_one_it_does_not_hear_stays(tmp_path):
    other = structs.replace(RATING, submission_id="s2")
    box = Box(ServiceRefused("-", "unknown_question", "Этот опрос уже закончился"))
    ratings = ratings_outbox(tmp_path, box.ask)
    ratings.add(RATING)
    ratings.add(other)
    ratings.link_changed(linked=True)
    await turns(lambda: len(box.asked) == 2)
    await turns(lambda: True)
    assert ratings.kept == [other]
    ratings.close()


def test_no_more_ratings_are_kept_than_there_is_room_for(tmp_path):
    ratings = ratings_outbox(tmp_path, Box().ask)
    ratings.kept = [structs.replace(RATING, submission_id=f"s{n}") for n in range(RATINGS_MAX)]
    ratings.add(structs.replace(RATING, submission_id="last"))
    assert (len(ratings.kept), ratings.kept[0].submission_id, ratings.kept[-1].submission_id) == (
        RATINGS_MAX,
        "s1",
        "last",
    )


async def test_trails_of_visits_go_many_in_a_message_and_each_once(tmp_path):
    steps = [visits.VisitStep("v1", n, 1_000, "balance", "pay") for n in range(visits.STEPS_MAX + 1)]
    box = Box(visits.VisitStepsStored("-"), None, visits.VisitStepsStored("-"))
    outbox = steps_outbox(tmp_path, box.ask)
    outbox.add(*steps)
    outbox.link_changed(linked=True)
    await turns(lambda: len(box.asked) == 2 and not outbox._asked)
    assert outbox.kept == steps[visits.STEPS_MAX :], "silence leaves it for later"
    outbox.link_changed(linked=True)
    await turns(lambda: outbox.kept == [])
    assert [len(asked.steps) for asked in box.asked] == [visits.STEPS_MAX, 1, 1]
    outbox.close()
