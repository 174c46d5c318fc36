/** A recording as two pictures side by side: customer and consultant, one slider, one clock. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { RecordedSide, RecordingOpened } from "../contract.gen";
import { clock, moment } from "../format";
import { Icon } from "../ui/icons";
import { correction } from "./in_step";

const STEP_PERIOD_MS = 200;
const NAMES: Record<string, string> = { agent: "Консультант", customer: "Клиент" };

export function Player({ opened, onClose }: { opened: RecordingOpened; onClose: () => void }): JSX.Element {
  const videos = useRef<Map<string, HTMLVideoElement>>(new Map());
  const atMs = useSignal(0);
  const playing = useSignal(false);
  const broken = useSignal(false);

  const all = (): HTMLVideoElement[] => opened.sides.map((side) => videos.current.get(side.side)).filter(isThere);

  useEffect(() => {
    const timer = setInterval(() => {
      const [leader, follower] = all();
      if (leader === undefined) return;
      atMs.value = leader.currentTime * 1_000;
      if (!playing.peek()) return;
      if (leader.ended) {
        playing.value = false;
        return;
      }
      if (follower === undefined || follower.ended) return;
      const { rate, jumpTo } = correction(leader.currentTime, follower.currentTime);
      follower.playbackRate = rate;
      if (jumpTo !== null && !follower.seeking) follower.currentTime = jumpTo;
    }, STEP_PERIOD_MS);
    return () => clearInterval(timer);
  }, []);

  function toggle(): void {
    playing.value = !playing.peek();
    for (const video of all()) {
      if (playing.peek()) void video.play().catch(() => undefined);
      else video.pause();
    }
  }

  function seek(ms: number): void {
    atMs.value = ms;
    for (const video of all()) video.currentTime = ms / 1_000;
  }

  return (
    <section class="card player" aria-label="Запись разговора" data-testid="player">
      <div class="player-sides">
        {opened.sides.map((side) => (
          <Side
            key={side.path}
            side={side}
            keep={(video) => (video === null ? videos.current.delete(side.side) : videos.current.set(side.side, video))}
            onBroken={() => (broken.value = true)}
          />
        ))}
      </div>
      <div class="player-controls">
        <button type="button" class="button button-main" data-testid="player-toggle" onClick={toggle}>
          {playing.value ? "Пауза" : "Слушать"}
        </button>
        <input
          type="range"
          min={0}
          max={opened.duration_ms}
          step={100}
          value={atMs.value}
          aria-label="Место в записи"
          aria-valuetext={clock(atMs.value)}
          data-testid="player-place"
          onInput={(event) => seek(Number(event.currentTarget.value))}
        />
        <span class="player-time" data-testid="player-time">
          {clock(atMs.value)} из {clock(opened.duration_ms)}
        </span>
        <button type="button" class="button button-quiet" onClick={onClose}>
          Закрыть
        </button>
      </div>
      <p class="hint">
        Начало записи: {moment(opened.begins_at_ms)}. Предупреждение прозвучало раньше.
        {!opened.whole && " Конец записи не пришёл: она оборвана."}
        {opened.missing > 0 && ` Не хватает примерно ${opened.missing} с записи.`}
      </p>
      {broken.value && (
        <p class="banner banner-trouble" role="alert">
          <Icon name="warning" />
          <span>Запись не читается дальше. Закройте её и откройте ещё раз.</span>
        </p>
      )}
    </section>
  );
}

interface SideProps {
  side: RecordedSide;
  keep: (video: HTMLVideoElement | null) => void;
  onBroken: () => void;
}

function Side({ side, keep, onBroken }: SideProps): JSX.Element {
  return (
    <figure class="player-side">
      {/* biome-ignore lint/a11y/useMediaCaption: a recording as it was; what was written stands in the case */}
      <video
        ref={keep}
        src={side.path}
        preload="auto"
        playsInline
        onError={onBroken}
        data-testid={`side-${side.side}`}
      />
      <figcaption>
        {NAMES[side.side] ?? side.side}
        {!side.has_picture && ", без изображения"}
      </figcaption>
    </figure>
  );
}

function isThere(video: HTMLVideoElement | undefined): video is HTMLVideoElement {
  return video !== undefined;
}
