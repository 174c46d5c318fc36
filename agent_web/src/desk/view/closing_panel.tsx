/** The end of a call: cases with their time, the summary on the customer's screen, «Есть ещё вопрос?», ЛКК, payment. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { ticking } from "../../clock";
import type { PortalAnswer } from "../../contract.gen";
import { clock } from "../../format";
import { Icon } from "../../ui/icons";
import { ANSWER_WORDS, plainCard, TEXT_LENGTH_MAX } from "../cards";
import {
  isSummarised,
  lastAnswer,
  MORE,
  PORTAL,
  PORTAL_WORDS,
  paymentCard,
  presentCase,
  REGISTRATION_STEPS,
  RESULT_WORDS,
  summaryOf,
} from "../closing";
import type { DeskController } from "../desk_controller";
import type { Desk, Work } from "../state";
import { type CaseErrors, caseErrors } from "./case_form";

interface Props {
  controller: DeskController;
  desk: Desk;
  work: Extract<Work, { at: "on_call" }>;
}

export function ClosingPanel({ controller, desk, work }: Props): JSX.Element {
  return (
    <section class="card card-tight closing" aria-labelledby="closing-title">
      <h2 id="closing-title">Завершение</h2>
      <Cases desk={desk} work={work} />
      <details data-testid="closing-summary" open={work.stage === "closing"}>
        <summary>Итог и прощание</summary>
        <Summary controller={controller} desk={desk} work={work} />
        <NextQuestion controller={controller} desk={desk} work={work} />
      </details>
      <details data-testid="closing-portal">
        <summary>Личный кабинет: {PORTAL_WORDS[work.call.portal]}</summary>
        <Portal controller={controller} work={work} />
      </details>
      <details data-testid="closing-payment">
        <summary>Предложить оплату</summary>
        <Payment controller={controller} desk={desk} />
      </details>
    </section>
  );
}

/** Each case of this call with its own time (clause 5.1.3). */
function Cases({ desk, work }: Omit<Props, "controller">): JSX.Element {
  return (
    <ol class="closing-cases" data-testid="call-cases" aria-label="Обращения этого разговора">
      {work.call.cases.map((each) => {
        const until = each.closed_at_ms || ticking.value + desk.serverAheadMs;
        const closed = each.closed_at_ms > 0;
        return (
          <li key={each.number} class={closed ? "closing-case" : "closing-case closing-case-now"}>
            <span>
              № {each.number}
              {each.topic_title !== "" && `, ${each.topic_title}`}
            </span>
            <span>{closed ? RESULT_WORDS[each.result] : "сейчас"}</span>
            <span role="timer">{clock(until - each.opened_at_ms)}</span>
          </li>
        );
      })}
    </ol>
  );
}

function Summary({ controller, desk, work }: Props): JSX.Element {
  const edited = useSignal<string | null>(null);
  const topic = desk.topics.find((each) => each.topic_id === controller.draft.value.topicId)?.title ?? "";
  const text = edited.value ?? summaryOf(work.call, controller.draft.value, topic);
  const shown = isSummarised(desk.notes.slice(desk.presentFrom));
  return (
    <>
      <label class="field">
        <span>Итог для клиента, телефон добавит терминал</span>
        <textarea
          data-testid="summary-text"
          rows={5}
          maxLength={TEXT_LENGTH_MAX}
          value={text}
          onInput={(event) => (edited.value = event.currentTarget.value)}
        />
      </label>
      <div class="cards-at-once">
        <button
          type="button"
          class={shown ? "button button-quiet" : "button button-main"}
          data-testid="summary-send"
          aria-disabled={text.trim() === ""}
          onClick={() => {
            if (text.trim() === "") return;
            controller.sendCard({ text: text.trim(), card: plainCard("summary"), following: [] });
            edited.value = null;
          }}
        >
          {shown ? "Показать итог ещё раз" : "Показать итог клиенту"}
        </button>
        {edited.value !== null && (
          <button type="button" class="button button-quiet" onClick={() => (edited.value = null)}>
            Составить заново
          </button>
        )}
      </div>
      {shown && (
        <p class="hint" data-testid="summary-shown">
          <Icon name="check" size={16} /> Клиент видел итог
        </p>
      )}
    </>
  );
}

function NextQuestion({ controller, desk, work }: Props): JSX.Element {
  const tried = useSignal(false);
  const notes = desk.notes.slice(desk.presentFrom);
  const answer = lastAnswer(notes, "more");
  const latest = presentCase(work.call)?.due_latest ?? "";
  const errors = caseErrors(controller, latest, true); // the summary is due at the end of the whole call
  const wrong = firstOf(errors);
  return (
    <>
      <div class="cards-at-once">
        <button
          type="button"
          class="button button-quiet"
          data-testid="more-send"
          onClick={() => controller.sendCard(MORE)}
        >
          Спросить: «Есть ещё вопрос?»
        </button>
        <button
          type="button"
          class={answer === "yes" ? "button button-main" : "button button-quiet"}
          data-testid="next-case"
          aria-disabled={desk.pending?.purpose === "next_case"}
          onClick={() => {
            tried.value = true;
            if (wrong === null) controller.nextCase();
          }}
        >
          Следующий вопрос
        </button>
      </div>
      {answer !== null && <p class="hint">«Есть ещё вопрос?» Ответ: {ANSWER_WORDS[answer]}</p>}
      {tried.value && wrong !== null && (
        <p class="field-error" role="alert" data-testid="next-case-error">
          <Icon name="warning" size={16} /> {wrong}
        </p>
      )}
    </>
  );
}

function firstOf(errors: CaseErrors): string | null {
  return Object.values(errors).find((each) => each !== null) ?? null;
}

const SAID: readonly PortalAnswer[] = ["uses", "registers", "refused"];

/** The prompt with three answers; the customer may answer by touch as well (clause 6.3.7). */
function Portal({ controller, work }: Omit<Props, "desk">): JSX.Element {
  const { portal } = work.call;
  return (
    <>
      <p class="prompt">«Вы пользуетесь личным кабинетом? Там квитанции, показания и оплата без очереди»</p>
      <div class="cards-at-once">
        {SAID.map((answer) => (
          <button
            key={answer}
            type="button"
            class={portal === answer ? "button button-main" : "button button-quiet"}
            data-testid={`portal-${answer}`}
            aria-pressed={portal === answer}
            onClick={() => controller.tellPortal(answer)}
          >
            {PORTAL_WORDS[answer]}
          </button>
        ))}
      </div>
      {portal === "refused" && (
        <p class="prompt" data-testid="portal-other-ways">
          «Тогда запомните другие способы: квитанция по почте, показания и оплата у этого терминала или по телефону»
        </p>
      )}
      <div class="cards-at-once">
        <button
          type="button"
          class="button button-quiet"
          data-testid="portal-send"
          onClick={() => controller.sendCard(PORTAL)}
        >
          Вопрос и код на экран
        </button>
        {(portal === "registers" || portal === "registered") && (
          <>
            <button
              type="button"
              class="button button-quiet"
              data-testid="portal-steps"
              onClick={() => controller.sendCard(REGISTRATION_STEPS)}
            >
              Регистрация по шагам
            </button>
            <button
              type="button"
              class={portal === "registered" ? "button button-main" : "button button-quiet"}
              data-testid="portal-registered"
              aria-pressed={portal === "registered"}
              onClick={() => controller.tellPortal("registered")}
            >
              {PORTAL_WORDS.registered}
            </button>
          </>
        )}
      </div>
    </>
  );
}

/** «Оплатить 1 500 ₽ за …»: the customer pays by his own touch while the talk goes on (clause 6.1.1). */
function Payment({ controller, desk }: Omit<Props, "work">): JSX.Element {
  const sum = useSignal("");
  const whatFor = useSignal("за электроэнергию");
  const account = useSignal("");
  const error = useSignal("");
  const answer = lastAnswer(desk.notes, "payment");
  function send(): void {
    const made = paymentCard(sum.value, whatFor.value, account.value);
    error.value = "error" in made ? made.error : "";
    if (!("error" in made)) controller.sendCard(made);
  }
  return (
    <form
      class="card-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="field">
        <span>Сумма, ₽</span>
        <input
          data-testid="payment-sum"
          inputMode="numeric"
          value={sum.value}
          aria-invalid={error.value !== ""}
          aria-describedby={error.value !== "" ? "payment-error" : undefined}
          onInput={(event) => (sum.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>За что</span>
        <input
          data-testid="payment-for"
          maxLength={TEXT_LENGTH_MAX}
          value={whatFor.value}
          onInput={(event) => (whatFor.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>Лицевой счёт, если клиент его назвал</span>
        <input
          data-testid="payment-account"
          inputMode="numeric"
          maxLength={26}
          value={account.value}
          onInput={(event) => (account.value = event.currentTarget.value)}
        />
      </label>
      {error.value !== "" && (
        <p class="field-error" role="alert" id="payment-error" data-testid="payment-error">
          <Icon name="warning" size={16} /> {error.value}
        </p>
      )}
      <button type="submit" class="button button-main" data-testid="payment-send">
        Предложить оплатить
      </button>
      <p class="hint">
        {answer === null
          ? "Клиент платит сам у терминала, разговор продолжается. Карточки он увидит после оплаты"
          : `Ответ: ${ANSWER_WORDS[answer]}`}
      </p>
    </form>
  );
}
