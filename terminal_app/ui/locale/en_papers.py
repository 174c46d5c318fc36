"""Words of papers in a talk: what the customer shows to the consultant (docs/adr/0039)."""

PAPERS = {
    "still_offer.title": "Show a document?",
    "still_offer.sentence": "The consultant asks you to show a sheet of paper. You see the photo first and decide "
    "whether to send it",
    "still_offer.allow": "Show it",
    "still_offer.no": "Do not show",
    "still_hold.title": "Show the document",
    "still_hold.sentence": "Hold the sheet with both hands, its long side along the screen. It is taken by itself",
    "still_hold.good": "Seen well. Hold still, taking it",
    "still_hold.no_sheet": "No sheet is seen. Hold it with both hands, its long side along the screen",
    "still_hold.take": "Take it",
    "still_hold.no": "Do not show",
    "still_none.title": "Not all of the sheet is seen",
    "still_none.sentence": "Hold it flat as in the picture: all four corners are seen, no finger covers the text",
    "still_none.retake": "Once more",
    "still_none.as_is": "Use the photo as it is",
    "still_none.no": "Do not show",
    "still_shot.title": "Send it to the consultant?",
    "still_shot.sentence": "Check that the text can be read",
    "still_shot.unsent": "It was not sent: the line was lost. Try again",
    "still_shot.send": "Send",
    "still_shot.retake": "Once more",
    "still_shot.no": "Do not send",
}
