"""Words of those who are served out of turn, and of what is known of a customer already."""

TURN = {
    "check_in.done.video": "Позовите консультанта в назначенное время: вас примут раньше других.",
    "way.turn": "Нужна особая помощь или приём вне очереди",
    "way.turn_help": "Вне очереди: вам нужна особая помощь",
    "way.turn_is": "Вне очереди: {title}",
    "turn.title": "Почему вас принять вне очереди?",
    "turn.sentence": "Для особой помощи документы не нужны. В других случаях консультант попросит документ.",
    "turn.special_help": "Мне нужна особая помощь",
    "turn.special_help.hint": "Документы не нужны",
    "turn.in_turn": "Подожду в общей очереди",
    "page.known_phone": "На номер +7 *** *** {tail}",
    "waiting.returned": "Документ не показан: вы снова ждёте в общей очереди, с прежним временем",
}
