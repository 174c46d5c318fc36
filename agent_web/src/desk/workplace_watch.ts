/** Looks at the workplace while the agent is not on duty: opens camera and microphone, measures, lets them go. */
import { signal } from "@preact/signals";
import { nowMs } from "../clock";
import type { WorkplaceSeen } from "../contract.gen";
import { type LocalMedia, openForLook, stopLocalMedia } from "./local_media";
import { SILENCE_DB } from "./media_stats";
import { found, GRID, gridOf, levelDb } from "./workplace";

const MEASURE_PERIOD_MS = 50; // shorter than the window of the level: no sound falls between
const LEVEL_SAMPLES = 4_096; // some 85 ms
const FIRST_MS = 700; // so long a first sound is waited for
const SEND_PERIOD_MS = 1_000;
const SETTLE_MS_MAX = 4_000; // who presses «Готов» waits no longer: then the office says what is wrong
const GOOD_MS = 60_000; // a good look is good so long
const LOOK_MS_MAX = 180_000; // who leaves a failed workplace is not watched

/** The page's eyes on its own workplace. What it saw is judged by the office. */
export class WorkplaceWatch {
  readonly looking = signal(false);
  readonly settling = signal(false); // «Готов» is pressed and waits for it
  readonly deaf = signal(false); // the browser measures no sound before a press
  private media: LocalMedia | null = null;
  private context: AudioContext | null = null;
  private meter: AnalyserNode | null = null;
  private readonly video = document.createElement("video");
  private readonly canvas = document.createElement("canvas");
  private timer: ReturnType<typeof setInterval> | undefined;
  private turn = 0; // an opening of an older look is thrown away
  private openedMs = 0;
  private sentMs = 0;
  private peakDb = SILENCE_DB;
  private goodMs = Number.NEGATIVE_INFINITY;
  private waiting: (() => void)[] = [];

  constructor(private readonly send: (seen: WorkplaceSeen) => void) {
    this.canvas.width = GRID.width;
    this.canvas.height = GRID.height;
  }

  /** Whoever is not on duty is about to be: he is looked at by itself, so that nobody waits for it. */
  follow(offDuty: boolean): void {
    if (offDuty) this.look();
    else this.stop();
  }

  /** Begins to look, or goes on. */
  look(): void {
    this.hear();
    if (this.looking.value) return;
    this.looking.value = true;
    void this.open(++this.turn);
  }

  /** In a press or a key: now sound may be measured. */
  hear(): void {
    void this.context?.resume().catch(() => undefined);
  }

  /** Lets camera and microphone go. Harmless when nothing is open. */
  stop(): void {
    this.turn += 1;
    clearInterval(this.timer);
    stopLocalMedia(this.media);
    this.video.srcObject = null;
    void this.context?.close().catch(() => undefined);
    this.media = this.context = this.meter = null;
    this.looking.value = this.deaf.value = false;
  }

  /** What the office made of the last measurement. A good workplace needs no more looking. */
  judged(mayServe: boolean): void {
    if (!mayServe) return;
    this.goodMs = nowMs();
    this.stop();
    for (const each of this.waiting.splice(0)) each();
  }

  /** To be awaited before «Готов»: the office knows a fresh measurement, good if the workplace is. */
  async settled(): Promise<void> {
    if (nowMs() < this.goodMs + GOOD_MS) return;
    this.settling.value = true;
    this.look();
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      setTimeout(resolve, SETTLE_MS_MAX);
    });
    this.settling.value = false;
  }

  private async open(turn: number): Promise<void> {
    const media = await openForLook();
    if (turn !== this.turn) return stopLocalMedia(media);
    this.media = media;
    this.peakDb = SILENCE_DB;
    this.openedMs = nowMs();
    this.sentMs = 0;
    if (media.microphone === "none") this.listen(media.stream);
    this.video.muted = true;
    this.video.srcObject = media.stream;
    await this.video.play().catch(() => undefined); // without a camera there is nothing to play
    if (turn === this.turn) this.timer = setInterval(() => this.measure(), MEASURE_PERIOD_MS);
  }

  private listen(stream: MediaStream): void {
    this.context = new AudioContext();
    this.meter = this.context.createAnalyser();
    this.meter.fftSize = LEVEL_SAMPLES;
    this.context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(this.meter);
  }

  private measure(): void {
    const { media } = this;
    if (media === null) return;
    const samples = new Float32Array(LEVEL_SAMPLES);
    this.meter?.getFloatTimeDomainData(samples);
    this.peakDb = Math.max(this.peakDb, levelDb(samples));
    this.deaf.value = this.context !== null && this.context.state !== "running";
    const sinceMs = nowMs() - this.openedMs;
    const heard = this.peakDb > SILENCE_DB || sinceMs >= FIRST_MS;
    if (this.sentMs === 0 ? !heard : nowMs() < this.sentMs + SEND_PERIOD_MS) return;
    this.sentMs = nowMs();
    this.send({
      type: "WorkplaceSeen",
      camera: found(this.lost("video") ? "lost" : media.camera),
      microphone: found(this.lost("audio") ? "lost" : media.microphone),
      level_db: this.peakDb,
      grid: this.grid(),
    });
    if (sinceMs > LOOK_MS_MAX) this.stop();
  }

  private lost(kind: "video" | "audio"): boolean {
    return this.media?.stream.getTracks().some((track) => track.kind === kind && track.readyState === "ended") ?? false;
  }

  private grid(): string {
    const painter = this.canvas.getContext("2d", { willReadFrequently: true });
    if (painter === null || this.video.videoWidth === 0 || this.lost("video")) return "";
    painter.imageSmoothingQuality = "high";
    painter.drawImage(this.video, 0, 0, GRID.width, GRID.height);
    return gridOf(painter.getImageData(0, 0, GRID.width, GRID.height).data);
  }
}
