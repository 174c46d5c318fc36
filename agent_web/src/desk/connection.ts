/** The desk's WebSocket: reconnects by itself, proves the page alive, and watches that commands are answered. */
import type { AgentToServer, ServerToAgent } from "../contract.gen";
import { backoffMs } from "./backoff";
import { decodeMessage, MessageError } from "./decode";
import { startMetronome } from "./metronome";

export const PING_PERIOD_MS = 5_000; // the office takes a page silent for 10 s as not ready
const COMMAND_MS_MAX = 5_000;
const OPENING_MS_MAX = 10_000;
const STABLE_MS = 5_000; // a connection that lived so long starts the backoff anew
const CLOSE_REPLACED = 4001; // the same agent opened a newer desk
const CLOSE_SIGNED_OUT = 4003;

/** What the connection tells the desk. */
export interface ConnectionListener {
  onOpen(): void;
  onMessage(message: ServerToAgent): void;
  onLost(): void;
  onUnanswered(commandId: string): void;
  onReplaced(): void;
  onSignedOut(): void;
}

/** One agent's connection to the office, over as many sockets as the network asks for. */
export class DeskConnection {
  private socket: WebSocket | null = null;
  private readonly unanswered = new Map<string, ReturnType<typeof setTimeout>>();
  private stopMetronome: (() => void) | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private sequence = 0;
  private stuckBeats = 0;

  constructor(
    private readonly url: string,
    private readonly listener: ConnectionListener,
    private readonly isSignedIn: () => Promise<boolean>,
  ) {}

  /** Connects, and keeps connecting until `close`. */
  open(): void {
    this.stopMetronome ??= startMetronome(PING_PERIOD_MS, () => this.beat());
    this.connect();
  }

  /** Ends the connection for good. */
  close(): void {
    this.stopMetronome?.();
    this.stopMetronome = null;
    clearTimeout(this.retry);
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
    this.forgetCommands();
  }

  /** Sends a message that needs no answer; `false` when there is no link. */
  send(message: AgentToServer): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Sends a command; the listener hears when no answer came in time. */
  command(message: AgentToServer & { command_id: string }): boolean {
    if (!this.send(message)) return false;
    const commandId = message.command_id;
    const timer = setTimeout(() => {
      this.unanswered.delete(commandId);
      this.listener.onUnanswered(commandId);
    }, COMMAND_MS_MAX);
    this.unanswered.set(commandId, timer);
    return true;
  }

  private connect(): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    const openedInTime = setTimeout(() => socket.close(), OPENING_MS_MAX);
    let openedAtMs = 0;
    socket.onopen = () => {
      clearTimeout(openedInTime);
      openedAtMs = performance.now();
      this.stuckBeats = 0;
      this.listener.onOpen();
      this.beat();
    };
    socket.onmessage = (event) => this.take(socket, event.data);
    socket.onclose = (event) => {
      clearTimeout(openedInTime);
      if (this.socket !== socket) return;
      if (openedAtMs !== 0 && performance.now() - openedAtMs >= STABLE_MS) this.attempt = 0;
      this.lost(event.code);
    };
  }

  private take(socket: WebSocket, frame: unknown): void {
    if (this.socket !== socket) return;
    try {
      const message = decodeMessage(frame);
      if (message.type === "CommandDone" || message.type === "CommandRefused") this.answered(message.command_id);
      this.listener.onMessage(message);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      reportError(error); // refused, and seen by whoever watches the page; the link goes on
    }
  }

  private answered(commandId: string): void {
    clearTimeout(this.unanswered.get(commandId));
    this.unanswered.delete(commandId);
  }

  private lost(code: number): void {
    this.socket = null;
    this.forgetCommands();
    if (code === CLOSE_REPLACED) {
      this.close();
      this.listener.onReplaced();
      return;
    }
    if (code === CLOSE_SIGNED_OUT) {
      this.listener.onSignedOut();
      return;
    }
    this.listener.onLost();
    this.retry = setTimeout(() => void this.reconnect(), backoffMs(this.attempt, Math.random()));
    this.attempt += 1;
  }

  private async reconnect(): Promise<void> {
    const signedIn = await this.isSignedIn().catch(() => true); // office unreachable: go on trying
    if (this.stopMetronome === null || this.socket !== null) return; // closed or connected meanwhile
    if (signedIn) this.connect();
    else this.listener.onSignedOut();
  }

  /** A ping; bytes that leave the page no more are how a dead network shows. */
  private beat(): void {
    const socket = this.socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    this.stuckBeats = socket.bufferedAmount > 0 ? this.stuckBeats + 1 : 0;
    if (this.stuckBeats >= 2) {
      this.socket = null;
      socket.close();
      this.lost(1006);
      return;
    }
    this.sequence += 1;
    this.send({ type: "AgentPing", sequence: this.sequence });
  }

  private forgetCommands(): void {
    for (const timer of this.unanswered.values()) clearTimeout(timer);
    this.unanswered.clear();
  }
}
