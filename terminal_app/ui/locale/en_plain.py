"""English in plain words: what is not here is plain already."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "idle.sentence": "Press “Yes”. If you do not, everything is erased in {seconds}",
    "idle.money": "Press “Yes”. If you do not, your money goes to your account in {seconds}",
    "home.pay": "See and pay the bill",
    "home.pay_hint": "You need the number from your bill",
    "home.scan": "Show the bill",
    "home.scan_hint": "The camera will read it",
    "balance.no_cash": "No cash is taken now. You can pay in an office",
    "amount.no_change": "There is no change. The rest stays on your account",
    "cash.no_change": "There is no change. The rest stays on your account",
    "cash.advance": "There is no change. If you insert {above}, {advance} stays on your account",
    "cash.in_doubt": "One note is being checked: {amount}. The money is safe. Call a consultant",
    "cash.stopped_money": "The note acceptor does not work. Press “Pay”",
    "cash.stopped_held": "The note acceptor does not work. The money is safe. Call a consultant",
    "receipt.later": "The money comes within a day. Keep the number",
    "receipt.write_down": "No paper now. Write down the number",
    "waiting.write": "Write large on paper. Show it to the camera",
    "waiting.type": "Write large on paper. Show it to the camera",
    "waiting.no_paper": "The camera does not work. You will hear the answer",
    "result.keep": "Tell us this number, and you will be answered",
    "notice.attribute_attempts_spent.sentence": "A consultant will help to find your account",
    "notice.qr_unreadable.sentence": "Flatten the bill. Hold it closer to the camera",
    "notice.money_inside.sentence": "{amount} is inside. It cannot be returned. Press “Pay”",
    "notice.payment_refused.sentence": "The money is safe. Take the receipt. Call a consultant",
    "notice.payment_delayed.sentence": "The money is taken. It comes within a day. Take the receipt",
    "notice.server_unreachable.sentence": "Phone us: {phone}, {hours}",
    "notice.no_agent_on_duty.sentence": "Phone us: {phone}, {hours}",
    "notice.place_lost.sentence": "We are sorry. Phone us: {phone}, {hours}",
    "notice.waited_too_long.sentence": "We are sorry. Phone us: {phone}, {hours}",
}
