/** A beat that a hidden tab does not slow down: browsers throttle a page's timers to once a minute, a worker's not. */

/** Calls `onBeat` every `periodMs` until the returned function is called. */
export function startMetronome(periodMs: number, onBeat: () => void): () => void {
  const worker = new Worker(new URL("./metronome_worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = onBeat;
  worker.postMessage(periodMs);
  return () => worker.terminate();
}
