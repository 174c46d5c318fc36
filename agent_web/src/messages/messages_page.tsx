/** «Недоставленные сообщения»: SMS and e-mail that were given up, why, and sending one again. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { DeadMessage } from "../contract.gen";
import { moment } from "../format";
import { fetchDeadMessages, sendMessageAgain } from "../office_api";
import { Nothing, useAsking } from "../ui/asking";
import { OfficePage, PageTrouble } from "../ui/office_page";

const POLL_PERIOD_MS = 10_000;
const SUBJECTS: Record<string, string> = {
  code_identify: "Код для входа",
  code_informing_on: "Код подключения СМС",
  code_informing_off: "Код отключения СМС",
  informing_on: "СМС-информирование подключено",
  informing_off: "СМС-информирование отключено",
  case_registered: "Обращение зарегистрировано",
  gratitude_registered: "Спасибо за благодарность",
  case_answered: "Ответ на обращение",
  booking_made: "Запись на приём",
  booking_cancelled: "Запись отменена",
};
const CHANNELS: Record<string, string> = { sms: "SMS", email: "Письмо" };

export function MessagesPage({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const messages = useSignal<readonly DeadMessage[] | null>(null);
  const told = useSignal("");
  const looking = useAsking(onSignedOut);
  const sending = useAsking(onSignedOut);
  const trouble = sending.trouble.value || looking.trouble.value;

  async function look(): Promise<void> {
    await looking.run(async () => {
      messages.value = (await fetchDeadMessages()).messages;
    });
  }

  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), POLL_PERIOD_MS);
    return () => clearInterval(timer);
  }, []);

  async function sendAgain(message: DeadMessage): Promise<void> {
    if (!(await sending.run(() => sendMessageAgain(message.message_id)))) return;
    told.value = `Сообщение на ${message.address_masked} отправляется снова`;
    await look();
  }

  return (
    <OfficePage name="messages" title="Недоставленные сообщения" ways={["desk"]}>
      <PageTrouble words={trouble} testId="messages-trouble" />
      <p role="status" class="messages-told" data-testid="messages-told">
        {told.value}
      </p>
      {messages.value !== null && <Messages messages={messages.value} onAgain={sendAgain} />}
      {messages.value === null && trouble === "" && <p class="fleet-empty">Загружаем…</p>}
    </OfficePage>
  );
}

interface ListProps {
  messages: readonly DeadMessage[];
  onAgain: (message: DeadMessage) => Promise<void>;
}

function Messages({ messages, onAgain }: ListProps): JSX.Element {
  if (messages.length === 0) {
    return (
      <Nothing icon="check" title="Всё доставлено" testId="messages-empty">
        Сюда попадает то, что не удалось доставить за трое суток.
      </Nothing>
    );
  }
  return (
    <table class="fleet messages" data-testid="messages">
      <caption class="visually-hidden">Недоставленные сообщения, новые первыми</caption>
      <thead>
        <tr>
          <th scope="col">Кому</th>
          <th scope="col">О чём</th>
          <th scope="col">Почему не доставлено</th>
          <th scope="col">Когда</th>
          <th scope="col">
            <span class="visually-hidden">Что сделать</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {messages.map((each) => (
          <Row key={each.message_id} message={each} onAgain={() => onAgain(each)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ message, onAgain }: { message: DeadMessage; onAgain: () => Promise<void> }): JSX.Element {
  const sure = useSignal(false);
  const sending = useSignal(false);
  async function send(): Promise<void> {
    sending.value = true;
    await onAgain();
    sending.value = false;
    sure.value = false;
  }
  return (
    <tr data-testid={`message-${message.message_id}`}>
      <th scope="row">
        <span class="fleet-title">{message.address_masked}</span>
        <span class="fleet-site">{CHANNELS[message.channel] ?? message.channel}</span>
      </th>
      <td data-label="О чём">{SUBJECTS[message.template] ?? message.template}</td>
      <td data-label="Почему не доставлено">{message.error || "причина неизвестна"}</td>
      <td data-label="Когда">
        {moment(message.created_at_ms)}
        <span class="fleet-site">брошено {moment(message.ended_at_ms)}</span>
      </td>
      <td class="messages-acts">
        {sure.value ? (
          <>
            <button
              type="button"
              class="button button-main"
              aria-disabled={sending.value}
              ref={(button) => button?.focus()}
              onClick={() => void (sending.value || send())}
            >
              Да, отправить
            </button>
            <button type="button" class="button button-quiet" onClick={() => (sure.value = false)}>
              Не надо
            </button>
          </>
        ) : (
          <button type="button" class="button button-quiet" onClick={() => (sure.value = true)}>
            Отправить снова
          </button>
        )}
      </td>
    </tr>
  );
}
