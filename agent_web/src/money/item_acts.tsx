/** What one may do with an open item. Money is moved by two people: who proposes does not approve. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { MoneyItemRow, ProposalAct, ProposalRow } from "../contract.gen";
import { actOnMoney } from "../office_api";
import { type Asking, Trouble, useAsking } from "../ui/asking";
import { decidedProposal, isMovable, isUnderWay, orderWords, proposalWords, waitingProposal } from "./money";

type Form = "none" | ProposalAct | "close" | "withdraw";

interface Props {
  item: MoneyItemRow;
  nowMs: number;
  onSignedOut: () => void;
  onDone: () => void;
}

export function ItemActs({ item, nowMs, onSignedOut, onDone }: Props): JSX.Element {
  const asking = useAsking(onSignedOut);
  const form = useSignal<Form>("none");
  const waiting = waitingProposal(item);
  const decided = decidedProposal(item);

  async function done(work: () => Promise<void>): Promise<void> {
    if (await asking.run(work)) {
      form.value = "none";
      onDone();
    }
  }
  return (
    <div class="money-acts">
      {waiting !== undefined && <Waiting item={item} proposal={waiting} asking={asking} done={done} />}
      {decided !== undefined && (
        <p
          class={isUnderWay(item) ? "money-decided money-under-way" : "money-decided"}
          role="status"
          data-testid={`decided-${item.item_id}`}
        >
          <strong>{proposalWords(item, decided)}</strong>
          <br />
          Решили {decided.proposed_by} и {decided.decided_by}. {decided.progress}{" "}
          {decided.by_hand && "Исполните и отметьте."}
          {decided.order !== null && !decided.by_hand && <span class="muted">{orderWords(decided.order, nowMs)}</span>}
        </p>
      )}
      {waiting === undefined && form.value === "none" && (
        <Choices
          item={item}
          busy={asking.busy.value}
          onTake={() => void done(() => actOnMoney("take", { item_id: item.item_id }))}
          onForm={(next) => {
            form.value = next;
          }}
        />
      )}
      {waiting === undefined && form.value !== "none" && (
        <ReasonForm
          item={item}
          form={form.value}
          busy={asking.busy.value}
          done={done}
          onCancel={() => {
            form.value = "none";
            asking.trouble.value = "";
          }}
        />
      )}
      <Trouble words={asking.trouble.value} />
    </div>
  );
}

interface ChoicesProps {
  item: MoneyItemRow;
  busy: boolean;
  onTake: () => void;
  onForm: (form: Form) => void;
}

function Choices({ item, busy, onTake, onForm }: ChoicesProps): JSX.Element {
  const id = item.item_id;
  const decided = decidedProposal(item);
  return (
    <div class="money-buttons">
      {!item.mine && (
        <button
          type="button"
          class="button button-quiet"
          data-testid={`take-${id}`}
          aria-disabled={busy}
          onClick={onTake}
        >
          Взять себе
        </button>
      )}
      {isMovable(item) && decided === undefined ? (
        <>
          <button
            type="button"
            class="button button-main"
            data-testid={`readdress-${id}`}
            onClick={() => onForm("readdress")}
          >
            Зачислить на счёт
          </button>
          <button
            type="button"
            class="button button-quiet"
            data-testid={`refund-${id}`}
            onClick={() => onForm("refund")}
          >
            Вернуть клиенту
          </button>
        </>
      ) : (
        !isUnderWay(item) && (
          <button type="button" class="button button-main" data-testid={`close-${id}`} onClick={() => onForm("close")}>
            {isMovable(item) ? "Отметить исполнение" : "Закрыть с пояснением"}
          </button>
        )
      )}
      {decided?.order?.may_withdraw && (
        <button
          type="button"
          class="button button-quiet"
          data-testid={`withdraw-${id}`}
          onClick={() => onForm("withdraw")}
        >
          Отозвать решение
        </button>
      )}
      {decided?.by_hand && decided.act === "refund" && (
        <a
          class="button button-quiet"
          href={`/api/money/refunds/${decided.proposal_id}.pdf`}
          target="_blank"
          rel="noreferrer"
          data-testid={`print-${id}`}
        >
          Распоряжение для печати
        </a>
      )}
    </div>
  );
}

interface WaitingProps {
  item: MoneyItemRow;
  proposal: ProposalRow;
  asking: Asking;
  done: (work: () => Promise<void>) => Promise<void>;
}

function Waiting({ item, proposal, asking, done }: WaitingProps): JSX.Element {
  const decide = (approve: boolean): void => {
    void done(() => actOnMoney("decide", { proposal_id: proposal.proposal_id, approve }));
  };
  return (
    <div class="money-waiting" data-testid={`waiting-${item.item_id}`}>
      <p>
        <strong>{proposalWords(item, proposal)}</strong>
        <br />
        {proposal.reason} <span class="muted">Предложил {proposal.proposed_by}.</span>
      </p>
      {proposal.mine && <p class="hint">Ждёт второго человека: своё предложение подтвердить нельзя.</p>}
      <div class="money-buttons">
        {!proposal.mine && (
          <button
            type="button"
            class="button button-go"
            data-testid={`approve-${item.item_id}`}
            aria-disabled={asking.busy.value}
            onClick={() => decide(true)}
          >
            Подтвердить
          </button>
        )}
        <button
          type="button"
          class="button button-quiet"
          data-testid={`decline-${item.item_id}`}
          aria-disabled={asking.busy.value}
          onClick={() => decide(false)}
        >
          {proposal.mine ? "Отозвать" : "Отклонить"}
        </button>
      </div>
    </div>
  );
}

const FORM_WORDS: Record<Exclude<Form, "none">, { reason: string; submit: string }> = {
  readdress: { reason: "Почему на этот счёт", submit: "Предложить зачисление" },
  refund: { reason: "Почему возвращаем", submit: "Предложить возврат" },
  close: { reason: "Чем закончилось", submit: "Закрыть" },
  withdraw: { reason: "Почему отзываем", submit: "Отозвать" },
};

const DONE_WORDS = { reason: "Номер зачисления или расходного ордера", submit: "Исполнено" };

interface ReasonFormProps {
  item: MoneyItemRow;
  form: Exclude<Form, "none">;
  busy: boolean;
  done: (work: () => Promise<void>) => Promise<void>;
  onCancel: () => void;
}

function ReasonForm({ item, form, busy, done, onCancel }: ReasonFormProps): JSX.Element {
  const words = form === "close" && isMovable(item) ? DONE_WORDS : FORM_WORDS[form];
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const reason = String(data.get("reason") ?? "").trim();
    const account = String(data.get("account") ?? "").replace(/\s/g, "");
    void done(() => {
      if (form === "withdraw") {
        return actOnMoney("withdraw", { proposal_id: decidedProposal(item)?.proposal_id ?? "", reason });
      }
      if (form === "close") return actOnMoney("close", { item_id: item.item_id, resolution: reason });
      return actOnMoney("propose", { item_id: item.item_id, act: form, reason, account });
    });
  };
  return (
    <form class="money-form" onSubmit={submit}>
      {form === "readdress" && (
        <label class="field">
          <span>Лицевой счёт</span>
          <input name="account" data-testid={`account-${item.item_id}`} maxLength={64} required autocomplete="off" />
        </label>
      )}
      <label class="field money-form-reason">
        <span>{words.reason}</span>
        <input name="reason" data-testid={`reason-${item.item_id}`} minLength={3} maxLength={1000} required />
      </label>
      <div class="money-buttons">
        <button type="submit" class="button button-main" data-testid={`submit-${item.item_id}`} aria-disabled={busy}>
          {words.submit}
        </button>
        <button type="button" class="button button-quiet" onClick={onCancel}>
          Отмена
        </button>
      </div>
      {(form === "readdress" || form === "refund") && (
        <p class="hint">Решение вступит в силу, когда его подтвердит второй человек.</p>
      )}
      {form === "withdraw" && (
        <p class="hint">
          Деньги останутся, где лежат. Если терминал уже начал исполнять, решение будет исполнено: об этом скажет его
          журнал.
        </p>
      )}
    </form>
  );
}
