/** Ringing a terminal after a talk that broke off: how long it cannot be cut, and what came of it (9.4.2). Pure. */
import type { RingState, RingTold } from "../contract.gen";

export interface Ring {
  state: RingState;
  freeAtMs: number; // from then on the agent may stop it
}

export function ringAfter(told: RingTold, nowMs: number): Ring {
  return { state: told.state, freeAtMs: nowMs + told.least_ms };
}

/** Whole seconds until it may be stopped; 0: it may. */
export function ringLeftS(ring: Ring, nowMs: number): number {
  return ring.state === "ringing" ? Math.max(0, Math.ceil((ring.freeAtMs - nowMs) / 1_000)) : 0;
}

export const RING_WORDS: Record<RingState, string> = {
  ringing: "Терминал звонит клиенту",
  declined: "Клиент не стал отвечать",
  gone: "Клиента у терминала уже нет",
  unanswered: "Клиент не ответил",
  stopped: "Звонок остановлен, клиент не ответил",
};
