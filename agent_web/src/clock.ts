/** The page's time: monotonic milliseconds since the epoch, and a signal that ticks for the screens. */
import { signal } from "@preact/signals";

const TICK_MS = 250;

/** Now, in a clock that never jumps while the page lives. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Read it in a component to be drawn again every quarter of a second. */
export const ticking = signal(nowMs());

setInterval(() => {
  ticking.value = nowMs();
}, TICK_MS);
