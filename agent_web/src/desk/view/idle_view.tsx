/** Nobody rings: the case just registered, the state in words, and whether the workplace is in order. */
import type { JSX } from "preact";
import type { CaseRegistered } from "../../contract.gen";
import { CalmPicture } from "../../ui/calm_picture";
import { Icon } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import type { Desk } from "../state";
import { ArrivedCustomers } from "./arrived_customers";
import { LiveCalls } from "./room_panel";
import { StaffNotes } from "./staff_notes";
import { Supervisor, WorkplacePanel } from "./workplace_panel";

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
              : "Рабочее место проверяется само. Нажмите «Готов», когда сможете ответить."}
          </p>
          <WorkplacePanel controller={controller} desk={desk} />
          {!ready && (
            <button
              type="button"
              class="button button-go button-large"
              data-testid="ready-large"
              onClick={() => void controller.setReady(true)}
            >
              <Icon name="check" size={22} />
              {controller.workplace.settling.value ? "Проверяем рабочее место…" : "Готов принимать звонки"}
            </button>
          )}
          {!ready && <Supervisor controller={controller} desk={desk} />}
          {!ready && <LiveCalls />}
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
