/** The media of a room beside the customer's picture: what we send into it, and what the other parties send. */
import { signal } from "@preact/signals";
import type { AgentToServer, IceServer, RoomChanged, SdpAnswer, SdpOffer } from "../contract.gen";
import { asRtc, CallPeer } from "./call_peer";
import { CUSTOMER } from "./rooms";
import { withBitrateHints } from "./sdp";

export interface Feed {
  partyId: string;
  stream: MediaStream;
}

/** One call's room, over as many media epochs as it has. */
export class RoomMedia {
  readonly others = signal<readonly Feed[]>([]);
  private epoch = 0;
  private iceServers: readonly IceServer[] = [];
  private sender: RTCPeerConnection | null = null;
  private peers = new Map<string, CallPeer>();

  constructor(private readonly send: (message: AgentToServer) => void) {}

  /** Sends into a room that began, or began anew; who has left it is let go. */
  async follow(room: RoomChanged, local: Promise<MediaStream>): Promise<void> {
    const here = new Set(room.parties.map((party) => party.party_id));
    for (const [feed, peer] of this.peers) if (!here.has(feed)) this.drop(feed, peer);
    if (room.media_epoch <= this.epoch) return;
    this.close();
    this.epoch = room.media_epoch;
    this.iceServers = room.ice_servers;
    const { call_id, media_epoch } = room;
    const sender = new RTCPeerConnection({ iceServers: room.ice_servers.map(asRtc), bundlePolicy: "max-bundle" });
    this.sender = sender;
    const stream = await local;
    if (this.sender !== sender) return;
    for (const kind of ["audio", "video"] as const) {
      const track = stream.getTracks().find((each) => each.kind === kind);
      sender.addTransceiver(track ?? kind, { direction: track === undefined ? "inactive" : "sendonly" });
    }
    sender.onicecandidate = ({ candidate }) => {
      this.send({
        type: "IceCandidate",
        call_id,
        media_epoch,
        feed: "",
        candidate: candidate?.candidate ?? "",
        sdp_mid: candidate?.sdpMid ?? null,
        sdp_mline_index: candidate?.sdpMLineIndex ?? null,
      });
    };
    const offer = await sender.createOffer();
    if (this.sender !== sender) return;
    this.send({ type: "SdpOffer", call_id, media_epoch, feed: "", sdp: offer.sdp ?? "" });
    await sender.setLocalDescription(offer);
  }

  async takeAnswer(answer: SdpAnswer): Promise<void> {
    if (this.sender === null || answer.media_epoch !== this.epoch || answer.feed !== "") return;
    await this.sender.setRemoteDescription({ type: "answer", sdp: withBitrateHints(answer.sdp) });
  }

  /** What another party sends. The customer's is the call's own picture, and not taken here. */
  async takeOffer(offer: SdpOffer): Promise<void> {
    if (offer.feed === CUSTOMER || offer.media_epoch !== this.epoch) return;
    this.peers.get(offer.feed)?.close();
    const peer = new CallPeer(offer, this.iceServers, false, this.send);
    this.peers.set(offer.feed, peer);
    await peer.answer(new MediaStream());
    this.tell();
  }

  close(): void {
    this.sender?.close();
    this.sender = null;
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
    this.epoch = 0;
    this.tell();
  }

  private drop(feed: string, peer: CallPeer): void {
    peer.close();
    this.peers.delete(feed);
    this.tell();
  }

  private tell(): void {
    this.others.value = [...this.peers].map(([partyId, { stream }]) => ({ partyId, stream }));
  }
}
