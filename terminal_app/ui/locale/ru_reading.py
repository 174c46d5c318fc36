"""Words of a document that is read aloud, and of the agreement to it."""

READING = {
    "reading.before": "Документ будет прочитан вслух целиком, без сокращений. Время чтения: {time}.",
    "reading.going": "Читаю вслух. Прочитано {percent} %.",
    "reading.paused": "Пауза. Прочитано {percent} %.",
    "reading.over": "Документ прочитан целиком. Теперь можно согласиться.",
    "reading.start": "Читать вслух",
    "reading.pause": "Пауза",
    "reading.go_on": "Читать дальше",
    "reading.repeat": "Повторить фразу",
    "reading.again": "С начала",
    "reading.locked": "Станет доступно, когда документ прочитан целиком",
    "consent.voiceless": "Прочитать вслух сейчас не получается. Прочтите, пожалуйста, сами до конца.",
    "consent.questions.title": "Остались вопросы?",
    "consent.questions.sentence": "Документ прочитан целиком. Если что-то непонятно, спросите консультанта.",
    "consent.questions.none": "Вопросов нет, согласен",
    "consent.questions.again": "Прочитать ещё раз",
}
