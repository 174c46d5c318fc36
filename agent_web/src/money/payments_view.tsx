/** Search of a payment: by account, by the number from a slip, by time. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { PaymentRow, PaymentsAnswer } from "../contract.gen";
import { counted, rubles } from "../format";
import { fetchPayments } from "../office_api";
import { SignMark } from "../operations/terminal_cells";
import { Nothing, Trouble, useAsking } from "../ui/asking";
import { Icon } from "../ui/icons";
import { Claim } from "./claim";
import {
  isClaimable,
  meansWords,
  paymentAdvice,
  paymentSign,
  receiptWords,
  type SearchForm,
  searchQuery,
  slipNumber,
  txnMoment,
} from "./money";
import { Reprint } from "./reprint";

export function PaymentsView({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const asking = useAsking(onSignedOut);
  const answer = useSignal<PaymentsAnswer | null>(null);

  async function search(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const asked = searchQuery(formOf(event.currentTarget as HTMLFormElement));
    if ("trouble" in asked) {
      asking.trouble.value = asked.trouble;
      return;
    }
    await asking.run(async () => {
      answer.value = await fetchPayments(asked.query);
    });
  }

  return (
    <>
      <form class="card money-search" onSubmit={(event) => void search(event)} noValidate>
        <label class="field money-search-what">
          <span>Лицевой счёт или номер с чека</span>
          <input name="what" data-testid="payment-what" maxLength={40} autocomplete="off" inputMode="numeric" />
        </label>
        <label class="field">
          <span>Дата</span>
          <input name="day" type="date" data-testid="payment-day" />
        </label>
        <label class="field">
          <span>С какого времени</span>
          <input name="from" type="time" data-testid="payment-from" />
        </label>
        <label class="field">
          <span>До какого</span>
          <input name="until" type="time" data-testid="payment-until" />
        </label>
        <button type="submit" class="button button-main" data-testid="payment-search" aria-disabled={asking.busy.value}>
          <Icon name="search" />
          {asking.busy.value ? "Ищем…" : "Найти"}
        </button>
        <Trouble words={asking.trouble.value} />
      </form>
      {answer.value === null ? (
        <Nothing icon="search" title="Найдите платёж" testId="payments-start">
          Спросите у клиента лицевой счёт или номер операции с чека. Нет ни того, ни другого&nbsp;— помогут дата и
          время.
        </Nothing>
      ) : (
        <Found answer={answer.value} onSignedOut={onSignedOut} />
      )}
    </>
  );
}

function formOf(form: HTMLFormElement): SearchForm {
  const data = new FormData(form);
  const text = (name: string): string => String(data.get(name) ?? "").trim();
  return { what: text("what"), day: text("day"), from: text("from"), until: text("until") };
}

interface FoundProps {
  answer: PaymentsAnswer;
  onSignedOut: () => void;
}

function Found({ answer, onSignedOut }: FoundProps): JSX.Element {
  if (answer.payments.length === 0) {
    return (
      <Nothing icon="absent" title="Платёж не найден" testId="payments-empty">
        Проверьте цифры. Терминал без связи присылает платежи, когда она вернётся: чек клиента остаётся в силе.
      </Nothing>
    );
  }
  return (
    <section aria-label="Найденные платежи" class="money-list">
      <p class="muted" role="status">
        {counted(answer.payments.length, "платёж", "платежа", "платежей")}
        {answer.more && ". Показаны последние: уточните запрос"}
      </p>
      <ul data-testid="payments">
        {answer.payments.map((row) => (
          <Payment key={`${row.terminal_id} ${row.txn_id}`} row={row}>
            <Reprint row={row} onSignedOut={onSignedOut} />
            {answer.may_act && isClaimable(row) && <Claim row={row} onSignedOut={onSignedOut} />}
          </Payment>
        ))}
      </ul>
    </section>
  );
}

interface PaymentProps {
  row: PaymentRow;
  children: ComponentChildren;
}

function Payment({ row, children }: PaymentProps): JSX.Element {
  return (
    <li class="card money-row" data-testid={`payment-${row.txn_id}`}>
      <div class="money-row-head">
        <strong class="money-sum">{rubles(row.amount_minor)}</strong>
        <SignMark sign={paymentSign(row)} strong />
        <span class="muted">{txnMoment(row.txn_date)}</span>
      </div>
      <p>{paymentAdvice(row)}</p>
      <dl class="money-facts">
        <Fact name="Лицевой счёт" value={row.account} />
        <Fact name="Номер с чека" value={slipNumber(row.txn_id)} />
        <Fact name="Терминал" value={row.terminal_title || row.terminal_id} />
        <Fact name="Способ" value={meansWords(row.means)} />
        <Fact name="Комиссия" value={rubles(row.fee_minor)} />
        <Fact name="Чек" value={receiptWords(row)} />
      </dl>
      {children}
    </li>
  );
}

export function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value === "" ? "не указан" : value}</dd>
    </div>
  );
}
