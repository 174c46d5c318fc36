"""Words of the pad, and of what the two of a call write to each other; with those of cards."""

from terminal_app.ui.locale.ru_cards import CARDS
from terminal_app.ui.locale.ru_help import HELP
from terminal_app.ui.locale.ru_new_client import NEW_CLIENT
from terminal_app.ui.locale.ru_papers import PAPERS
from terminal_app.ui.locale.ru_talk import TALK
from terminal_app.ui.locale.ru_turn import TURN

HANDWRITING = {
    **CARDS,
    **HELP,
    **NEW_CLIENT,
    **PAPERS,
    **TALK,
    **TURN,
    "pad.hint": "Пишите здесь пальцем",
    "pad.empty": "Пусто",
    "pad.full": "Лист исписан. Отправьте его или сотрите лишнее",
    "pad.undo": "Убрать последнее",
    "pad.clear": "Стереть всё",
    "live.write": "Написать пальцем",
    "live.type": "Напечатать",
    "live.read": "Прочитать ещё раз",
    "notes.title": "Что вы написали друг другу",
    "notes.talk": "К разговору",
    "notes.customer": "Вы",
    "notes.agent": "Консультант",
    "notes.by_hand": "Написано пальцем на экране",
    "notes.reads": "Консультант прочитает и ответит",
    "notes.pad": "Лист для консультанта",
    "notes.send": "Отправить",
    "notes.type_hint": "Ваши слова консультанту",
}
