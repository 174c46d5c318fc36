/** Commands that the page waits for. */

/** What a command asks for; its answer comes as `CommandDone` or `CommandRefused` with the same id. */
export type CommandPurpose =
  | "ready"
  | "accept"
  | "decline"
  | "end"
  | "misconduct"
  | "alarm"
  | "ring"
  | "check"
  | "next_case"
  | "portal"
  | "wrap_up";
export interface Pending {
  commandId: string;
  purpose: CommandPurpose;
}
