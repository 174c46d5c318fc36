"""Words of those who are served out of turn, and of what is known of a customer already."""

TURN = {
    "check_in.done.video": "Call the consultant at the booked time: you come before others.",
    "way.turn": "I need special help or priority",
    "way.turn_help": "Out of turn: you need special help",
    "way.turn_is": "Out of turn: {title}",
    "turn.title": "Why should you go first?",
    "turn.sentence": "Special help needs no documents. Otherwise the consultant will ask to see one.",
    "turn.special_help": "I need special help",
    "turn.special_help.hint": "No documents needed",
    "turn.in_turn": "I will wait in the common queue",
    "page.known_phone": "Use +7 *** *** {tail}",
    "waiting.returned": "No document was shown: you wait in the common queue again, with your first time",
}
