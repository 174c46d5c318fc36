/** Picture and sound of one call: local devices, the peer that is shown, and the next one until it shows. */
import { signal } from "@preact/signals";
import { nowMs } from "../clock";
import type {
  ActiveCall,
  AgentToServer,
  IceCandidate,
  Presence,
  RoomChanged,
  SdpOffer,
  ServerToAgent,
} from "../contract.gen";
import { CallPeer } from "./call_peer";
import {
  type LipSync,
  type Liveness,
  lipSync,
  livenessOf,
  NO_PROGRESS,
  type PictureFlow,
  type Progress,
  pictureFlow,
  progressed,
} from "./liveness";
import { type DeviceTrouble, type LocalMedia, openLocalMedia, stopLocalMedia } from "./local_media";
import { type Counters, qualityBetween } from "./media_stats";
import { RoomMedia } from "./room_media";
import { CUSTOMER, ownParty } from "./rooms";

const WATCH_PERIOD_MS = 250;
const QUALITY_PERIOD_MS = 2_000;
const FIRST_PICTURE_POLL_MS = 50;
const FIRST_PICTURE_MS_MAX = 15_000; // a new path that shows nothing so long is given up, the old one stays

const LINGER_MS = 1_500; // into a room and out of it: the far end may not see the new path yet

/** Of a call of ours, or of another agent's that we are a party of. */
type MediaCall = Pick<ActiveCall, "call_id" | "ice_servers"> & Partial<Pick<ActiveCall, "way">>;

export interface OwnDevices {
  camera: DeviceTrouble;
  microphone: DeviceTrouble;
}

/** The media of the call the agent is in. Views read its signals; nothing here knows the screen. */
export class CallMedia {
  readonly remote = signal<MediaStream | null>(null);
  readonly local = signal<MediaStream | null>(null);
  readonly devices = signal<OwnDevices>({ camera: "none", microphone: "none" });
  readonly liveness = signal<Liveness>("waiting");
  readonly picture = signal<PictureFlow>("moving");
  readonly lipSync = signal<LipSync>("together");
  readonly microphoneOn = signal(true);
  readonly cameraOn = signal(true);

  readonly room: RoomMedia;

  private call: MediaCall | null = null;
  private peer: CallPeer | null = null; // shown
  private successor: CallPeer | null = null; // shown as soon as it has a picture
  private opening: Promise<LocalMedia> | null = null;
  private progress: Progress = NO_PROGRESS;
  private counted: Counters | null = null;
  private framesOfFormerPeers = 0;
  private freezesOfFormerPeers = 0;
  private frozenMsOfFormerPeers = 0;
  private watch: ReturnType<typeof setInterval> | undefined;
  private quality: ReturnType<typeof setInterval> | undefined;

  private presence: Presence | null = null;
  private leaving = new Set<CallPeer>(); // replaced, and closed in a moment

  constructor(private readonly send: (message: AgentToServer) => void) {
    this.room = new RoomMedia(send);
  }

  /** Opens the agent's devices while it still rings, so that the answer does not wait for them. */
  warmUp(): void {
    void this.localMedia();
  }

  /** The call started: from now on its descriptions are answered. */
  begin(call: MediaCall): void {
    if (this.call?.call_id === call.call_id) return; // the same call after a reconnect: media goes on
    if (this.call !== null) this.end();
    this.call = call;
    this.watch = setInterval(() => void this.observe(), WATCH_PERIOD_MS);
    this.quality = setInterval(() => void this.report(), QUALITY_PERIOD_MS);
    void this.localMedia();
  }

  /** What the office tells of the media of this call; nothing else. */
  async take(message: ServerToAgent): Promise<void> {
    if (message.type === "RoomChanged") await this.followRoom(message);
    else if (message.type === "SdpOffer") await this.takeOffer(message);
    else if (message.type === "SdpAnswer" && message.call_id === this.call?.call_id)
      await this.room.takeAnswer(message);
    else if (message.type === "IceCandidate") await this.takeCandidate(message);
  }

  /** The terminal's description: a first one is shown at once, a later epoch replaces the old with its first picture. */
  private async takeOffer(offer: SdpOffer): Promise<void> {
    const { call } = this;
    if (call === null || offer.call_id !== call.call_id) return;
    if (offer.feed !== "" && offer.feed !== CUSTOMER) return this.room.takeOffer(offer);
    if (offer.media_epoch <= this.latestEpoch()) return;
    const peer = new CallPeer(offer, call.ice_servers, (call.way ?? "speak") !== "speak", this.send);
    if (this.peer === null) this.peer = peer;
    else {
      this.successor?.close();
      this.successor = peer;
    }
    const local = await this.localMedia();
    if (!this.holds(peer)) return;
    await peer.answer(offer.feed === CUSTOMER ? new MediaStream() : local.stream); // into a room we send apart
    if (!this.holds(peer)) return;
    if (this.peer === peer) this.remote.value = peer.stream;
    else await this.replaceWhenShowing(peer);
  }

  /** Who is in the call's room. A supervisor sends from the first, and is heard as far as he takes part. */
  private async followRoom(room: RoomChanged): Promise<void> {
    const own = ownParty(room);
    if (own === null || room.call_id !== this.call?.call_id) return;
    if (own.role === "supervisor" && own.presence !== this.presence) {
      this.presence = own.presence;
      this.microphoneOn.value = own.presence !== "listens";
      this.cameraOn.value = own.presence === "joined";
      this.applySwitches();
    }
    await this.room.follow(
      room,
      this.localMedia().then(({ stream }) => stream),
    );
  }

  private async takeCandidate(candidate: IceCandidate): Promise<void> {
    if (candidate.call_id !== this.call?.call_id) return;
    const peer = [this.peer, this.successor].find((known) => known?.epoch === candidate.media_epoch);
    await peer?.addCandidate(candidate);
  }

  switchMicrophone(): void {
    this.microphoneOn.value = !this.microphoneOn.value;
    this.applySwitches();
  }

  switchCamera(): void {
    this.cameraOn.value = !this.cameraOn.value;
    this.applySwitches();
  }

  /** Closes everything: peers, devices, timers. Harmless when nothing is open. */
  end(): void {
    clearInterval(this.watch);
    clearInterval(this.quality);
    this.peer?.close();
    this.successor?.close();
    this.room.close();
    for (const peer of this.leaving) peer.close();
    this.leaving.clear();
    this.presence = null;
    this.opening?.then(stopLocalMedia).catch(() => undefined);
    this.call = this.peer = this.successor = this.opening = this.counted = null;
    this.progress = NO_PROGRESS;
    this.framesOfFormerPeers = 0;
    this.freezesOfFormerPeers = 0;
    this.frozenMsOfFormerPeers = 0;
    this.remote.value = this.local.value = null;
    this.liveness.value = "waiting";
    this.picture.value = "moving";
    this.lipSync.value = "together";
    this.microphoneOn.value = this.cameraOn.value = true;
    this.devices.value = { camera: "none", microphone: "none" };
  }

  private latestEpoch(): number {
    return Math.max(this.peer?.epoch ?? 0, this.successor?.epoch ?? 0);
  }

  private holds(peer: CallPeer): boolean {
    return this.peer === peer || this.successor === peer;
  }

  private localMedia(): Promise<LocalMedia> {
    if (this.opening !== null) return this.opening;
    const opening = openLocalMedia();
    this.opening = opening;
    void opening.then((media) => {
      if (this.opening !== opening) return; // ended meanwhile, and stopped there
      this.local.value = media.stream;
      this.devices.value = { camera: media.camera, microphone: media.microphone };
      for (const track of media.stream.getTracks()) track.onended = () => this.deviceLost(track.kind);
      this.applySwitches();
    });
    return opening;
  }

  private deviceLost(kind: string): void {
    this.devices.value = { ...this.devices.value, [kind === "video" ? "camera" : "microphone"]: "lost" };
  }

  private applySwitches(): void {
    for (const track of this.local.value?.getAudioTracks() ?? []) track.enabled = this.microphoneOn.value;
    for (const track of this.local.value?.getVideoTracks() ?? []) track.enabled = this.cameraOn.value;
  }

  private async replaceWhenShowing(peer: CallPeer): Promise<void> {
    const untilMs = nowMs() + FIRST_PICTURE_MS_MAX;
    while (nowMs() < untilMs) {
      const counters = await peer.counters(nowMs());
      if (this.successor !== peer) return;
      if (peer.isShowing(counters)) return this.replaceBy(peer, counters);
      await new Promise((resolve) => setTimeout(resolve, FIRST_PICTURE_POLL_MS));
      if (this.successor !== peer) return;
    }
    this.successor = null;
    peer.close();
  }

  private replaceBy(peer: CallPeer, counters: Counters): void {
    const former = this.peer;
    this.framesOfFormerPeers += this.counted?.framesDecoded ?? 0;
    this.freezesOfFormerPeers += this.counted?.freezes ?? 0;
    this.frozenMsOfFormerPeers += Math.round(1_000 * (this.counted?.frozenSeconds ?? 0));
    this.peer = peer;
    this.successor = null;
    this.counted = counters;
    this.progress = NO_PROGRESS;
    this.remote.value = peer.stream;
    if (former !== null) this.letGo(former, peer);
  }

  /** At once on a new path of the same kind. */
  private letGo(former: CallPeer, present: CallPeer): void {
    if (former.feed === present.feed) {
      former.close();
      return;
    }
    this.leaving.add(former);
    setTimeout(() => {
      former.close();
      if (this.leaving.delete(former) && this.peer?.feed === "") this.room.close();
    }, LINGER_MS);
  }

  private async observe(): Promise<void> {
    const { peer } = this;
    if (peer === null) return;
    const counters = await peer.counters(nowMs());
    if (this.peer !== peer) return;
    this.progress = progressed(this.progress, counters.framesDecoded + counters.audioPackets, nowMs());
    this.liveness.value = livenessOf(this.progress, nowMs());
  }

  private async report(): Promise<void> {
    const { peer, call } = this;
    if (peer === null || call === null) return;
    const counters = await peer.counters(nowMs());
    if (this.peer !== peer || this.call !== call) return;
    const quality = qualityBetween(this.counted, counters);
    if (this.counted !== null && peer.expectsVideo) this.picture.value = pictureFlow(quality.flow.frames_per_second);
    this.lipSync.value = lipSync(quality.flow.av_offset_ms);
    this.counted = counters;
    void peer.adapt(counters);
    this.send({
      type: "CallQuality",
      call_id: call.call_id,
      frames_decoded: this.framesOfFormerPeers + quality.framesDecoded,
      audio_level_db: quality.audioLevelDb,
      bitrate_kbps: quality.bitrateKbps,
      flow: {
        ...quality.flow,
        freezes: this.freezesOfFormerPeers + quality.flow.freezes,
        frozen_ms: this.frozenMsOfFormerPeers + quality.flow.frozen_ms,
      },
    });
  }
}
