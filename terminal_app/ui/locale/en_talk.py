"""Words of the talk itself: who is on the line, how loud and how clear he is, what can be said by one touch."""

TALK = {
    "talk.introduction": "You are talking to {name}, {position}, {company}",
    "talk.volume": "Volume",
    "talk.volume_at": "Volume {step} of {steps}",
    "talk.louder": "Louder",
    "talk.quieter": "Quieter",
    "talk.hear_badly": "Hard to hear",
    "talk.hear_badly_phrase": "I can hardly hear you, please say it again",
    "talk.quality.good": "The sound is clear",
    "talk.quality.quiet": "The voice is quiet",
    "talk.quality.weak": "Weak connection",
    "talk.quality.none": "No connection",
    "talk.state.connecting": "Connecting…",
    "talk.state.weak": "Weak connection, please wait",
    "talk.state.reconnecting": "Connecting again. Please stay",
}
