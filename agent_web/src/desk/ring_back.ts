/** Ringing a terminal after a talk that broke off: how long it cannot be cut, and what came of it (9.4.2). Pure. */
import type { CallEndReason, RingState, RingTold } from "../contract.gen";

export interface Ring {
  state: RingState;
  freeAtMs: number; // from then on the agent may stop it
}

export function ringAfter(told: RingTold, nowMs: number): Ring {
  return { state: told.state, freeAtMs: nowMs + told.least_ms };
}

/** Who ended the talk himself, or whose talk was ended for how he behaved, is left in peace. */
export function mayRing(reason: CallEndReason | null): boolean {
  return reason !== "customer_left" && reason !== "misconduct";
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
  missed: "Клиент ответил, пока страница загружалась. Позвоните ещё раз",
  stopped: "Звонок остановлен, клиент не ответил",
};
