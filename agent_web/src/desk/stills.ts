/** Papers that the customer shows in the call, in words. Pure. */
import type { StillState, StillTold } from "../contract.gen";
import { isOnCall } from "./call_changes";
import type { Desk } from "./state";

const STATE_WORDS: Record<StillState, string> = {
  asked: "Ждём, согласится ли клиент показать документ",
  holding: "Клиент держит документ перед камерой",
  looking: "Клиент смотрит снимок и решает, отправлять ли его",
  sending: "Снимок отправляется",
  sent: "Снимок получен",
  declined: "Клиент не стал показывать документ",
  withdrawn: "Документ больше не нужен",
  no_camera: "Камера терминала не даёт снимка",
  failed: "Снимок не дошёл: ссылка устарела, попросите ещё раз",
};
const ENDED: ReadonlySet<StillState> = new Set<StillState>(["sent", "declined", "withdrawn", "no_camera", "failed"]);

export const ZOOMS: readonly number[] = [1, 1.5, 2, 3, 4];

/** What stands above the button; empty: nothing was asked yet. */
export function stillWords(stills: readonly StillTold[]): string {
  const last = stills.at(-1);
  return last === undefined ? "" : STATE_WORDS[last.state];
}

/** The paper that the customer is busy with now; null: he may be asked. */
export function openStill(stills: readonly StillTold[]): string | null {
  const last = stills.at(-1);
  return last === undefined || ENDED.has(last.state) ? null : last.still_id;
}

export function sentStills(stills: readonly StillTold[]): readonly StillTold[] {
  return stills.filter(({ state }) => state === "sent");
}

/** Told anew it takes the place of what was known of it. */
export function afterStill(desk: Desk, told: StillTold): Desk {
  if (!isOnCall(desk, told.call_id)) return desk;
  return { ...desk, stills: [...desk.stills.filter(({ still_id }) => still_id !== told.still_id), told] };
}

/** The next zoom up or down; the ends stay. */
export function zoomed(zoom: number, by: 1 | -1): number {
  const at = ZOOMS.indexOf(zoom) + by;
  return ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at))] ?? zoom;
}

export function stillPath({ call_id, still_id }: StillTold): string {
  return `/api/calls/${encodeURIComponent(call_id)}/stills/${encodeURIComponent(still_id)}`;
}
