/** The clock of a hold, and what to say; over the picture, where the agent looks when he is back (clause 9.4.12). */
import type { JSX } from "preact";
import { ticking } from "../../clock";
import { clock } from "../../format";
import { holdPrompt, holdTold, holdUrgency } from "../hold";
import type { Desk } from "../state";

export function HoldPanel({ desk }: { desk: Desk }): JSX.Element | null {
  if (desk.heldSinceMs === null) return null;
  const passedMs = Math.max(0, ticking.value - desk.heldSinceMs);
  const told = holdTold(desk.notes);
  return (
    <section class={`card card-tight hold hold-${holdUrgency(passedMs)}`} aria-label="Клиент на удержании">
      <span class="hold-figure" role="timer" data-testid="hold-timer">
        {clock(passedMs)}
      </span>
      <p role="status" data-testid="hold-prompt">
        {holdPrompt(passedMs)}
        {told !== "" && <small data-testid="hold-told">{told}</small>}
      </p>
    </section>
  );
}
