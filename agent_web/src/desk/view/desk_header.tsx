/** The header: company, queue, the agent's state and plate. */
import type { JSX } from "preact";
import { ticking } from "../../clock";
import type { Plate } from "../../contract.gen";
import { clock } from "../../format";
import { Icon, Mark } from "../../ui/icons";
import { fullName } from "../../words";
import type { DeskController } from "../desk_controller";
import type { Desk } from "../state";

interface Props {
  controller: DeskController;
  desk: Desk;
  plate: Plate;
  onLeave: () => void;
}

export function DeskHeader({ controller, desk, plate, onLeave }: Props): JSX.Element {
  const idle = desk.work.at === "ready" || desk.work.at === "not_ready";
  return (
    <header class="desk-header">
      <div class="company">
        <Mark size={36} />
        <span>{plate.company}</span>
      </div>
      <QueueFigures desk={desk} />
      <StateSwitch controller={controller} desk={desk} />
      <div class="plate" data-testid="plate">
        <span class="plate-face" aria-hidden="true">
          {plate.first_name.charAt(0)}
          {plate.last_name.charAt(0)}
        </span>
        <span class="plate-text">
          <strong>{fullName(plate)}</strong>
          <span>{plate.position}</span>
        </span>
      </div>
      {idle && (
        <nav class="desk-links" aria-label="Другие страницы">
          <a class="page-link" href="/operations" target="operations">
            Терминалы
            <Icon name="outside" size={16} />
            <span class="visually-hidden">, в новой вкладке</span>
          </a>
          <a class="page-link" href="/money" target="money">
            Деньги
            <Icon name="outside" size={16} />
            <span class="visually-hidden">, в новой вкладке</span>
          </a>
          <button type="button" class="link-button" onClick={onLeave} data-testid="sign-out" title="Выйти">
            <Icon name="sign_out" />
            <span class="visually-hidden">Выйти</span>
          </button>
        </nav>
      )}
    </header>
  );
}

function QueueFigures({ desk }: { desk: Desk }): JSX.Element {
  const { queue } = desk;
  const grownMs = queue.waiting > 0 ? ticking.value - queue.asOfMs : 0;
  const longest = queue.waiting > 0 ? clock(queue.longestWaitMs + Math.max(0, grownMs)) : "—";
  return (
    <dl class="queue" data-testid="queue">
      <div>
        <dt>Ждут</dt>
        <dd data-testid="queue-waiting">{queue.waiting}</dd>
      </div>
      <div>
        <dt>Дольше всех ждут</dt>
        <dd data-testid="queue-longest">{longest}</dd>
      </div>
      <div>
        <dt>На смене</dt>
        <dd data-testid="queue-agents">{queue.agentsOnDuty}</dd>
      </div>
    </dl>
  );
}

const BUSY_WORDS = {
  ringing: "Звонок",
  on_call: "Разговор",
  guest: "В разговоре коллеги",
  wrap_up: "Оформление",
} as const;

function StateSwitch({ controller, desk }: { controller: DeskController; desk: Desk }): JSX.Element {
  const { work } = desk;
  if (work.at !== "ready" && work.at !== "not_ready") {
    return (
      <div class={`state-busy state-busy-${work.at}`} data-testid="state-busy">
        <span class="state-dot" aria-hidden="true" />
        {BUSY_WORDS[work.at]}
      </div>
    );
  }
  const ready = work.at === "ready";
  return (
    <fieldset class="state-switch">
      <legend class="visually-hidden">Принимаете ли вы звонки</legend>
      <button
        type="button"
        class="state-choice state-choice-ready"
        aria-pressed={ready}
        data-testid="ready"
        onClick={() => void controller.setReady(true)}
      >
        <Icon name="check" size={18} />
        Готов
      </button>
      <button
        type="button"
        class="state-choice state-choice-away"
        aria-pressed={!ready}
        data-testid="not-ready"
        onClick={() => void controller.setReady(false)}
      >
        Не готов
      </button>
    </fieldset>
  );
}
