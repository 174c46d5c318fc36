/** The ring: made by WebAudio, scheduled ahead, so that a hidden tab rings in time. */
import { signal } from "@preact/signals";

const SIGNAL_PERIOD_S = 3; // four signals make the 12 s of clause 9.4.2
const SIGNALS_MAX = 10;
const NOTES: readonly { hz: number; atS: number }[] = [
  { hz: 659.25, atS: 0 },
  { hz: 830.61, atS: 0.16 },
  { hz: 987.77, atS: 0.32 },
  { hz: 830.61, atS: 0.64 },
  { hz: 987.77, atS: 0.8 },
];
const NOTE_S = 0.55;
const LOUDNESS = 0.32;
const HEARD_PEAK = 0.01;
const HEARD_POLL_MS = 40;
const HEARD_WAIT_MS_MAX = 3_000;

export type SoundState = "unknown" | "on" | "blocked";

/** Rings until stopped, and tells when the ring is really played and not only asked for. */
export class RingSound {
  readonly state = signal<SoundState>("unknown");
  private context: AudioContext | null = null;
  private master: GainNode | null = null;
  private polling: ReturnType<typeof setInterval> | undefined;

  /** To be called in a press or a key: only then a browser lets a page sound. */
  async unlock(): Promise<void> {
    this.context ??= new AudioContext({ latencyHint: "interactive" });
    const context = this.context;
    if (context.state === "suspended") await context.resume().catch(() => undefined);
    this.state.value = context.state === "running" ? "on" : "blocked";
  }

  /** Starts the signals; `onHeard` is called once, when sound has left for the loudspeaker. */
  start(onHeard: () => void, signals = SIGNALS_MAX): void {
    this.stop();
    this.context ??= new AudioContext({ latencyHint: "interactive" });
    const context = this.context;
    const master = context.createGain();
    const meter = context.createAnalyser();
    master.gain.value = LOUDNESS;
    master.connect(meter).connect(context.destination);
    this.master = master;
    for (let index = 0; index < signals; index += 1) schedule(context, master, 0.05 + index * SIGNAL_PERIOD_S);
    void context.resume().catch(() => undefined);
    this.listen(context, meter, onHeard);
  }

  /** Silence at once. */
  stop(): void {
    clearInterval(this.polling);
    this.master?.disconnect();
    this.master = null;
  }

  private listen(context: AudioContext, meter: AnalyserNode, onHeard: () => void): void {
    const samples = new Float32Array(meter.fftSize);
    const startedAtMs = performance.now();
    this.polling = setInterval(() => {
      meter.getFloatTimeDomainData(samples);
      const heard = context.state === "running" && samples.some((sample) => Math.abs(sample) > HEARD_PEAK);
      if (!heard && performance.now() - startedAtMs < HEARD_WAIT_MS_MAX) return;
      clearInterval(this.polling);
      this.state.value = heard ? "on" : "blocked";
      if (heard) onHeard();
    }, HEARD_POLL_MS);
  }
}

function schedule(context: AudioContext, target: AudioNode, fromS: number): void {
  for (const note of NOTES) {
    const startS = context.currentTime + fromS + note.atS;
    const tone = context.createOscillator();
    const envelope = context.createGain();
    tone.type = "triangle";
    tone.frequency.value = note.hz;
    envelope.gain.setValueAtTime(0, startS);
    envelope.gain.linearRampToValueAtTime(1, startS + 0.012);
    envelope.gain.exponentialRampToValueAtTime(0.001, startS + NOTE_S);
    tone.connect(envelope).connect(target);
    tone.start(startS);
    tone.stop(startS + NOTE_S);
  }
}
