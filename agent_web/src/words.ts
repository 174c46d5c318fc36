/** The words of the screens. Fixed wording comes from the standard; the clause stands beside it. */
import type { CallEndReason, CaseKind, Plate, Verdict, WayToTalk } from "./contract.gen";
import type { CommandPurpose, Notice, Stage } from "./desk/state";
import { counted } from "./format";

/** Clause 6.3.2. */
export const STAGE_WORDS: Record<Stage, string> = {
  identification: "идентификация клиента",
  registration: "регистрация обращения",
  consultation: "консультация/отработка обращения",
  closing: "закрытие обращения",
};

/** Clause 3. */
export const KIND_WORDS: Record<CaseKind, string> = {
  question: "вопрос",
  request: "заявка",
  complaint: "претензия (жалоба)",
  suggestion: "предложение",
  gratitude: "благодарность",
};

/** Clauses 9.6.10, 9.6.11. */
export const WAY_WORDS: Record<WayToTalk, string> = { speak: "говорить", write: "написать", type: "напечатать" };

/** What the way means for the agent before the answer. */
export const WAY_HINTS: Record<WayToTalk, string> = {
  speak: "голосом",
  write: "от руки на экране",
  type: "на клавиатуре",
};

/** Clause 6.3.3: who asked for help proves nothing. */
export const HELP_WORDS = "нужна особая помощь, документ не спрашивают";
export const VERDICT_WORDS: Record<Verdict, string> = {
  unchecked: "попросите показать документ",
  confirmed: "документ показан",
  rejected: "документа нет",
};

/** How much is written by hand, for who cannot see it. */
export function strokesWords(count: number): string {
  return counted(count, "штрих", "штриха", "штрихов");
}

export const END_WORDS: Record<CallEndReason, string> = {
  customer_left: "Клиент завершил разговор",
  agent_ended: "Вы завершили разговор",
  misconduct: "Вы завершили разговор из-за недопустимого поведения клиента",
  agent_lost: "Разговор прерван: ваша страница не отвечала",
  terminal_lost: "Разговор прерван: терминал не на связи",
  media_failed: "Разговор прерван: не удалось передать изображение и звук",
};

const REASON_WORDS: Record<string, string> = {
  no_answer: "Сервер не ответил. Попробуйте ещё раз",
  offline: "Нет связи с сервером. Попробуйте, когда она вернётся",
  wrong_state: "Сейчас это сделать нельзя: состояние уже изменилось",
  unknown_call: "Этот разговор уже закончен",
  no_answer_terms: "Назовите срок и форму ответа",
  bad_due_date: "Срок ответа уже прошёл или слишком далёк",
  bad_contact: "Проверьте, куда прислать ответ: по этим данным он не дойдёт",
  no_summary: "Клиент не видел итог на экране",
  complaint_stays: "Претензия остаётся в работе: назовите срок и форму ответа",
  another_case: "Это обращение уже закрыто, открыто следующее",
  too_many_cases: "В одном разговоре больше обращений не открыть",
  workplace_unknown: "Рабочее место ещё не проверено. Подождите секунду и нажмите снова",
  workplace_failed: "Рабочее место не в порядке: что исправить, написано ниже. Или позовите супервайзера",
  no_plate: "На табличке нет имени или должности. Скажите администратору",
  no_category: "Документ уже отмечен",
  too_early: "Клиенту дают не меньше 20 секунд, чтобы ответить",
  not_broken_off: "Разговор не прервался: его завершили, перезвонить нельзя",
  rung_enough: "Больше звонить этому клиенту нельзя: он не отвечает",
  terminal_away: "Терминал не на связи или клиент уже в другом разговоре",
  no_warning: "Клиент ещё не видел предупреждения",
  unknown_topic: "Такой темы больше нет в классификаторе. Выберите другую",
};

const PURPOSE_WORDS: Record<CommandPurpose, string> = {
  ready: "Состояние не изменено",
  accept: "Звонок не принят",
  decline: "Звонок не пропущен",
  end: "Разговор не завершён",
  misconduct: "Разговор не завершён",
  ring: "Звонок на терминал не изменён",
  alarm: "Тревога не поднята",
  check: "Документ не отмечен",
  next_case: "Следующее обращение не начато",
  portal: "Ответ о личном кабинете не записан",
  wrap_up: "Обращение не зарегистрировано",
};

/** The sentence of a notice. */
export function noticeWords(notice: Notice): string {
  switch (notice.code) {
    case "too_late":
    case "taken":
      return "Уже передано: звонок ушёл к другому консультанту";
    case "ring_timeout":
      return "Вы не успели ответить: звонок передан дальше. Проверьте, готовы ли вы принимать звонки";
    case "customer_left":
      return "Клиент отменил звонок";
    case "command_failed":
      return `${PURPOSE_WORDS[notice.purpose]}. ${REASON_WORDS[notice.reason] ?? "Сервер отказал"}.`;
    default:
      return notice satisfies never;
  }
}

/** «Орлова Мария Петровна»: the patronymic may be absent. */
export function fullName(plate: Plate): string {
  return [plate.last_name, plate.first_name, plate.patronymic].filter((part) => part !== "").join(" ");
}

/** What the agent is asked to do at a stage; the greeting follows clause 9.4.4. */
export function stagePrompt(stage: Stage, plate: Plate): string {
  switch (stage) {
    case "identification":
      return `«Добрый день! ${plate.company}, меня зовут ${plate.first_name}. Назовите, пожалуйста, номер лицевого счёта и адрес».`;
    case "registration":
      return "Уточните вопрос, выберите вид и тему обращения. Запишите суть словами клиента.";
    case "consultation":
      return "Ответьте по существу. Числа, сроки и адреса повторите и убедитесь, что клиент вас понял.";
    case "closing":
      return "Подведите итог, спросите «Есть ещё вопрос?», поблагодарите и попрощайтесь.";
    default:
      return stage satisfies never;
  }
}
