/** What needs a person: in doubt, not credited, differences, alerts. Open ones with acts, closed ones to look up. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { MoneyItemRow, MoneyItemsAnswer } from "../contract.gen";
import { ago, counted, moment, rubles } from "../format";
import { fetchMoneyItems } from "../office_api";
import { SignMark } from "../operations/terminal_cells";
import { Nothing, Trouble, useAsking } from "../ui/asking";
import { ItemActs } from "./item_acts";
import { isUnderWay, itemNumber, itemSign, ownerWords, pastWords } from "./money";
import { Fact } from "./payments_view";

/** How often it is asked what a terminal has done by now. */
const LOOK_AGAIN_MS = 3_000;

interface Props {
  closed: boolean;
  onSignedOut: () => void;
}

export function ItemsView({ closed, onSignedOut }: Props): JSX.Element {
  const asking = useAsking(onSignedOut);
  const answer = useSignal<MoneyItemsAnswer | null>(null);
  async function load(): Promise<void> {
    await asking.run(async () => {
      answer.value = await fetchMoneyItems(closed);
    });
  }
  useEffect(() => {
    void load();
  }, [closed]);
  const underWay = answer.value?.items.some(isUnderWay) ?? false;
  useEffect(() => {
    if (!underWay) return;
    const timer = setInterval(() => void load(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [underWay]);

  if (answer.value === null) {
    return asking.trouble.value === "" ? (
      <p class="fleet-empty">Загружаем…</p>
    ) : (
      <Trouble words={asking.trouble.value} />
    );
  }
  return (
    <>
      <Trouble words={asking.trouble.value} />
      <Items answer={answer.value} closed={closed} onSignedOut={onSignedOut} onDone={() => void load()} />
    </>
  );
}

interface ItemsProps extends Props {
  answer: MoneyItemsAnswer;
  onDone: () => void;
}

function Items({ answer, closed, onSignedOut, onDone }: ItemsProps): JSX.Element {
  if (answer.items.length === 0) {
    return closed ? (
      <Nothing icon="check" title="Закрытых записей пока нет" testId="items-empty">
        Здесь останется, кто и что решил.
      </Nothing>
    ) : (
      <Nothing icon="check" title="Разбирать нечего" testId="items-empty">
        Все деньги зачислены, журналы сходятся.
      </Nothing>
    );
  }
  return (
    <section aria-label={closed ? "Закрытые записи" : "Открытые записи"} class="money-list">
      <p class="muted" role="status" data-testid="items-total">
        {counted(answer.items.length, "запись", "записи", "записей")}
        {!closed && answer.open_minor > 0 && ` на сумму ${rubles(answer.open_minor)}`}
        {answer.more && ". Показаны не все"}
      </p>
      <ul>
        {answer.items.map((item) => (
          <li key={item.item_id} class="card money-row" data-testid={`item-${item.item_id}`}>
            <ItemFacts item={item} nowMs={answer.server_time_ms} />
            {!closed && answer.may_act && (
              <ItemActs item={item} nowMs={answer.server_time_ms} onSignedOut={onSignedOut} onDone={onDone} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ItemFacts({ item, nowMs }: { item: MoneyItemRow; nowMs: number }): JSX.Element {
  const number = itemNumber(item);
  return (
    <>
      <div class="money-row-head">
        {item.amount_minor > 0 && <strong class="money-sum">{rubles(item.amount_minor)}</strong>}
        <SignMark sign={itemSign(item)} strong />
        <span class="muted">
          {moment(item.opened_ms)}, {ago(nowMs - item.opened_ms)}
        </span>
      </div>
      <p>{item.detail}</p>
      <dl class="money-facts">
        <Fact name="Чьё" value={ownerWords(item)} />
        <Fact name="Лицевой счёт" value={item.account} />
        <Fact name="Терминал" value={item.terminal_title || item.terminal_id || "все"} />
        {number !== null && <Fact name={number.name} value={number.value} />}
      </dl>
      {item.closed_ms > 0 && (
        <p class="money-resolution">
          <strong>{item.resolution}</strong> <span class="muted">{moment(item.closed_ms)}</span>
        </p>
      )}
      {item.proposals.map((proposal) => {
        const words = pastWords(item, proposal);
        return (
          words !== null && (
            <p key={proposal.proposal_id} class={proposal.state === "failed" ? "money-failed" : "muted"}>
              {words}
            </p>
          )
        );
      })}
    </>
  );
}
