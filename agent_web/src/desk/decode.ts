/** The border of the wire: text frames in, messages of the contract out. */
import type { ServerToAgent } from "../contract.gen";

/** A frame of the office that is no message of the contract. The text never carries its content. */
export class MessageError extends Error {}

/** Every type the office may send; a type missing here, or one too many, does not compile. */
const KNOWN: Record<ServerToAgent["type"], readonly string[]> = {
  DeskSnapshot: ["server_time_ms", "plate", "state", "topics", "guides"],
  WorkplaceJudged: ["checks", "may_serve"],
  QueueChanged: ["waiting", "longest_wait_ms", "agents_on_duty"],
  AgentStateChanged: ["state"],
  CallOffered: ["call"],
  OfferWithdrawn: ["call_id", "reason"],
  CallChecked: ["call_id", "way", "preflight"],
  CallStarted: ["call"],
  CategoryChecked: ["call_id", "verdict"],
  CallCasesChanged: ["call_id", "cases", "portal"],
  PartyInvited: ["call_id", "role", "from_name"],
  InvitationClosed: ["call_id"],
  RoomChanged: ["call_id", "media_epoch", "parties"],
  SdpOffer: ["call_id", "media_epoch", "sdp"],
  SdpAnswer: ["call_id", "media_epoch", "sdp"],
  IceCandidate: ["call_id", "media_epoch", "candidate"],
  CallNote: ["call_id", "note_id", "author"],
  RecordingTold: ["call_id", "state"],
  HelpTold: ["call_id", "state", "form_stands"],
  DocumentTold: ["call_id", "document_id", "state"],
  SendingTold: ["call_id", "sending_id", "way", "state"],
  StillTold: ["call_id", "still_id", "state"],
  CallEnded: ["call_id", "reason"],
  CaseRegistered: ["call_id", "case_number", "received_date"],
  StaffNote: ["note_id", "from_name", "text", "urgent"],
  IncidentRaised: ["incident"],
  RingTold: ["call_id", "state"],
  CommandRefused: ["command_id", "reason"],
  CommandDone: ["command_id"],
};

/** One frame as a message. Unknown fields are kept unread; an unknown type or a missing field is refused. */
export function decodeMessage(frame: unknown): ServerToAgent {
  if (typeof frame !== "string") throw new MessageError("a frame is not text");
  const message = parsed(frame);
  const type = message["type"];
  if (typeof type !== "string" || !Object.hasOwn(KNOWN, type)) throw new MessageError("a frame of unknown type");
  for (const field of KNOWN[type as ServerToAgent["type"]]) {
    if (message[field] === undefined) throw new MessageError(`${type} without ${field}`);
  }
  return message as unknown as ServerToAgent;
}

function parsed(frame: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    throw new MessageError("a frame is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MessageError("a frame is not an object");
  }
  return value as Record<string, unknown>;
}
