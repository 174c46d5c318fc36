/** What the agent must know besides the work: no link, no sound, a camera missing, what became of a command. */
import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "../../ui/icons";
import { noticeWords } from "../../words";
import type { DeskController } from "../desk_controller";
import type { DeviceTrouble } from "../local_media";
import type { Desk } from "../state";

type Tone = "trouble" | "caution" | "news";

export function Banners({ controller, desk }: { controller: DeskController; desk: Desk }): JSX.Element {
  const calls = desk.work.at === "ringing" || desk.work.at === "on_call";
  const devices = calls ? deviceSentence(controller) : null;
  return (
    <div class="banners">
      {desk.link === "lost" && (
        <Banner tone="trouble" icon="link_lost" testid="banner-link">
          {linkSentence(desk)}
        </Banner>
      )}
      {controller.ring.state.value === "blocked" && desk.work.at !== "on_call" && (
        <Banner tone="caution" icon="bell" testid="banner-sound">
          Браузер не проиграл звонок. Нажмите в любом месте страницы и проверьте громкость.
        </Banner>
      )}
      {devices !== null && (
        <Banner tone="caution" icon="camera_off" testid="banner-devices">
          {devices}
        </Banner>
      )}
      {desk.lastCase !== null && desk.work.at === "ringing" && (
        <Banner tone="news" icon="check" testid="banner-case">
          Обращение № {desk.lastCase.case_number} от {desk.lastCase.received_date} зарегистрировано.
        </Banner>
      )}
      {desk.notice !== null && (
        <Banner
          tone={desk.notice.code === "command_failed" ? "trouble" : "news"}
          icon="bell"
          testid="notice"
          onClose={() => controller.closeNotice()}
        >
          {noticeWords(desk.notice)}
        </Banner>
      )}
    </div>
  );
}

interface BannerProps {
  tone: Tone;
  icon: IconName;
  testid: string;
  children: ComponentChildren;
  onClose?: () => void;
}

function Banner({ tone, icon, testid, children, onClose }: BannerProps): JSX.Element {
  return (
    <div class={`banner banner-${tone}`} data-testid={testid} role={tone === "trouble" ? "alert" : undefined}>
      <Icon name={icon} />
      <p>{children}</p>
      {onClose !== undefined && (
        <button type="button" class="banner-close" onClick={onClose}>
          <Icon name="close" size={18} />
          <span class="visually-hidden">Закрыть сообщение</span>
        </button>
      )}
    </div>
  );
}

function linkSentence(desk: Desk): string {
  const lost = "Связь с сервером потеряна, восстанавливаем.";
  if (desk.work.at === "on_call") return `${lost} Разговор продолжается, кнопки заработают, когда связь вернётся.`;
  if (desk.work.at === "wrap_up") return `${lost} Заполняйте дальше: введённое сохранено на этой странице.`;
  return `${lost} Звонки пока не приходят.`;
}

const TROUBLE_WORDS: Record<Exclude<DeviceTrouble, "none">, string> = {
  missing: "не найден",
  denied: "не разрешён в браузере",
  busy: "занят другой программой",
  lost: "отключился",
};

function deviceSentence(controller: DeskController): string | null {
  const { camera, microphone } = controller.media.devices.value;
  if (camera === "none" && microphone === "none") return null;
  if (camera === "none") return `Микрофон ${troubleWord(microphone)}: клиент вас видит, но не слышит.`;
  const feminine = camera === "missing" ? "не найдена" : camera === "denied" ? "не разрешена в браузере" : null;
  const cameraWord = feminine ?? (camera === "busy" ? "занята другой программой" : "отключилась");
  if (microphone === "none") return `Камера ${cameraWord}: клиент вас слышит, но не видит.`;
  return `Камера ${cameraWord}, микрофон ${troubleWord(microphone)}: вы видите и слышите клиента, а он вас нет.`;
}

function troubleWord(trouble: DeviceTrouble): string {
  return trouble === "none" ? "работает" : TROUBLE_WORDS[trouble];
}
