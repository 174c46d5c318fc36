/** What a terminal found of itself while its customer waited, in words: for the agent and for operations. Pure. */
import type { Part, PartFault, PathQuality, Preflight, WayToTalk } from "./contract.gen";

export const SLOW_KBPS = 500; // below it the customer's picture is small
export const LOSSY_PERCENT = 5;

const CAMERA_WORDS: Partial<Record<PartFault, string>> = {
  black: "картинка чёрная",
  frozen: "картинка застыла",
};
const WRITES: Partial<Record<WayToTalk, string>> = {
  type: "Клиент печатает",
  write: "Клиент пишет от руки",
};

/** What the agent has to know before he answers; the most important first, empty when all is well or not known. */
export function troubleWords(found: Preflight, way: WayToTalk): string[] {
  return [microphoneWords(found.microphone, way), loudspeakerWords(found.loudspeaker), cameraWords(found.camera)]
    .concat(pathWords(found.path))
    .filter((words) => words !== "");
}

/** For operations: names of the parts that did not work, and what the line carried. */
export function foundWords(found: Preflight): string[] {
  const parts = [
    isBad(found.microphone) ? "микрофон не работает" : "",
    isBad(found.loudspeaker) ? "динамик не работает" : "",
    isBad(found.camera) ? `камера: ${CAMERA_WORDS[found.camera.fault] ?? "не работает"}` : "",
  ].filter((words) => words !== "");
  return [...(parts.length > 0 ? parts : ["камера и звук работают"]), ...measuredWords(found.path)];
}

export function hasTrouble(found: Preflight): boolean {
  return [found.camera, found.microphone, found.loudspeaker].some(isBad);
}

function isBad(part: Part): boolean {
  return part.state === "bad";
}

function microphoneWords(part: Part, way: WayToTalk): string {
  if (!isBad(part)) return "";
  const writes = WRITES[way];
  return writes === undefined ? "Микрофон не работает: вы не услышите клиента" : `${writes}: микрофон не работает`;
}

function loudspeakerWords(part: Part): string {
  return isBad(part) ? "Динамик не работает: клиент вас не услышит, пишите ему" : "";
}

function cameraWords(part: Part): string {
  return isBad(part) ? `Камера клиента: ${CAMERA_WORDS[part.fault] ?? "не работает, картинки не будет"}` : "";
}

function pathWords(path: PathQuality): string[] {
  const slow = path.up_kbps > 0 && path.up_kbps < SLOW_KBPS;
  return [
    slow ? "Связь терминала медленная: картинка будет небольшой" : "",
    (path.lost_percent ?? 0) >= LOSSY_PERCENT ? "Связь терминала с потерями: возможны перерывы" : "",
  ];
}

function measuredWords(path: PathQuality): string[] {
  return [
    path.up_kbps > 0 ? `связь: отдача ${mbps(path.up_kbps)}, приём ${mbps(path.down_kbps)} Мбит/с` : "",
    path.round_trip_ms === null ? "" : `отклик ${path.round_trip_ms} мс`,
    path.lost_percent === null ? "" : `потери ${decimal(path.lost_percent)} %`,
  ].filter((words) => words !== "");
}

function mbps(kbps: number): string {
  return decimal(kbps / 1_000);
}

function decimal(value: number): string {
  return value.toLocaleString("ru-RU", { maximumFractionDigits: 1 });
}
