"""Words of the consultant's help with a form (docs/adr/0032)."""

HELP = {
    "help_offer.title": "Помочь заполнить?",
    "help_offer.sentence": "Консультант будет видеть, какое поле перед вами, и предлагать, что в него вписать. "
    "Вписывает только ваше касание. Согласие, коды из СМС, ПИН и оплату он не трогает",
    "help_offer.allow": "Разрешаю",
    "help_offer.no": "Нет, заполню сам",
    "help.stop": "Остановить помощь",
    "help.stop_short": "Стоп",
    "help.stop_hint": "Разговор продолжится",
    "help.picture": "Консультант",
    "attribute.hint_short": "Того, что записан в договоре",
    "pays.back": "Вернуться к разговору",
    "pays.back_short": "Разговор",
    "pays.back_hint": "Можно не платить",
    "pays.held": "Консультант на связи. Деньги внутри: закончите оплату",
    "pays.held_short": "Вас слышат",
    "help.proposes": "Консультант предлагает вписать",
    "help.yours": "Решаете вы. Что вписано, можно потом исправить",
    "help.take": "Вписать",
    "help.decline": "Не надо",
}
