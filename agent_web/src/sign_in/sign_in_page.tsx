/** The sign-in screen. What is wrong is told in a sentence beside the form. */
import { useSignal } from "@preact/signals";
import type { JSX, TargetedSubmitEvent } from "preact";
import { OfficeError, signIn } from "../office_api";
import { CalmPicture } from "../ui/calm_picture";
import { Icon, Mark } from "../ui/icons";

interface Props {
  purpose: string;
  onSignedIn: () => void;
}

export function SignInPage({ purpose, onSignedIn }: Props): JSX.Element {
  const trouble = useSignal("");
  const busy = useSignal(false);

  async function submit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const login = String(fields.get("login") ?? "").trim();
    const password = String(fields.get("password") ?? "");
    if (busy.value) return;
    if (login === "" || password === "") {
      trouble.value = "Введите логин и пароль.";
      return;
    }
    busy.value = true;
    trouble.value = "";
    try {
      await signIn({ login, password });
      onSignedIn();
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      trouble.value = error.message;
    } finally {
      busy.value = false;
    }
  }

  return (
    <main class="sign-in">
      <div class="sign-in-picture">
        <div class="sign-in-brand">
          <Mark size={44} />
          <span>Видеоконсультант</span>
        </div>
        <CalmPicture awake />
        <p class="sign-in-motto">
          Клиент у терминала, вы&nbsp;— на&nbsp;экране.
          <br />
          Разговор лицом к&nbsp;лицу, где&nbsp;бы он ни&nbsp;был.
        </p>
      </div>
      <form class="sign-in-form" onSubmit={(event) => void submit(event)} noValidate>
        <h1>Вход</h1>
        <p class="lead">{purpose}</p>
        <label class="field">
          <span>Логин</span>
          <input
            name="login"
            data-testid="login"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            maxLength={200}
            aria-describedby="sign-in-trouble"
            aria-invalid={trouble.value !== ""}
            required
          />
        </label>
        <label class="field">
          <span>Пароль</span>
          <input
            name="password"
            type="password"
            data-testid="password"
            autocomplete="current-password"
            maxLength={200}
            aria-describedby="sign-in-trouble"
            aria-invalid={trouble.value !== ""}
            required
          />
        </label>
        <div id="sign-in-trouble" role="alert" class="form-trouble" data-testid="sign-in-trouble">
          {trouble.value !== "" && (
            <>
              <Icon name="warning" />
              <span>{trouble.value}</span>
            </>
          )}
        </div>
        <button type="submit" class="button button-main button-wide" data-testid="sign-in" aria-disabled={busy.value}>
          {busy.value ? "Проверяем…" : "Войти"}
        </button>
        <p class="hint">Забыли пароль? Новый даст администратор.</p>
      </form>
    </main>
  );
}
