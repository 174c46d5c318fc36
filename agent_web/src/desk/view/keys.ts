/** Keys that work without the pointer. Function keys only: a letter belongs to the text being typed (WCAG 2.1.4). */
import type { DeskController } from "../desk_controller";

export const KEYS = { microphone: "F4", nextStage: "F8", camera: "F9" } as const;

/** Does what the key asks for; `true` when it was one of ours. Esc is none: it never ends a call. */
export function pressKey(desk: DeskController, event: KeyboardEvent): boolean {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return false;
  const { work } = desk.desk.value;
  if (work.at === "ringing" && (event.key === "Enter" || event.key === " ") && !isControl(event.target)) {
    desk.accept();
    return true;
  }
  if (work.at !== "on_call") return false;
  switch (event.key) {
    case KEYS.microphone:
      desk.switchMicrophone();
      return true;
    case KEYS.camera:
      desk.switchCamera();
      return true;
    case KEYS.nextStage:
      desk.advanceStage();
      return true;
    default:
      return false;
  }
}

/** Whether the key belongs to the focused control. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, input, textarea, select, [role=option]") !== null;
}
