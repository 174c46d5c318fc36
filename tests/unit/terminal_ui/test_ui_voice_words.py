"""Words of the voice: numbers, sums and dates in the right gender and case; sound is there, and slower when asked."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from terminal_app.ipc.modes import Language
from terminal_app.ui.voice.espeak import Sound, make_sound
from terminal_app.ui.voice.voice import Voice
from terminal_app.ui.voice.words_en import spoken_en
from terminal_app.ui.voice.words_ru import spoken_ru

RUSSIAN = [
    ("К оплате 1\u00a0234,56\u00a0₽", "К оплате одна тысяча двести тридцать четыре рубля пятьдесят шесть копеек"),
    ("21,01\u00a0₽", "двадцать один рубль одна копейка"),
    ("2,02 ₽", "два рубля две копейки"),
    ("3 300,00 ₽", "три тысячи триста рублей"),
    ("Округлить до 50 ₽", "Округлить до пятидесяти рублей"),
    ("до 1 000,01 ₽", "до одной тысячи рублей одной копейки"),
    ("По данным на 23.11.2026", "По данным на двадцать третье ноября две тысячи двадцать шестого года"),
    ("01.01.2030", "первое января две тысячи тридцатого года"),
    ("32.13.2026", "тридцать два.тринадцать.две тысячи двадцать шесть"),  # no date: said as it stands
    ("с 8:00 до 22:00", "с восьми часов до двадцати двух часов"),
    ("21:30", "двадцать один час тридцать минут"),
    ("8 800 000-00-00", "восемь, восемьсот, ноль ноль ноль, ноль ноль, ноль ноль"),
    ("040 123 456", "ноль сорок, сто двадцать три, четыреста пятьдесят шесть"),
    ("040 1", "ноль сорок, один"),
    ("04", "ноль четыре"),
    ("040123456", "ноль сорок, сто двадцать три, четыреста пятьдесят шесть"),
    ("214\u00a0кВт·ч", "двести четырнадцать киловатт-часов"),
    ("22 кВт·ч", "двадцать два киловатт-часа"),
    ("через 21 секунду", "через двадцать одну секунду"),
    ("Осталась 1 попытка", "Осталась одна попытка"),
    ("Осталось 2 попытки", "Осталось две попытки"),
    ("около 2 минут", "около двух минут"),
    ("Ожидание: 1–4 минуты", "Ожидание: от одной до четырёх минут"),
    ("Перед вами 2 человека", "Перед вами два человека"),
    ("ул. Б••••, д. 1••, кв. •", "улица Б скрыто , дом один скрыто , квартира скрыто"),
    ("Квитанция с QR-кодом", "Квитанция с кью-ар-кодом"),
]


@pytest.mark.parametrize(("written", "said"), RUSSIAN)
def test_russian_is_said_in_words(written, said):
    assert spoken_ru(written) == said


ENGLISH = [
    ("To pay 1\u00a0234,56\u00a0₽", "To pay one thousand, two hundred and thirty-four rubles fifty-six kopecks"),
    ("1,01 ₽", "one ruble one kopeck"),
    ("As of 23.11.2026", "As of November twenty-third, twenty twenty-six"),
    ("040 123", "zero four zero, one two three"),
    ("2 attempts left", "two attempts left"),
]


@pytest.mark.parametrize(("written", "said"), ENGLISH)
def test_english_is_said_in_words(written, said):
    assert spoken_en(written) == said


@pytest.mark.parametrize("language", list(Language))
def test_a_phrase_is_heard_and_takes_longer_when_it_is_slow(language):
    words = {Language.RUSSIAN: "Внесено пятьсот рублей", Language.ENGLISH: "Five hundred rubles inserted"}[language]
    usual, slow = (make_sound(words, language, slow=slow) for slow in (False, True))
    loudness = float(np.sqrt(np.mean(usual.samples.astype(np.float64) ** 2)))
    assert loudness > 300.0
    assert usual.duration_s > 0.8
    assert slow.duration_s > usual.duration_s * 1.25


class Listener:
    """Holds each sound until it is interrupted or let go."""

    audible = True

    def __init__(self) -> None:
        self.played: list[Sound] = []
        self.begun = threading.Semaphore(0)
        self.interrupted = threading.Event()

    def play(self, sound, stopped):
        self.played.append(sound)
        self.begun.release()
        while not stopped():
            threading.Event().wait(0.005)
        self.interrupted.set()


def test_a_new_phrase_interrupts_the_one_before_and_the_last_can_be_repeated():
    listener = Listener()
    voice = Voice(listener)
    voice.say(["Первое"], Language.RUSSIAN, slow=False)
    assert listener.begun.acquire(timeout=10)
    voice.say(["Второе"], Language.RUSSIAN, slow=False)
    assert listener.interrupted.wait(10)
    assert listener.begun.acquire(timeout=10)
    voice.repeat()
    assert listener.begun.acquire(timeout=10)
    assert len(listener.played[1].samples) == len(listener.played[2].samples)
    voice.forget()
    assert voice.last_said == ()
