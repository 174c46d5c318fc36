/** The agent's desk: one screen for each state of work, a header above, what must be known at once between. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { isSignedIn, OfficeError, signOut } from "../../office_api";
import { Mark } from "../../ui/icons";
import { IncidentList } from "../../ui/incident_list";
import { LiveText } from "../../ui/live_text";
import { KIND_WORDS, noticeWords, WAY_WORDS } from "../../words";
import { DeskController } from "../desk_controller";
import type { Desk } from "../state";
import { Banners } from "./banners";
import { CallView } from "./call_view";
import { DeskHeader } from "./desk_header";
import { GuestView } from "./guest_view";
import { IdleView } from "./idle_view";
import { pressKey } from "./keys";
import { RingingView } from "./ringing_view";
import { Invitation } from "./room_panel";
import { WrapUpView } from "./wrap_up_view";

const TITLE = "Рабочее место консультанта";

export function DeskPage({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const replaced = useSignal(false);
  const controller = useMemo(() => {
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/desk`;
    return new DeskController(url, sessionStorage, isSignedIn, (end) => {
      if (end === "signed_out") onSignedOut();
      else replaced.value = true;
    });
  }, [onSignedOut, replaced]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (pressKey(controller, event)) event.preventDefault();
    };
    const onTouch = (): void => {
      void controller.ring.unlock();
      controller.workplace.hear();
    };
    controller.open();
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", onTouch);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onTouch);
      controller.close();
    };
  }, [controller]);

  const desk = controller.desk.value;
  useEffect(() => {
    document.title = desk.work.at === "ringing" ? `Звонок: ${desk.work.call.topic || desk.work.call.site}` : TITLE;
  }, [desk.work]);

  if (replaced.value) return <Replaced />;
  if (desk.plate === null) return <Connecting />;
  const leave = (): void => {
    void signOut()
      .catch(() => undefined)
      .then(() => controller.onSignedOut());
  };
  return (
    <div class="root desk" data-desk-state={desk.work.at} data-link={desk.link}>
      <DeskHeader controller={controller} desk={desk} plate={desk.plate} onLeave={leave} />
      <Banners controller={controller} desk={desk} />
      <IncidentList
        incidents={desk.incidents}
        onTaken={(incidentId) => controller.incidentTaken(incidentId)}
        onRefused={(error) => {
          if (!(error instanceof OfficeError)) throw error; // it stays in the list, and «Принять» with it
        }}
      />
      <Invitation desk={desk} />
      <Work controller={controller} desk={desk} />
      <LiveText urgent={urgentText(desk)} polite={politeText(desk)} />
    </div>
  );
}

function Work({ controller, desk }: { controller: DeskController; desk: Desk }): JSX.Element {
  const { work, plate } = desk;
  switch (work.at) {
    case "not_ready":
    case "ready":
      return <IdleView controller={controller} desk={desk} ready={work.at === "ready"} />;
    case "ringing":
      return <RingingView controller={controller} desk={desk} work={work} />;
    case "on_call":
      return <CallView controller={controller} desk={desk} work={work} plate={plate} />;
    case "guest":
      return <GuestView controller={controller} desk={desk} work={work} />;
    case "wrap_up":
      return <WrapUpView controller={controller} desk={desk} work={work} />;
    default:
      return work satisfies never;
  }
}

function Connecting(): JSX.Element {
  return (
    <main class="root waiting" data-desk-state="connecting">
      <Mark size={56} />
      <p role="status">Подключаемся к серверу…</p>
    </main>
  );
}

function Replaced(): JSX.Element {
  return (
    <main class="root waiting" data-desk-state="replaced">
      <Mark size={56} />
      <h1>Рабочее место открыто в другой вкладке</h1>
      <p>Звонки приходят туда. Здесь можно продолжить, тогда закроется та вкладка.</p>
      <button type="button" class="button button-main" onClick={() => location.reload()}>
        Продолжить здесь
      </button>
    </main>
  );
}

/** Read out at once: somebody is waiting for an answer. */
function urgentText(desk: Desk): string {
  if (desk.invitation !== null) return `Вас зовут в разговор. ${desk.invitation.from_name}`;
  if (desk.work.at !== "ringing") return "";
  const { topic, site, way } = desk.work.call;
  return `Входящий звонок. ${topic || "Тема не указана"}. ${site}. Клиент хочет ${WAY_WORDS[way]}. Ответить: Ввод.`;
}

/** Read out when there is a pause. */
function politeText(desk: Desk): string {
  if (desk.notice !== null) return noticeWords(desk.notice);
  if (desk.lastCase !== null) return `Обращение зарегистрировано, номер ${desk.lastCase.case_number}`;
  switch (desk.work.at) {
    case "not_ready":
      return "Вы не принимаете звонки";
    case "ready":
      return "Вы на линии";
    case "guest":
      return "Вы в разговоре коллеги";
    case "on_call":
      return "Разговор начался";
    case "wrap_up":
      return `Разговор окончен. Выберите вид обращения: ${Object.values(KIND_WORDS).join(", ")}`;
    case "ringing":
      return "";
    default:
      return desk.work satisfies never;
  }
}
