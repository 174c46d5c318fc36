"""Words of papers in a talk: what the customer shows to the consultant (docs/adr/0039)."""

PAPERS = {
    "still_offer.title": "Показать документ?",
    "still_offer.sentence": "Консультант просит показать лист бумаги. Снимок вы увидите первым и сами решите, "
    "отправлять ли его",
    "still_offer.allow": "Показать",
    "still_offer.no": "Не показывать",
    "still_hold.title": "Покажите документ",
    "still_hold.sentence": "Держите лист двумя руками, длинной стороной вдоль экрана. Снимем сами",
    "still_hold.good": "Хорошо видно. Не двигайте, снимаем",
    "still_hold.no_sheet": "Листа не видно. Держите его двумя руками, длинной стороной вдоль экрана",
    "still_hold.take": "Снять",
    "still_hold.no": "Не показывать",
    "still_none.title": "Лист виден не целиком",
    "still_none.sentence": "Держите его ровно, как на рисунке: видны все четыре угла, пальцы не закрывают текст",
    "still_none.retake": "Ещё раз",
    "still_none.as_is": "Показать снимок как есть",
    "still_none.no": "Не показывать",
    "still_shot.title": "Отправить консультанту?",
    "still_shot.sentence": "Проверьте, что текст можно прочесть",
    "still_shot.unsent": "Отправить не получилось: связь прервалась. Попробуйте ещё раз",
    "still_shot.send": "Отправить",
    "still_shot.retake": "Ещё раз",
    "still_shot.no": "Не отправлять",
}
