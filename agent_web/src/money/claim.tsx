/** «Платили не на тот счёт»: a credited payment becomes something that two people decide on. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { PaymentRow } from "../contract.gen";
import { actOnMoney } from "../office_api";
import { Trouble, useAsking } from "../ui/asking";

interface Props {
  row: PaymentRow;
  onSignedOut: () => void;
}

export function Claim({ row, onSignedOut }: Props): JSX.Element {
  const asking = useAsking(onSignedOut);
  const stage = useSignal<"closed" | "open" | "sent">("closed");
  const id = row.txn_id;
  if (stage.value === "sent") {
    return (
      <p class="money-decided" role="status" data-testid={`claimed-${id}`}>
        Записано. Куда зачислить деньги, предложите в разделе «Разобрать».
      </p>
    );
  }
  if (stage.value === "closed") {
    return (
      <div class="money-buttons">
        <button
          type="button"
          class="button button-quiet"
          data-testid={`claim-${id}`}
          onClick={() => {
            stage.value = "open";
          }}
        >
          Платили не на тот счёт
        </button>
      </div>
    );
  }
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const form = { terminal_id: row.terminal_id, txn_id: id, reason: String(data.get("reason") ?? "").trim() };
    if (await asking.run(() => actOnMoney("claim", form))) stage.value = "sent";
  };
  return (
    <form class="money-form" onSubmit={(event) => void submit(event)}>
      <label class="field money-form-reason">
        <span>Что сказал клиент</span>
        <input name="reason" data-testid={`claim-reason-${id}`} minLength={3} maxLength={1000} required />
      </label>
      <div class="money-buttons">
        <button
          type="submit"
          class="button button-main"
          data-testid={`claim-send-${id}`}
          aria-disabled={asking.busy.value}
        >
          Записать обращение
        </button>
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            stage.value = "closed";
          }}
        >
          Отмена
        </button>
      </div>
      <p class="hint">
        Пока день платежа не закончился, терминал отменит зачисление сам. Позже это делает биллинг по письму.
      </p>
      <Trouble words={asking.trouble.value} />
    </form>
  );
}
