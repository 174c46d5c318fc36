/** One peer connection: one media epoch of a call, from the terminal's description to its close. */
import type { AgentToServer, IceCandidate, IceServer, SdpOffer } from "../contract.gen";
import { type Counters, countersOf } from "./media_stats";
import { sendsVideo, withBitrateHints } from "./sdp";
import { beginSending, reported, type Sending, type SendingState, STILLS_FPS } from "./sending";

const EARLY_CANDIDATES_MAX = 64;

/** Answers one `SdpOffer` and receives what it promises. */
export class CallPeer {
  readonly stream = new MediaStream();
  readonly epoch: number;
  readonly feed: string; // of a room; "": the call goes direct
  readonly expectsVideo: boolean;
  private readonly connection: RTCPeerConnection;
  private early: IceCandidate[] | null = []; // until the terminal's description is set
  private closed = false;
  private sending: SendingState | null = null;

  constructor(
    private readonly offer: SdpOffer,
    iceServers: readonly IceServer[],
    private readonly lipsRead: boolean, // our picture never stands: it becomes smaller instead (clause 9.6.11)
    private readonly send: (message: AgentToServer) => void,
  ) {
    this.epoch = offer.media_epoch;
    this.feed = offer.feed;
    this.expectsVideo = sendsVideo(offer.sdp);
    this.connection = new RTCPeerConnection({ iceServers: iceServers.map(asRtc), bundlePolicy: "max-bundle" });
    this.connection.ontrack = (event) => this.stream.addTrack(event.track);
    this.connection.onicecandidate = (event) => this.trickle(event.candidate);
  }

  /** Answers with the tracks of `local`; kinds it lacks are received only. */
  async answer(local: MediaStream): Promise<void> {
    await this.connection.setRemoteDescription({ type: "offer", sdp: withBitrateHints(this.offer.sdp) });
    if (this.closed) return;
    for (const track of local.getTracks()) this.connection.addTrack(track, local);
    await this.takeEarlyCandidates();
    if (this.closed) return;
    const answer = await this.connection.createAnswer();
    if (this.closed) return;
    await this.connection.setLocalDescription(answer);
    if (this.closed) return;
    if (this.lipsRead) await this.keepMoving();
    const { call_id, media_epoch, feed } = this.offer;
    this.send({ type: "SdpAnswer", call_id, media_epoch, feed, sdp: answer.sdp ?? "" });
  }

  /** Takes a candidate of the terminal, also one that overtook the description's setting. */
  async addCandidate(candidate: IceCandidate): Promise<void> {
    if (this.early === null) await this.connection.addIceCandidate(asInit(candidate));
    else if (this.early.length < EARLY_CANDIDATES_MAX) this.early.push(candidate);
  }

  /** What has been received so far. */
  async counters(atMs: number): Promise<Counters> {
    return countersOf((await this.connection.getStats()).values(), atMs);
  }

  /** Sends less or more of our own picture, by what was counted of its path. */
  async adapt(counters: Counters): Promise<void> {
    if (this.lipsRead) return;
    const before = this.sending ?? beginSending(counters.atMs);
    this.sending = reported(before, counters, counters.atMs);
    if (this.sending.rung !== before.rung) await this.apply(this.sending.rung);
  }

  private async keepMoving(): Promise<void> {
    const sender = this.connection.getSenders().find((each) => each.track?.kind === "video");
    await sender?.setParameters({ ...sender.getParameters(), degradationPreference: "maintain-framerate" });
  }

  private async apply(rung: Sending): Promise<void> {
    const sender = this.connection.getSenders().find((each) => each.track?.kind === "video");
    if (sender === undefined || this.closed) return;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
      encoding.active = rung !== "sound";
      if (rung === "stills") encoding.maxFramerate = STILLS_FPS;
      else delete encoding.maxFramerate;
    }
    await sender.setParameters(parameters);
  }

  /** Whether the first picture is there: the first sound, when no picture is promised. */
  isShowing(counters: Counters): boolean {
    return this.expectsVideo ? counters.framesDecoded > 0 : counters.audioPackets > 0;
  }

  close(): void {
    this.closed = true;
    this.connection.ontrack = null;
    this.connection.onicecandidate = null;
    this.connection.close();
    for (const track of this.stream.getTracks()) track.stop();
  }

  private async takeEarlyCandidates(): Promise<void> {
    const early = this.early ?? [];
    this.early = null;
    for (const candidate of early) {
      if (this.closed) return;
      await this.connection.addIceCandidate(asInit(candidate));
    }
  }

  private trickle(candidate: RTCIceCandidate | null): void {
    const { call_id, media_epoch, feed } = this.offer;
    this.send({
      type: "IceCandidate",
      call_id,
      media_epoch,
      feed,
      candidate: candidate?.candidate ?? "",
      sdp_mid: candidate?.sdpMid ?? null,
      sdp_mline_index: candidate?.sdpMLineIndex ?? null,
    });
  }
}

export function asRtc(server: IceServer): RTCIceServer {
  const { urls, username, credential } = server;
  return username === "" ? { urls } : { urls, username, credential };
}

function asInit(message: IceCandidate): RTCIceCandidateInit {
  return { candidate: message.candidate, sdpMid: message.sdp_mid, sdpMLineIndex: message.sdp_mline_index };
}
