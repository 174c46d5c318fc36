"""Words of who wants a contract (clause 6.3.6b)."""

NEW_CLIENT = {
    "office.new_client": "Заключить договор",
    "office.new_client.hint": "Если вы у нас впервые",
    "written.new_client": "Новый клиент: договор",
    "written.is.supply": "Где нужен договор",
    "written.which.phone": "Телефон",
    "written.which.email": "Почта",
    "new_client.place": "Адрес, где нужна электроэнергия",
    "new_client.phone": "Ваш телефон",
    "new_client.email": "Почта для копии согласия",
    "new_client.name": "Фамилия, имя и отчество",
    "new_client.papers.title": "Покажите документы",
    "new_client.papers.sentence": "Паспорт и документ на квартиру или дом. Можно принести их позже",
    "new_client.papers.photo": "Сфотографировать",
    "new_client.papers.none": "Принесу позже",
}
