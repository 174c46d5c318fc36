/** The end for misbehaviour, and the alarm: both apart from «Завершить», neither by a slip (9.4.10, 9.7.3). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Danger, Misconduct } from "../../contract.gen";
import { Icon } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import { alarmScript, DANGER_WORDS, HOLD_MS, MISCONDUCT_WORDS, WARNING, type Warned, warned } from "../incidents";
import type { Desk } from "../state";

const WARNED_WORDS: Record<Warned, string> = {
  no: "Сначала предупредите клиента",
  sent: "Предупреждение отправляется на экран клиента…",
  shown: "Предупреждение было на экране клиента",
};

interface Props {
  controller: DeskController;
  desk: Desk;
}

export function TroublePanel({ controller, desk }: Props): JSX.Element {
  return (
    <section class="card card-tight trouble" aria-label="Если разговор идёт не так">
      <MisconductForm controller={controller} desk={desk} />
      <AlarmForm controller={controller} desk={desk} />
    </section>
  );
}

function MisconductForm({ controller, desk }: Props): JSX.Element {
  const reason = useSignal<Misconduct | "">("");
  const comment = useSignal("");
  const told = warned(desk.notes);
  const may = told === "shown" && reason.value !== "";
  return (
    <details data-testid="misconduct-open">
      <summary>Недопустимое поведение</summary>
      <div class="card-form">
        <button
          type="button"
          class="button button-quiet"
          data-testid="misconduct-warn"
          onClick={() => controller.sendCard(WARNING)}
        >
          Предупредить клиента
        </button>
        <p role="status" data-testid="misconduct-told">
          {WARNED_WORDS[told]}
        </p>
        <label class="field">
          <span>Причина</span>
          <select
            data-testid="misconduct-reason"
            required
            value={reason.value}
            onChange={(event) => (reason.value = event.currentTarget.value as Misconduct | "")}
          >
            <option value="">Выберите…</option>
            {Object.entries(MISCONDUCT_WORDS).map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Что было сказано или сделано</span>
          <textarea
            data-testid="misconduct-comment"
            rows={2}
            maxLength={1_000}
            value={comment.value}
            onInput={(event) => (comment.value = event.currentTarget.value)}
          />
        </label>
        <button
          type="button"
          class="button button-stop"
          data-testid="misconduct-end"
          aria-disabled={!may}
          onClick={() => {
            if (told === "shown" && reason.value !== "") controller.endForMisconduct(reason.value, comment.value);
          }}
        >
          Завершить из-за недопустимого поведения
        </button>
      </div>
    </details>
  );
}

function AlarmForm({ controller, desk }: Props): JSX.Element {
  const danger = useSignal<Danger>("violence");
  const test = useSignal(false);
  const raised = desk.alarm;
  return (
    <details data-testid="alarm-open">
      <summary>
        <Icon name="bell" size={18} /> Тревога: опасность у терминала
      </summary>
      {raised !== null ? (
        <div role="alert" data-testid="alarm-script">
          <ol class="alarm-script">
            {raised.test && <li>Это проверка: никуда не звоните</li>}
            {alarmScript(raised).map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </div>
      ) : (
        <div class="card-form">
          <label class="field">
            <span>Что случилось</span>
            <select
              data-testid="alarm-danger"
              value={danger.value}
              onChange={(event) => (danger.value = event.currentTarget.value as Danger)}
            >
              {Object.entries(DANGER_WORDS).map(([key, words]) => (
                <option key={key} value={key}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <label class="staff-check">
            <input
              type="checkbox"
              data-testid="alarm-test"
              checked={test.value}
              onChange={(event) => (test.value = event.currentTarget.checked)}
            />
            Это проверка
          </label>
          <HeldButton onHeld={() => controller.raiseAlarm(danger.value, test.value)} />
        </div>
      )}
    </details>
  );
}

/** Acts when it was held, by a finger, a mouse or a key. */
function HeldButton({ onHeld }: { onHeld: () => void }): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const release = (): void => clearTimeout(timer.current);
  const hold = (): void => {
    release();
    timer.current = setTimeout(onHeld, HOLD_MS);
  };
  useEffect(() => release, []);
  return (
    <button
      type="button"
      class="button button-stop"
      data-testid="alarm"
      onPointerDown={hold}
      onPointerUp={release}
      onPointerLeave={release}
      onBlur={release}
      onKeyDown={(event) => {
        if ((event.key === "Enter" || event.key === " ") && !event.repeat) hold();
      }}
      onKeyUp={release}
    >
      Удерживайте, чтобы поднять тревогу
    </button>
  );
}
