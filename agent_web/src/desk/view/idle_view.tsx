/** Nobody rings: the case just registered, the state in words, and whether the workplace is in order. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { CaseRegistered } from "../../contract.gen";
import { CalmPicture } from "../../ui/calm_picture";
import { Icon, type IconName } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import { devicesPresent } from "../local_media";
import type { Desk } from "../state";
import { ArrivedCustomers } from "./arrived_customers";
import { StaffNotes } from "./staff_notes";

interface Props {
  controller: DeskController;
  desk: Desk;
  ready: boolean;
}

export function IdleView({ controller, desk, ready }: Props): JSX.Element {
  return (
    <main class="idle">
      {desk.lastCase !== null && (
        <RegisteredCase registered={desk.lastCase} onClose={() => controller.closeLastCase()} />
      )}
      <ArrivedCustomers />
      <StaffNotes controller={controller} desk={desk} />
      <section class="idle-card">
        <CalmPicture awake={ready} />
        <div class="idle-words">
          <h1>{ready ? "Вы на линии" : "Вы не принимаете звонки"}</h1>
          <p class="lead">
            {ready
              ? "Как только клиент позвонит с терминала, здесь появится карточка и прозвучит сигнал. Отвечать нужно не позднее 12 секунд."
              : "Проверьте рабочее место и нажмите «Готов», когда сможете ответить."}
          </p>
          <Workplace controller={controller} />
          {!ready && (
            <button
              type="button"
              class="button button-go button-large"
              data-testid="ready-large"
              onClick={() => controller.setReady(true)}
            >
              <Icon name="check" size={22} />
              Готов принимать звонки
            </button>
          )}
        </div>
      </section>
    </main>
  );
}

function RegisteredCase({ registered, onClose }: { registered: CaseRegistered; onClose: () => void }): JSX.Element {
  return (
    <section class="registered" aria-labelledby="registered-title">
      <span class="registered-badge" aria-hidden="true">
        <Icon name="check" size={28} />
      </span>
      <div class="registered-words">
        <h2 id="registered-title">Обращение зарегистрировано</h2>
        <p>{registered.topic_title}. Номер и дата отправлены клиенту на терминал.</p>
      </div>
      <dl class="registered-figures">
        <div>
          <dt>Номер</dt>
          <dd data-testid="case-number">{registered.case_number}</dd>
        </div>
        <div>
          <dt>Дата поступления</dt>
          <dd data-testid="case-date">{registered.received_date}</dd>
        </div>
      </dl>
      <button type="button" class="link-button" onClick={onClose}>
        <Icon name="close" />
        <span class="visually-hidden">Убрать карточку обращения</span>
      </button>
    </section>
  );
}

function Workplace({ controller }: { controller: DeskController }): JSX.Element {
  const present = useSignal<{ camera: boolean; microphone: boolean } | null>(null);
  useEffect(() => {
    const look = (): void => {
      void devicesPresent().then((found) => {
        present.value = found;
      });
    };
    look();
    navigator.mediaDevices?.addEventListener("devicechange", look);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", look);
  }, [present]);
  const found = present.value;
  const sound = controller.ring.state.value;
  return (
    <ul class="workplace">
      <Check
        icon="camera"
        name="Камера"
        good={found?.camera ?? null}
        words={found?.camera ? "подключена" : "не найдена"}
      />
      <Check
        icon="microphone"
        name="Микрофон"
        good={found?.microphone ?? null}
        words={found?.microphone ? "подключён" : "не найден"}
      />
      <Check
        icon="bell"
        name="Звонок"
        good={sound === "unknown" ? null : sound === "on"}
        words={sound === "on" ? "звук включён" : "браузер молчит"}
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
  );
}

interface CheckProps {
  icon: IconName;
  name: string;
  good: boolean | null;
  words: string;
  children?: JSX.Element;
}

function Check({ icon, name, good, words, children }: CheckProps): JSX.Element {
  const tone = good === null ? "asked" : good ? "good" : "bad";
  return (
    <li class={`workplace-${tone}`}>
      <Icon name={icon} />
      <span class="workplace-name">{name}</span>
      <span class="workplace-state">
        {good !== null && <Icon name={good ? "check" : "warning"} size={16} />}
        {good === null ? "не проверен" : words}
      </span>
      {children}
    </li>
  );
}
