/** What a screen reader is told: calls at once, states when there is a pause. */
import type { JSX } from "preact";

export function LiveText({ urgent, polite }: { urgent: string; polite: string }): JSX.Element {
  return (
    <>
      <div class="visually-hidden" role="alert">
        {urgent}
      </div>
      <div class="visually-hidden" role="status">
        {polite}
      </div>
    </>
  );
}
