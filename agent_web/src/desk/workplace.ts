/** What is measured of a workplace, and what its checks are called (clause 5.3.1). Pure. */
import type { CheckFault, CheckName, DeviceFound, WorkplaceCheck } from "../contract.gen";
import type { IconName } from "../ui/icons";
import type { DeviceTrouble } from "./local_media";
import { levelDb as meanSquareDb } from "./media_stats";

export const GRID = { width: 32, height: 18 } as const; // coarse: nobody is known by it
/** What became of a device, in the office's word. */
export function found(trouble: DeviceTrouble): DeviceFound {
  return trouble === "none" ? "opened" : trouble;
}

/** Brightness 0-255 of each cell, as the office takes it: base64, row by row. `rgba` is of a picture of `GRID`. */
export function gridOf(rgba: Uint8ClampedArray): string {
  let cells = "";
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const [red, green, blue] = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0];
    cells += String.fromCharCode(Math.round(0.299 * red + 0.587 * green + 0.114 * blue));
  }
  return btoa(cells);
}

/** Root mean square of samples from -1 to 1, in dBFS. */
export function levelDb(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  return meanSquareDb(power, samples.length);
}

export const CHECK_NAMES: Record<CheckName, { name: string; icon: IconName }> = {
  camera: { name: "Камера", icon: "camera" },
  microphone: { name: "Микрофон", icon: "microphone" },
  light: { name: "Свет", icon: "topic" },
  background: { name: "Фон", icon: "account" },
  plate: { name: "Табличка", icon: "person" },
};

const PASSED: Record<CheckName, string> = {
  camera: "показывает",
  microphone: "слышит",
  light: "достаточно",
  background: "с логотипом, на месте",
  plate: "заполнена",
};

/** What is wrong and what to do; a device has the same troubles, whichever it is. */
const FAULTS: Record<Exclude<CheckFault, "none">, string> = {
  missing: "не нашли, подключите",
  denied: "браузер не даёт, разрешите в адресной строке",
  busy: "занято другой программой, закройте её",
  lost: "отключилось, проверьте кабель",
  silent: "молчит, включите и скажите что-нибудь",
  too_dark: "темно, включите свет перед собой",
  too_bright: "слепит, уберите из кадра лампу или окно",
  no_picture: "без камеры не видно",
  not_set: "супервайзер ещё не показал, какой он",
  different: "не тот, сядьте так, чтобы логотип был виден",
  empty: "нет имени или должности, скажите администратору",
};

export function checkWords(check: WorkplaceCheck): string {
  const words = check.fault === "none" ? PASSED[check.name] : FAULTS[check.fault];
  return check.allowed ? `${words} (разрешено)` : words;
}
