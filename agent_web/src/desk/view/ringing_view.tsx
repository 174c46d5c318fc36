/** A call rings: who wants what, how long is left to answer, and two acts. */
import type { JSX } from "preact";
import { ticking } from "../../clock";
import { durationWords } from "../../format";
import { Icon } from "../../ui/icons";
import { WAY_HINTS, WAY_WORDS } from "../../words";
import type { DeskController } from "../desk_controller";
import type { Desk, Work } from "../state";
import { ringSecondsLeft, ringShare } from "../timers";
import { CustomerFacts } from "./customer_facts";
import { PreflightFacts } from "./preflight_facts";
import { TurnFacts } from "./turn_facts";

type Ringing = Extract<Work, { at: "ringing" }>;

interface Props {
  controller: DeskController;
  desk: Desk;
  work: Ringing;
}

export function RingingView({ controller, desk, work }: Props): JSX.Element {
  const { call } = work;
  const accepting = desk.pending?.purpose === "accept";
  return (
    <main class="ringing">
      <section class="ringing-card" aria-labelledby="ringing-title">
        <div class="ringing-way">
          <span class="ringing-halo" aria-hidden="true">
            <Icon name={call.way} size={52} />
          </span>
          <span class="ringing-wants">Клиент хочет</span>
          <strong data-testid="ringing-way">{WAY_WORDS[call.way]}</strong>
          <span>{WAY_HINTS[call.way]}</span>
        </div>
        <div class="ringing-words">
          <p class="overline">Входящий видеозвонок</p>
          <h1 id="ringing-title" data-testid="ringing-topic">
            {call.topic || "Тема не указана"}
          </h1>
          <dl class="facts facts-wide">
            <div>
              <dt>
                <Icon name="place" /> Терминал
              </dt>
              <dd>{call.site || "не указан"}</dd>
            </div>
            <div>
              <dt>
                <Icon name="clock" /> Ждёт
              </dt>
              <dd>{durationWords(call.waited_ms + ticking.value - work.rangAtMs)}</dd>
            </div>
            <CustomerFacts context={call.context} />
            <TurnFacts turn={call.context.turn} />
            <PreflightFacts found={call.context.preflight} way={call.way} />
          </dl>
        </div>
        <Countdown work={work} />
        <div class="ringing-acts">
          <button
            type="button"
            class="button button-go button-huge"
            data-testid="accept"
            aria-disabled={accepting}
            onClick={() => controller.accept()}
          >
            <Icon name="phone" size={26} />
            {accepting ? "Соединяем…" : "Ответить"}
            <span class="keys" aria-hidden="true">
              <span class="key">Enter</span>
              <span class="key">Пробел</span>
            </span>
          </button>
          <button
            type="button"
            class="button button-quiet button-large"
            data-testid="decline"
            onClick={() => controller.decline()}
          >
            Пропустить
          </button>
        </div>
      </section>
    </main>
  );
}

const RADIUS = 52;
const LENGTH = 2 * Math.PI * RADIUS;

function Countdown({ work }: { work: Ringing }): JSX.Element {
  const nowMs = ticking.value;
  const seconds = ringSecondsLeft(work.rangAtMs, work.untilMs, nowMs);
  const share = ringShare(work.rangAtMs, work.untilMs, nowMs);
  return (
    <div class={seconds <= 4 ? "countdown countdown-soon" : "countdown"} role="timer" aria-label="Осталось на ответ">
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle cx="60" cy="60" r={RADIUS} class="countdown-track" />
        <circle
          cx="60"
          cy="60"
          r={RADIUS}
          class="countdown-left"
          stroke-dasharray={LENGTH}
          stroke-dashoffset={LENGTH * (1 - share)}
          transform="rotate(-90 60 60)"
        />
      </svg>
      <span class="countdown-figure" data-testid="countdown">
        {seconds}
        <small>с</small>
      </span>
    </div>
  );
}
