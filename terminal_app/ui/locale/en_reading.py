"""Words of a document that is read aloud, and of the agreement to it."""

READING = {
    "reading.before": "The whole document will be read aloud, nothing left out. Time to listen: {time}.",
    "reading.going": "Reading aloud. {percent} % is read.",
    "reading.paused": "Paused. {percent} % is read.",
    "reading.over": "The whole document is read. You can agree now.",
    "reading.start": "Read aloud",
    "reading.pause": "Pause",
    "reading.go_on": "Go on reading",
    "reading.repeat": "Repeat the sentence",
    "reading.again": "From the beginning",
    "reading.locked": "Opens when the whole document is read",
    "consent.voiceless": "It cannot be read aloud now. Please read it yourself to its end.",
    "consent.questions.title": "Any questions left?",
    "consent.questions.sentence": "The whole document is read. If anything is unclear, ask the consultant.",
    "consent.questions.none": "No questions, I agree",
    "consent.questions.again": "Read it again",
}
