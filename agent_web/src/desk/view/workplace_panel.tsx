/** Whether the workplace is in order, in plain words, and what a supervisor may do about it (clause 5.3.1). */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { SecondPerson } from "../../contract.gen";
import { allowWorkplace, OfficeError, setBackground } from "../../office_api";
import { Icon, type IconName } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import type { Desk } from "../state";
import { CHECK_NAMES, checkWords } from "../workplace";

interface Props {
  controller: DeskController;
  desk: Desk;
}

export function WorkplacePanel({ controller, desk }: Props): JSX.Element {
  const judged = desk.workplace;
  const sound = controller.ring.state.value;
  const { looking, deaf } = controller.workplace;
  const failed = judged !== null && !judged.may_serve;
  return (
    <>
      <ul class="workplace" data-testid="workplace" aria-label="Рабочее место">
        {judged === null && <Check icon="search" name="Проверка" tone="asked" words="смотрим рабочее место…" />}
        {judged?.checks.map((check) => {
          const unheard = check.name === "microphone" && check.fault === "silent" && deaf.value;
          const tone = unheard || check.fault === "not_set" ? "asked" : check.failed && !check.allowed ? "bad" : "good";
          const words = unheard ? "проверим, когда нажмёте «Готов»" : checkWords(check);
          return <Check key={check.name} {...CHECK_NAMES[check.name]} tone={tone} words={words} id={check.name} />;
        })}
        <Check
          icon="bell"
          name="Звонок"
          tone={sound === "unknown" ? "asked" : sound === "on" ? "good" : "bad"}
          words={sound === "unknown" ? "не проверен" : sound === "on" ? "звук включён" : "браузер молчит"}
        >
          <button
            type="button"
            class="text-button"
            data-testid="test-ring"
            onClick={() => void controller.ring.unlock().then(() => controller.ring.start(() => undefined, 1))}
          >
            Послушать
          </button>
        </Check>
      </ul>
      {judged !== null && judged.allowed_by !== "" && (
        <p class="hint" data-testid="workplace-allowed">
          Разрешил работать: {judged.allowed_by}. Причина: {judged.reason}
        </p>
      )}
      {failed && !looking.value && (
        <button
          type="button"
          class="button button-quiet"
          data-testid="look-again"
          onClick={() => controller.workplace.look()}
        >
          Проверить ещё раз
        </button>
      )}
    </>
  );
}

/** He comes to this very desk: nobody is signed out, and nothing is kept of his password. */
export function Supervisor({ controller, desk }: Props): JSX.Element {
  const failed = desk.workplace?.may_serve === false;
  const [login, password, reason, told] = [useSignal(""), useSignal(""), useSignal(""), useSignal("")];
  const busy = useSignal(false);

  async function decide(act: (supervisor: SecondPerson) => Promise<void>, done: string): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      await act({ login: login.value.trim(), password: password.value });
      told.value = done;
      login.value = reason.value = "";
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      told.value = error.message;
    } finally {
      password.value = "";
      busy.value = false;
    }
  }

  return (
    <details
      class="workplace-supervisor"
      data-testid="supervisor"
      onToggle={(event) => event.currentTarget.open && controller.workplace.look()}
    >
      <summary>Супервайзеру</summary>
      <form
        class="card-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!failed) return;
          if (reason.value.trim() === "") told.value = "Напишите причину";
          else
            void decide(
              (supervisor) => allowWorkplace({ supervisor, reason: reason.value.trim() }),
              "Разрешено до конца смены, записано в журнал",
            );
        }}
      >
        <label class="field">
          <span>Логин супервайзера</span>
          <input
            data-testid="supervisor-login"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={200}
            value={login.value}
            onInput={(event) => (login.value = event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>Пароль супервайзера</span>
          <input
            data-testid="supervisor-password"
            type="password"
            autocomplete="new-password"
            maxLength={200}
            value={password.value}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </label>
        {failed && (
          <label class="field">
            <span>Почему можно работать</span>
            <input
              data-testid="supervisor-reason"
              maxLength={200}
              value={reason.value}
              onInput={(event) => (reason.value = event.currentTarget.value)}
            />
          </label>
        )}
        <div class="cards-at-once">
          {failed && (
            <button type="submit" class="button button-main" data-testid="supervisor-allow" aria-disabled={busy.value}>
              Разрешить до конца смены
            </button>
          )}
          <button
            type="button"
            class="button button-quiet"
            data-testid="supervisor-background"
            aria-disabled={busy.value}
            onClick={() => void decide((supervisor) => setBackground({ supervisor }), "Фон с логотипом запомнили")}
          >
            Запомнить фон с логотипом
          </button>
        </div>
        {told.value !== "" && (
          <p role="status" data-testid="supervisor-told">
            {told.value}
          </p>
        )}
      </form>
    </details>
  );
}

interface CheckProps {
  icon: IconName;
  name: string;
  tone: "asked" | "good" | "bad";
  words: string;
  id?: string;
  children?: ComponentChildren;
}

function Check({ icon, name, tone, words, id, children }: CheckProps): JSX.Element {
  return (
    <li class={`workplace-${tone}`} data-testid={id && `check-${id}`}>
      <Icon name={icon} />
      <span class="workplace-name">{name}</span>
      <span class="workplace-state">
        {tone !== "asked" && <Icon name={tone === "good" ? "check" : "warning"} size={16} />}
        {words}
      </span>
      {children}
    </li>
  );
}
