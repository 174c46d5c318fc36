/** After the call: the form, a minute for it, and the registration of the обращение. */
import { useSignal } from "@preact/signals";
import type { JSX, TargetedSubmitEvent } from "preact";
import { ticking } from "../../clock";
import type { CallEndReason } from "../../contract.gen";
import { clock } from "../../format";
import { Icon } from "../../ui/icons";
import { END_WORDS, WAY_WORDS } from "../../words";
import { isSummarised, presentCase } from "../closing";
import type { DeskController } from "../desk_controller";
import { mayRing } from "../ring_back";
import type { Desk, Work } from "../state";
import { wrapUpLeftMs, wrapUpUrgency } from "../timers";
import { CallNotes } from "./call_notes";
import { type CaseErrors, CaseForm, caseErrors } from "./case_form";
import { CustomerFacts } from "./customer_facts";
import { RingBack } from "./ring_back";
import { StillPanel } from "./still_panel";

type WrapUp = Extract<Work, { at: "wrap_up" }>;

interface Props {
  controller: DeskController;
  desk: Desk;
  work: WrapUp;
}

export function WrapUpView({ controller, desk, work }: Props): JSX.Element {
  const tried = useSignal(false);
  const present = presentCase(work.call);
  const all = caseErrors(controller, present?.due_latest ?? "", isSummarised(desk.notes.slice(desk.presentFrom)));
  const errors = tried.value ? all : null;
  const sending = desk.pending?.purpose === "wrap_up";

  function submit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    tried.value = true;
    const wrong = FIELDS.find(([name]) => all[name] !== null);
    if (wrong === undefined) controller.registerCase();
    else event.currentTarget.querySelector<HTMLElement>(wrong[1])?.focus();
  }

  return (
    <main class="wrap-up">
      <aside class="card wrap-up-call" aria-label="Прошедший разговор">
        <p class="overline">Разговор окончен</p>
        <p class="wrap-up-reason" data-testid="end-reason">
          {work.reason === null ? "Разговор завершён" : END_WORDS[work.reason]}
        </p>
        <dl class="facts">
          <div>
            <dt>
              <Icon name="clock" /> Длился
            </dt>
            <dd>{clock(work.endedAtMs - work.startedAtMs)}</dd>
          </div>
          <CustomerFacts context={work.call.context} />
          <div>
            <dt>
              <Icon name={work.call.way} /> Хотел
            </dt>
            <dd>{WAY_WORDS[work.call.way]}</dd>
          </div>
          <div>
            <dt>
              <Icon name="topic" /> Спросил о
            </dt>
            <dd>{work.call.topic || "не указано"}</dd>
          </div>
          <div>
            <dt>
              <Icon name="place" /> Терминал
            </dt>
            <dd>{work.call.site}</dd>
          </div>
        </dl>
        <WrapUpTimer work={work} />
        {mayRing(work.reason) && <RingBack controller={controller} desk={desk} />}
        <StillPanel controller={controller} desk={desk} />
        {desk.notes.length > 0 && <CallNotes notes={desk.notes} />}
      </aside>
      <form class="card wrap-up-form" onSubmit={submit} noValidate aria-labelledby="wrap-up-title">
        <h1 id="wrap-up-title">Регистрация обращения</h1>
        {errors !== null && <ErrorSummary errors={errors} />}
        <CaseForm controller={controller} topics={desk.topics} errors={errors} />
        <div class="wrap-up-acts">
          <p class="hint">{NUMBER_REACHES[work.reason ?? "agent_ended"]}</p>
          <button
            type="submit"
            class="button button-main button-large"
            data-testid="register-case"
            aria-disabled={sending}
          >
            {sending ? "Регистрируем…" : "Зарегистрировать обращение"}
          </button>
        </div>
      </form>
    </main>
  );
}

const LOST = "Клиент не увидит номер на терминале: связь прервалась. Номер останется в карточке обращения.";
const NUMBER_REACHES: Record<CallEndReason, string> = {
  agent_ended: "Номер и дата появятся у клиента на терминале.",
  customer_left: "Номер и дата появятся у клиента на терминале, если он ещё там.",
  misconduct: "Номер и дата появятся у клиента на терминале, без других слов.",
  agent_lost: LOST,
  terminal_lost: LOST,
  media_failed: "Номер и дата появятся у клиента на терминале, если он ещё там.",
};

/** In the order of the form; the first that is wrong gets the focus. */
const FIELDS: readonly [keyof CaseErrors, string][] = [
  ["kind", "[name=kind]"],
  ["topic", "#topic-search"],
  ["result", "[name=result]"],
  ["due", "[data-testid=answer-due]"],
  ["way", "[data-testid=answer-way]"],
  ["contact", "[data-testid=answer-contact]"],
];

function ErrorSummary({ errors }: { errors: CaseErrors }): JSX.Element | null {
  const sentences = FIELDS.map(([name]) => errors[name]).filter((each) => each !== null);
  if (sentences.length === 0) return null;
  return (
    <div class="form-trouble" role="alert" data-testid="case-errors">
      <Icon name="warning" />
      <span>Чтобы зарегистрировать обращение: {sentences.join("; ").toLocaleLowerCase("ru")}.</span>
    </div>
  );
}

function WrapUpTimer({ work }: { work: WrapUp }): JSX.Element {
  const leftMs = wrapUpLeftMs(work.endedAtMs, ticking.value);
  const urgency = wrapUpUrgency(leftMs);
  return (
    <p class={`wrap-up-timer service-${urgency}`}>
      <span class="service-name">На оформление</span>
      <span class="service-figure" role="timer" data-testid="wrap-up-timer">
        {urgency === "over" ? `+${clock(-leftMs)}` : clock(leftMs)}
      </span>
      <span class="service-words">
        {urgency === "over" ? (
          <>
            <Icon name="warning" size={16} /> минута истекла
          </>
        ) : (
          "норма — 1 минута"
        )}
      </span>
    </p>
  );
}
