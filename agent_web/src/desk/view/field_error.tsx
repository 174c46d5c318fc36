/** One sentence below the field that is wrong. */
import type { JSX } from "preact";
import { Icon } from "../../ui/icons";

export function FieldError({ id, words }: { id: string; words: string | null }): JSX.Element | null {
  if (words === null) return null;
  return (
    <p id={id} class="field-error">
      <Icon name="warning" size={16} />
      {words}
    </p>
  );
}
