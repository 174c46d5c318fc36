/** Which page is shown, and to whom. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { DeskPage } from "./desk/view/desk_page";
import { MessagesPage } from "./messages/messages_page";
import { MoneyPage } from "./money/money_page";
import { isSignedIn } from "./office_api";
import { OperationsPage } from "./operations/operations_page";
import { RecordingsPage } from "./recordings/recordings_page";
import { SignInPage } from "./sign_in/sign_in_page";
import { Mark } from "./ui/icons";

const RETRY_MS = 3_000;

type Access = "asking" | "unreachable" | "in" | "out";
type Place = "desk" | "operations" | "money" | "messages" | "recordings";

const PURPOSES: Record<Place, string> = {
  desk: "Рабочее место консультанта",
  operations: "Состояние терминалов",
  money: "Деньги терминалов",
  messages: "Недоставленные сообщения",
  recordings: "Записи разговоров",
};

const PLACES: Record<string, Place> = {
  "/operations": "operations",
  "/money": "money",
  "/messages": "messages",
  "/recordings": "recordings",
};

export function App({ path }: { path: string }): JSX.Element {
  const place = placeOf(path);
  const access = useSignal<Access>("asking");

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function ask(): Promise<void> {
      try {
        access.value = (await isSignedIn()) ? "in" : "out";
      } catch {
        access.value = "unreachable";
        timer = setTimeout(() => void ask(), RETRY_MS);
      }
    }
    void ask();
    return () => clearTimeout(timer);
  }, [access]);

  const signedOut = (): void => {
    access.value = "out";
  };
  switch (access.value) {
    case "asking":
    case "unreachable":
      return <Waiting unreachable={access.value === "unreachable"} />;
    case "out":
      return (
        <div class="root" data-desk-state="sign_in">
          <SignInPage
            purpose={PURPOSES[place]}
            onSignedIn={() => {
              access.value = "in";
            }}
          />
        </div>
      );
    case "in":
      if (place === "money") return <MoneyPage onSignedOut={signedOut} />;
      if (place === "recordings") return <RecordingsPage onSignedOut={signedOut} />;
      if (place === "messages") return <MessagesPage onSignedOut={signedOut} />;
      return place === "desk" ? <DeskPage onSignedOut={signedOut} /> : <OperationsPage onSignedOut={signedOut} />;
    default:
      return access.value satisfies never;
  }
}

function placeOf(path: string): Place {
  const bare = path.replace(/\/+$/, "");
  return PLACES[bare] ?? "desk";
}

function Waiting({ unreachable }: { unreachable: boolean }): JSX.Element {
  return (
    <main class="root waiting" data-desk-state="connecting">
      <Mark size={56} />
      <p role="status">{unreachable ? "Сервер не отвечает. Пробуем снова…" : "Подключаемся…"}</p>
    </main>
  );
}
