/** The agent's own camera and microphone, with less when there is less. */

const ASKING_MS_MAX = 10_000; // a permission prompt nobody answers must not hold the call
const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 }, // no least rate: a slow camera is better than none
};
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
};

const RAW_MICROPHONE: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

export type DeviceTrouble = "none" | "missing" | "denied" | "busy" | "lost";

export interface LocalMedia {
  stream: MediaStream;
  camera: DeviceTrouble;
  microphone: DeviceTrouble;
}

/** Opens what there is: both, else each by itself, else an empty stream. Never throws. */
export function openLocalMedia(): Promise<LocalMedia> {
  return open(MICROPHONE);
}

/** The same to look at the workplace: the sound as it is, since a cleaned silence tells nothing. */
export function openForLook(): Promise<LocalMedia> {
  return open(RAW_MICROPHONE);
}

async function open(microphone: MediaTrackConstraints): Promise<LocalMedia> {
  const both = await ask({ video: CAMERA, audio: microphone });
  if (both.stream !== null) return { stream: hinted(both.stream), camera: "none", microphone: "none" };
  const [sound, picture] = await Promise.all([ask({ audio: microphone }), ask({ video: CAMERA })]);
  const tracks = [sound.stream, picture.stream].flatMap((stream) => stream?.getTracks() ?? []);
  return { stream: hinted(new MediaStream(tracks)), camera: picture.trouble, microphone: sound.trouble };
}

/** Lets the devices go. */
export function stopLocalMedia(media: LocalMedia | null): void {
  for (const track of media?.stream.getTracks() ?? []) track.stop();
}

interface Asked {
  stream: MediaStream | null;
  trouble: DeviceTrouble;
}

async function ask(wanted: MediaStreamConstraints): Promise<Asked> {
  if (navigator.mediaDevices === undefined) return { stream: null, trouble: "denied" }; // not a secure context
  const asked = navigator.mediaDevices.getUserMedia(wanted);
  const late = Symbol("late");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waited = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), ASKING_MS_MAX);
  });
  try {
    const stream = await Promise.race([asked, waited]);
    if (stream !== late) return { stream, trouble: "none" };
    asked.then((unwanted) => unwanted.getTracks().forEach((track) => void track.stop())).catch(() => undefined);
    return { stream: null, trouble: "denied" };
  } catch (error) {
    return { stream: null, trouble: troubleOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

function troubleOf(error: unknown): DeviceTrouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "missing";
}

/** Speech first, motion over sharpness: with a thin link the resolution falls before the frame rate (9.6.11). */
function hinted(stream: MediaStream): MediaStream {
  for (const track of stream.getVideoTracks()) track.contentHint = "motion";
  for (const track of stream.getAudioTracks()) track.contentHint = "speech";
  return stream;
}
