/** Why the customer came out of turn, and what the agent says of the document (clauses 6.3.3, 9.6.1). */
import type { JSX } from "preact";
import type { Turn } from "../../contract.gen";
import { Icon } from "../../ui/icons";
import { HELP_WORDS, VERDICT_WORDS } from "../../words";

interface Props {
  turn: Turn;
  onCheck?: (confirmed: boolean) => void; // in the talk: while the document is before the camera
}

export function TurnFacts({ turn, onCheck }: Props): JSX.Element | null {
  if (!turn.special_help && turn.category_id === "") return null;
  return (
    <div>
      <dt>
        <Icon name="person" /> Вне очереди
      </dt>
      <dd data-testid="turn">{turn.special_help ? HELP_WORDS : turn.title}</dd>
      {turn.category_id !== "" && <dd data-testid="turn-verdict">{VERDICT_WORDS[turn.verdict]}</dd>}
      {onCheck !== undefined && turn.category_id !== "" && turn.verdict === "unchecked" && (
        <dd class="turn-acts">
          <button type="button" class="button button-quiet" data-testid="confirm-turn" onClick={() => onCheck(true)}>
            Документ есть
          </button>
          <button type="button" class="button button-quiet" data-testid="reject-turn" onClick={() => onCheck(false)}>
            Нет документа: вернуть в очередь
          </button>
        </dd>
      )}
    </div>
  );
}
