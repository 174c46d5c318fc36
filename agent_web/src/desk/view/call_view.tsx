/** The conversation: the customer's picture top centre under the camera, the work around it. */
import type { ComponentChildren, JSX } from "preact";
import { ticking } from "../../clock";
import type { Plate, RecordingState } from "../../contract.gen";
import { clock } from "../../format";
import { Icon } from "../../ui/icons";
import { fullName, stagePrompt, WAY_WORDS } from "../../words";
import type { DeskController } from "../desk_controller";
import type { LipSync, Liveness, PictureFlow } from "../liveness";
import type { Desk, Work } from "../state";
import { serviceUrgency } from "../timers";
import { CallNotes } from "./call_notes";
import { CardPanel } from "./card_panel";
import { CaseForm } from "./case_form";
import { ClosingPanel } from "./closing_panel";
import { CustomerFacts } from "./customer_facts";
import { DocumentPanel } from "./document_panel";
import { GuidePanel } from "./guide_panel";
import { HelpPanel } from "./help_panel";
import { HoldPanel } from "./hold_panel";
import { KEYS } from "./keys";
import { PreflightFacts } from "./preflight_facts";
import { OtherParties, RoomPanel } from "./room_panel";
import { SendingPanel } from "./sending_panel";
import { StaffNotes } from "./staff_notes";
import { StageBar } from "./stage_bar";
import { StillPanel } from "./still_panel";
import { TroublePanel } from "./trouble_panel";
import { TurnFacts } from "./turn_facts";
import { Video } from "./video";

type OnCall = Extract<Work, { at: "on_call" }>;

interface Props {
  controller: DeskController;
  desk: Desk;
  work: OnCall;
  plate: Plate | null;
}

export function CallView({ controller, desk, work, plate }: Props): JSX.Element {
  const { call } = work;
  return (
    <main class="call">
      <h1 class="visually-hidden">Разговор с клиентом</h1>
      <aside class="call-side" aria-label="Клиент и ход разговора">
        <ServiceTimer work={work} />
        <section class="card card-tight" aria-label="Клиент">
          <dl class="facts facts-stacked">
            <CustomerFacts context={call.context} />
            <TurnFacts turn={call.context.turn} onCheck={(confirmed) => controller.checkCategory(confirmed)} />
            <PreflightFacts found={call.context.preflight} way={call.way} />
            <div>
              <dt>
                <Icon name={call.way} /> Хочет
              </dt>
              <dd data-testid="call-way">{WAY_WORDS[call.way]}</dd>
            </div>
            <div>
              <dt>
                <Icon name="topic" /> Спросил о
              </dt>
              <dd>{call.topic || "не указано"}</dd>
            </div>
            <div>
              <dt>
                <Icon name="place" /> Терминал
              </dt>
              <dd>{call.site}</dd>
            </div>
          </dl>
        </section>
        <RoomPanel desk={desk} callId={call.call_id} />
        <TroublePanel controller={controller} desk={desk} />
        <StaffNotes controller={controller} desk={desk} />
        <section class="card card-night own" aria-label="Как вас видит клиент">
          <OwnPicture controller={controller} />
          {plate !== null && (
            <p class="own-plate">
              <strong>{fullName(plate)}</strong>
              <span>{plate.position}</span>
            </p>
          )}
        </section>
      </aside>
      <div class="call-centre">
        <CustomerPicture controller={controller} recording={call.recording}>
          <OtherParties controller={controller} desk={desk} />
        </CustomerPicture>
        <HoldPanel desk={desk} />
        <Controls controller={controller}>
          <EndCall controller={controller} desk={desk} />
        </Controls>
        <StageBar stage={work.stage} onChoose={(stage) => controller.chooseStage(stage)} />
        {plate !== null && (
          <p class="prompt" data-testid="stage-prompt">
            {stagePrompt(work.stage, plate)}
          </p>
        )}
        <GuidePanel controller={controller} desk={desk} />
      </div>
      <aside class="call-case" aria-labelledby="case-title">
        <StillPanel controller={controller} desk={desk} />
        <DocumentPanel controller={controller} desk={desk} callId={call.call_id} segment={call.context.segment} />
        <HelpPanel controller={controller} help={desk.help} />
        <ClosingPanel controller={controller} desk={desk} work={work} />
        <CardPanel controller={controller} notes={desk.notes} />
        <SendingPanel controller={controller} desk={desk} />
        <CallNotes notes={desk.notes} controller={controller} />
        <section class="card card-grow" aria-labelledby="case-title">
          <h2 id="case-title">Обращение</h2>
          <CaseForm controller={controller} topics={desk.topics} errors={null} compact />
        </section>
      </aside>
    </main>
  );
}

const URGENCY_WORDS = { calm: "норма — 15 минут", soon: "больше 10 минут", over: "норма 15 минут превышена" } as const;

function ServiceTimer({ work }: { work: OnCall }): JSX.Element {
  const passedMs = ticking.value - work.startedAtMs;
  const urgency = serviceUrgency(passedMs);
  return (
    <section class={`card service service-${urgency}`} aria-label="Время обслуживания">
      <span class="service-name">Время обслуживания</span>
      <span class="service-figure" role="timer" data-testid="service-timer">
        {clock(passedMs)}
      </span>
      <span class="service-words">
        {urgency !== "calm" && <Icon name="warning" size={16} />}
        {URGENCY_WORDS[urgency]}
      </span>
    </section>
  );
}

const RECORDING_WORDS: Record<Exclude<RecordingState, "none">, string> = {
  notice: "Клиента предупреждают о записи",
  on: "Идёт запись",
  declined: "Без записи: клиент отказался",
  failed: "Запись не идёт",
};

const LIVENESS_WORDS: Record<Liveness, string> = {
  waiting: "Соединяем с терминалом…",
  live: "Клиент на связи",
  weak: "Связь слабая",
  reconnecting: "Изображение пропало, восстанавливаем связь…",
};

const PICTURE_WORDS: Record<PictureFlow, string> = {
  moving: "",
  stills: "Связь слабая: клиента видно снимками, голос идёт",
  none: "Связь слабая: клиента не видно, голос идёт",
};

const LIP_SYNC_WORDS: Record<LipSync, string> = {
  together: "",
  sound_late: "Связь слабая: голос клиента отстаёт от изображения",
  sound_early: "Связь слабая: голос клиента опережает изображение",
};

interface PictureProps {
  controller: DeskController;
  recording: RecordingState;
  children: ComponentChildren;
}

/** The main picture in every state, and the other parties small beside it. */
export function CustomerPicture({ controller, recording, children }: PictureProps): JSX.Element {
  const liveness = controller.media.liveness.value;
  const picture = controller.media.picture.value;
  const known = PICTURE_WORDS[picture] || LIP_SYNC_WORDS[controller.media.lipSync.value];
  const trouble = liveness === "live" ? known : "";
  return (
    <section class="customer-picture" aria-label="Изображение клиента">
      <Video stream={controller.media.remote.value} testid="remote-video" label="Клиент у терминала" />
      <p
        class={`liveness liveness-${trouble ? "weak" : liveness}`}
        role="status"
        data-testid="liveness"
        data-liveness={liveness}
        data-picture={picture}
      >
        <span class="liveness-dot" aria-hidden="true" />
        {trouble || LIVENESS_WORDS[liveness]}
      </p>
      {recording !== "none" && (
        <p class="record" role="status" data-testid="recording" data-recording={recording}>
          {recording === "on" && <span class="record-dot" aria-hidden="true" />}
          {RECORDING_WORDS[recording]}
        </p>
      )}
      {children}
    </section>
  );
}

function OwnPicture({ controller }: { controller: DeskController }): JSX.Element {
  const { cameraOn, devices, local } = controller.media;
  if (devices.value.camera !== "none" || !cameraOn.value) {
    return (
      <p class="own-blank">
        <Icon name="camera_off" size={28} />
        {cameraWords(devices.value.camera !== "none", cameraOn.value)}
      </p>
    );
  }
  return <Video stream={local.value} testid="local-video" label="Ваше изображение" muted mirrored />;
}

interface ControlsProps {
  controller: DeskController;
  children: ComponentChildren;
}

/** Own microphone and camera; how one leaves. */
export function Controls({ controller, children }: ControlsProps): JSX.Element {
  const { microphoneOn, cameraOn, devices } = controller.media;
  return (
    <section class="controls" aria-label="Управление разговором">
      <Toggle
        on={microphoneOn.value}
        testid="microphone"
        words={microphoneWords(devices.value.microphone !== "none", microphoneOn.value)}
        hotkey={KEYS.microphone}
        icon={microphoneOn.value ? "microphone" : "microphone_off"}
        disabled={devices.value.microphone !== "none"}
        onClick={() => controller.switchMicrophone()}
      />
      <Toggle
        on={cameraOn.value}
        testid="camera"
        words={cameraWords(devices.value.camera !== "none", cameraOn.value)}
        hotkey={KEYS.camera}
        icon={cameraOn.value ? "camera" : "camera_off"}
        disabled={devices.value.camera !== "none"}
        onClick={() => controller.switchCamera()}
      />
      {children}
    </section>
  );
}

function EndCall({ controller, desk }: { controller: DeskController; desk: Desk }): JSX.Element {
  const ending = desk.pending?.purpose === "end";
  return (
    <button
      type="button"
      class="button button-stop controls-end"
      data-testid="end-call"
      aria-disabled={ending}
      onClick={() => controller.endCall()}
    >
      <Icon name="hang_up" size={24} />
      {ending ? "Завершаем…" : "Завершить"}
    </button>
  );
}

function microphoneWords(broken: boolean, on: boolean): string {
  if (broken) return "Микрофон не работает";
  return on ? "Микрофон включён" : "Микрофон выключен";
}

function cameraWords(broken: boolean, on: boolean): string {
  if (broken) return "Камера не работает";
  return on ? "Камера включена" : "Камера выключена";
}

interface ToggleProps {
  on: boolean;
  testid: string;
  words: string;
  hotkey: string;
  icon: "microphone" | "microphone_off" | "camera" | "camera_off";
  disabled: boolean;
  onClick: () => void;
}

function Toggle({ on, testid, words, hotkey, icon, disabled, onClick }: ToggleProps): JSX.Element {
  return (
    <button
      type="button"
      class={on ? "toggle" : "toggle toggle-off"}
      data-testid={testid}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} size={22} />
      {words}
      <span class="key" aria-hidden="true">
        {hotkey}
      </span>
    </button>
  );
}
