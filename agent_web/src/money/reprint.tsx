/** A copy of a payment's slip, at the terminal where its customer stands. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { PaymentRow } from "../contract.gen";
import { actOnMoney } from "../office_api";
import { Trouble, useAsking } from "../ui/asking";

interface Props {
  row: PaymentRow;
  onSignedOut: () => void;
}

export function Reprint({ row, onSignedOut }: Props): JSX.Element {
  const asking = useAsking(onSignedOut);
  const sent = useSignal(false);
  const print = async (): Promise<void> => {
    const form = { terminal_id: row.terminal_id, txn_id: row.txn_id };
    if (await asking.run(() => actOnMoney("reprint", form))) sent.value = true;
  };
  return (
    <>
      <div class="money-buttons">
        <button
          type="button"
          class="button button-quiet"
          data-testid={`reprint-${row.txn_id}`}
          aria-disabled={asking.busy.value}
          onClick={() => void print()}
        >
          Напечатать копию на терминале
        </button>
        {sent.value && <span role="status">Терминал печатает копию.</span>}
      </div>
      <Trouble words={asking.trouble.value} />
    </>
  );
}
