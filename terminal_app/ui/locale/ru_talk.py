"""Words of the talk itself: who is on the line, how loud and how clear he is, what can be said by one touch."""

TALK = {
    "talk.introduction": "С вами говорит {name}, {position}, {company}",
    "talk.volume": "Громкость",
    "talk.volume_at": "Громкость {step} из {steps}",
    "talk.louder": "Громче",
    "talk.quieter": "Тише",
    "talk.hear_badly": "Плохо слышно",
    "talk.hear_badly_phrase": "Вас плохо слышно, повторите, пожалуйста",
    "talk.quality.good": "Слышно хорошо",
    "talk.quality.quiet": "Голос тихий",
    "talk.quality.weak": "Связь слабая",
    "talk.quality.none": "Связи нет",
    "talk.state.connecting": "Соединяемся…",
    "talk.state.weak": "Связь слабая, подождите",
    "talk.state.reconnecting": "Связь вернётся. Не уходите",
}
