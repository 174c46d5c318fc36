/** Help with the form at the terminal: what may be proposed, and what became of it, in words. Pure. */
import type { HelpField, HelpTold, ProposalAnswer } from "../contract.gen";

export const FIELD_WORDS: Record<HelpField, string> = {
  text: "Текст",
  address: "Адрес",
  name: "Фамилия, имя, отчество",
  phone: "Телефон",
  email: "Электронная почта",
  account: "Лицевой счёт",
  number: "Номер",
  reading: "Показания",
};

const ANSWER_WORDS: Record<ProposalAnswer, string> = {
  taken: "Клиент вписал",
  declined: "Клиент не захотел вписывать",
  unfit: "Так в это поле вписать нельзя: проверьте знаки и длину",
  refused: "Сейчас предлагать нельзя",
};

/** What stands above the button. */
export function helpWords(told: HelpTold | null): string {
  if (told === null || !told.form_stands) return "У клиента нет открытой формы";
  switch (told.state) {
    case "none":
      return "Перед клиентом открыта форма";
    case "offered":
      return "Ждём касания «Разрешаю» на терминале";
    case "on":
      return told.field === null ? "Здесь клиент выбирает сам" : "Клиент разрешил помочь. Поле перед ним:";
    default:
      return told.state satisfies never;
  }
}

/** What became of the last proposal; empty: none was made. */
export function proposalWords(told: HelpTold | null): string {
  if (told === null || told.proposal_id === "") return "";
  return told.answer === null ? "Предложено, ждём касания клиента" : ANSWER_WORDS[told.answer];
}

/** One sentence about what is wrong with a proposal; null: it may go. The terminal has the last word. */
export function wrongProposal(told: HelpTold, value: string): string | null {
  const typed = value.trim();
  if (typed === "") return "Напишите, что предложить";
  if (typed.length > told.length_max) return `Здесь не больше ${told.length_max} знаков`;
  return null;
}
