/** A call that rings at this agent, and its end. Pure parts of `next`. */
import type { CallOffered, OfferedCall, OfferWithdrawn } from "../contract.gen";
import { withdrawal } from "./call_changes";
import type { Desk, Work } from "./state";

export function ringing(call: OfferedCall, nowMs: number): Work {
  return { at: "ringing", call, rangAtMs: nowMs, untilMs: nowMs + call.ring_timeout_ms };
}

export function afterOffer(desk: Desk, event: CallOffered, nowMs: number): Desk {
  if (desk.work.at === "on_call" || desk.work.at === "wrap_up") return desk; // busy: the server's ring runs out
  return { ...desk, work: ringing(event.call, nowMs), notice: null, pending: null };
}

export function afterWithdrawal(desk: Desk, event: OfferWithdrawn): Desk {
  if (desk.work.at !== "ringing" || desk.work.call.call_id !== event.call_id) return desk;
  const tooLate = desk.pending?.purpose === "accept";
  const notice = tooLate && event.reason !== "customer_left" ? ({ code: "too_late" } as const) : withdrawal(event);
  return { ...desk, work: { at: "ready" }, pending: null, notice };
}
