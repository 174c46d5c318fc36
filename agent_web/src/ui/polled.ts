/** What the office tells, asked again and again while it is looked at. */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { OfficeError } from "../office_api";

export interface Polled<T> {
  told: Signal<T | null>; // the last answer; null: none yet
  trouble: Signal<string>; // why the newest asking failed; empty: it did not
}

/** `ask` has to be the same function each time. Without `onSignedOut` a lost sign-in is a trouble as any other. */
export function usePolled<T>(ask: () => Promise<T>, periodMs: number, onSignedOut?: () => void): Polled<T> {
  const told = useSignal<T | null>(null);
  const trouble = useSignal("");
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function poll(): Promise<void> {
      try {
        const answer = await ask();
        if (stopped) return;
        told.value = answer;
        trouble.value = "";
      } catch (error) {
        if (stopped) return;
        if (!(error instanceof OfficeError)) throw error;
        if (error.status === 401 && onSignedOut !== undefined) return onSignedOut();
        trouble.value = error.message;
      }
      timer = setTimeout(() => void poll(), periodMs);
    }
    void poll();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [told, trouble, ask, periodMs, onSignedOut]);
  return { told, trouble };
}
