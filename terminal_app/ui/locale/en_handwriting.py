"""Words of the pad, and of what the two of a call write to each other; with those of cards."""

from terminal_app.ui.locale.en_cards import CARDS
from terminal_app.ui.locale.en_help import HELP
from terminal_app.ui.locale.en_new_client import NEW_CLIENT
from terminal_app.ui.locale.en_papers import PAPERS
from terminal_app.ui.locale.en_talk import TALK
from terminal_app.ui.locale.en_turn import TURN

HANDWRITING = {
    **CARDS,
    **HELP,
    **NEW_CLIENT,
    **PAPERS,
    **TALK,
    **TURN,
    "pad.hint": "Write here with your finger",
    "pad.empty": "Empty",
    "pad.full": "The sheet is full. Send it or erase something",
    "pad.undo": "Undo",
    "pad.clear": "Erase all",
    "live.write": "Write by finger",
    "live.type": "Type",
    "live.read": "Read again",
    "notes.title": "What you wrote to each other",
    "notes.talk": "Back to the talk",
    "notes.customer": "You",
    "notes.agent": "Consultant",
    "notes.by_hand": "Written by finger on the screen",
    "notes.reads": "The consultant will read it and answer",
    "notes.pad": "A sheet for the consultant",
    "notes.send": "Send",
    "notes.type_hint": "Your words to the consultant",
}
