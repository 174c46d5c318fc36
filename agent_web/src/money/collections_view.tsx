/** Emptyings of cassettes, and the recount of the cash office against the journal. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CollectionCount, CollectionRow, CollectionsAnswer } from "../contract.gen";
import { moment, noteValue, rubles } from "../format";
import { actOnMoney, fetchCollections } from "../office_api";
import { SignMark } from "../operations/terminal_cells";
import { type Asking, Nothing, Trouble, useAsking } from "../ui/asking";
import { recountDifferences, recountOf, recountSign, recountValues, sumMinor } from "./money";
import { Fact } from "./payments_view";

interface Props {
  onSignedOut: () => void;
}

export function CollectionsView({ onSignedOut }: Props): JSX.Element {
  const asking = useAsking(onSignedOut);
  const answer = useSignal<CollectionsAnswer | null>(null);
  async function load(): Promise<void> {
    await asking.run(async () => {
      answer.value = await fetchCollections();
    });
  }
  useEffect(() => {
    void load();
  }, []);

  if (answer.value === null) {
    return asking.trouble.value === "" ? (
      <p class="fleet-empty">Загружаем…</p>
    ) : (
      <Trouble words={asking.trouble.value} />
    );
  }
  if (answer.value.collections.length === 0) {
    return (
      <Nothing icon="note" title="Инкассаций пока не было" testId="collections-empty">
        Терминал пришлёт каждую, как только кассету вынут.
      </Nothing>
    );
  }
  const { collections, may_act } = answer.value;
  return (
    <section aria-label="Инкассации" class="money-list">
      <Trouble words={asking.trouble.value} />
      <ul>
        {collections.map((each) => (
          <li
            key={`${each.terminal_id} ${each.collection_id}`}
            class="card money-row"
            data-testid={`collection-${each.collection_id}`}
          >
            <Facts collection={each} />
            {may_act && each.counted_ms === 0 && (
              <Recount collection={each} onSignedOut={onSignedOut} onDone={() => void load()} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ collection }: { collection: CollectionRow }): JSX.Element {
  const sign = recountSign(collection);
  return (
    <>
      <div class="money-row-head">
        <strong class="money-sum">{rubles(collection.total_minor)}</strong>
        {sign !== null && <SignMark sign={sign} strong />}
        {!collection.authorised && (
          <SignMark sign={{ tone: "bad", icon: "warning", words: "без входа инкассатора" }} strong />
        )}
        {collection.closed_ms === 0 && (
          <SignMark sign={{ tone: "caution", icon: "busy", words: "не закончена" }} strong />
        )}
        <span class="muted">{moment(collection.opened_ms)}</span>
      </div>
      <dl class="money-facts">
        <Fact name="Терминал" value={collection.terminal_title || collection.terminal_id} />
        <Fact name="Инкассация №" value={String(collection.number)} />
        <Fact name="Инкассатор" value={collection.collector} />
        <Fact name="Номер сумки" value={collection.seal} />
        {collection.in_doubt_minor > 0 && (
          <Fact name="Под вопросом, отдельно" value={rubles(collection.in_doubt_minor)} />
        )}
        {collection.counted_ms > 0 && (
          <Fact name={`Пересчитал ${collection.counted_by}`} value={rubles(collection.counted_minor)} />
        )}
      </dl>
      <ul class="money-counts" aria-label="По журналу">
        {collection.counts.map((each) => (
          <li key={each.value_minor}>
            {noteValue(each.value_minor)} × {each.count}
          </li>
        ))}
      </ul>
    </>
  );
}

interface RecountProps extends Props {
  collection: CollectionRow;
  onDone: () => void;
}

function Recount({ collection, onSignedOut, onDone }: RecountProps): JSX.Element {
  const asking = useAsking(onSignedOut);
  const open = useSignal(false);
  const checked = useSignal<CollectionCount[] | null>(null);
  const typed = useSignal<ReadonlyMap<number, string>>(new Map());
  const id = collection.collection_id;
  if (!open.value) {
    return (
      <div class="money-buttons">
        <button
          type="button"
          class="button button-main"
          data-testid={`recount-${id}`}
          onClick={() => {
            open.value = true;
          }}
        >
          Записать пересчёт
        </button>
      </div>
    );
  }
  if (checked.value !== null) {
    const form = { terminal_id: collection.terminal_id, collection_id: id, counted: checked.value };
    const write = async (): Promise<void> => {
      if (await asking.run(() => actOnMoney("recount", form))) onDone();
    };
    return (
      <Confirm
        collection={collection}
        counted={checked.value}
        asking={asking}
        onWrite={() => void write()}
        onBack={() => {
          checked.value = null;
        }}
      />
    );
  }
  const found = recountOf(typed.value);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    asking.trouble.value = "trouble" in found ? found.trouble : "";
    if ("counted" in found) checked.value = found.counted;
  };
  return (
    <form class="money-form" onSubmit={submit} noValidate>
      <fieldset class="money-recount">
        <legend>Сколько штук насчитали</legend>
        {recountValues(collection).map((valueMinor) => (
          <label key={valueMinor} class="field">
            <span>{noteValue(valueMinor)}</span>
            <input
              inputMode="numeric"
              maxLength={5}
              autocomplete="off"
              data-testid={`count-${valueMinor}-${id}`}
              value={typed.value.get(valueMinor) ?? ""}
              onInput={(event) => {
                typed.value = new Map([...typed.value, [valueMinor, event.currentTarget.value]]);
              }}
            />
          </label>
        ))}
      </fieldset>
      <p data-testid={`recount-sum-${id}`}>
        Насчитано <strong>{"trouble" in found ? "…" : rubles(sumMinor(found.counted))}</strong>
        {"trouble" in found ? "" : `, по журналу ${rubles(collection.total_minor)}`}
      </p>
      <p class="hint">Записывается один раз. Недостача и излишек станут записями, журнал терминала не меняется.</p>
      <div class="money-buttons">
        <button type="submit" class="button button-main" data-testid={`recount-check-${id}`}>
          Проверить и записать
        </button>
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            open.value = false;
          }}
        >
          Отмена
        </button>
      </div>
      <Trouble words={asking.trouble.value} />
    </form>
  );
}

interface ConfirmProps {
  collection: CollectionRow;
  counted: readonly CollectionCount[];
  asking: Asking;
  onWrite: () => void;
  onBack: () => void;
}

/** The last look: a recount is written once and for good. */
function Confirm({ collection, counted, asking, onWrite, onBack }: ConfirmProps): JSX.Element {
  const id = collection.collection_id;
  const differences = recountDifferences(collection, counted);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    place.current?.focus(); // the button that was pressed is gone
  }, []);
  return (
    <section
      ref={place}
      tabIndex={-1}
      class="money-waiting"
      aria-label="Проверьте пересчёт"
      data-testid={`recount-confirm-${id}`}
    >
      <p>
        <strong>Записать пересчёт: {rubles(sumMinor(counted))}?</strong>
        <br />
        {differences.length === 0
          ? "Сходится с журналом."
          : `По журналу ${rubles(collection.total_minor)}. Расходится:`}
      </p>
      {differences.length > 0 && (
        <ul class="money-counts" aria-label="Расхождения">
          {differences.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      <p class="hint">Исправить записанный пересчёт нельзя.</p>
      <div class="money-buttons">
        <button
          type="button"
          class="button button-main"
          data-testid={`recount-send-${id}`}
          aria-disabled={asking.busy.value}
          onClick={onWrite}
        >
          Записать
        </button>
        <button type="button" class="button button-quiet" data-testid={`recount-back-${id}`} onClick={onBack}>
          Исправить
        </button>
      </div>
      <Trouble words={asking.trouble.value} />
    </section>
  );
}
