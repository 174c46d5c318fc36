"""Words of the consultant's help with a form (docs/adr/0032)."""

HELP = {
    "help_offer.title": "Help with the form?",
    "help_offer.sentence": "The consultant will see which field is before you and propose what to write there. "
    "Only your touch writes it. Consent, codes from SMS, PIN and payment stay out of reach",
    "help_offer.allow": "I allow it",
    "help_offer.no": "No, I will do it myself",
    "help.stop": "Stop the help",
    "help.stop_short": "Stop",
    "help.stop_hint": "The talk goes on",
    "help.picture": "Consultant",
    "attribute.hint_short": "The one in your contract",
    "pays.back": "Back to the talk",
    "pays.back_short": "Talk",
    "pays.back_hint": "You need not pay",
    "pays.held": "The consultant is here. Money is inside: finish the payment",
    "pays.held_short": "You are heard",
    "help.proposes": "The consultant proposes to write",
    "help.yours": "You decide. What is written can be changed later",
    "help.take": "Write it in",
    "help.decline": "No, thank you",
}
