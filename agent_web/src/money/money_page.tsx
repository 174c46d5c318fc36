/** The page «Деньги»: find a payment, look through what needs a person, recount a cassette. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Icon, type IconName, Mark } from "../ui/icons";
import { CollectionsView } from "./collections_view";
import { ItemsView } from "./items_view";
import { PaymentsView } from "./payments_view";

type Tab = "payments" | "items" | "collections" | "closed";

const TABS: readonly { tab: Tab; words: string; icon: IconName }[] = [
  { tab: "payments", words: "Найти платёж", icon: "search" },
  { tab: "items", words: "Разобрать", icon: "warning" },
  { tab: "collections", words: "Инкассация", icon: "note" },
  { tab: "closed", words: "Закрыто", icon: "check" },
];

export function MoneyPage({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const tab = useSignal<Tab>("payments");
  useEffect(() => {
    document.title = "Деньги";
  }, []);
  return (
    <div class="root operations money" data-desk-state="money">
      <header class="operations-header">
        <Mark size={36} />
        <h1>Деньги</h1>
        <a class="button button-quiet" href="/operations" target="operations">
          <Icon name="plug" />
          Терминалы
        </a>
        <a class="button button-quiet" href="/" target="desk">
          <Icon name="person" />
          Рабочее место
        </a>
      </header>
      <main>
        <nav class="money-tabs" aria-label="Разделы">
          {TABS.map((each) => (
            <button
              key={each.tab}
              type="button"
              class="money-tab"
              aria-current={tab.value === each.tab ? "page" : undefined}
              data-testid={`money-tab-${each.tab}`}
              onClick={() => {
                tab.value = each.tab;
              }}
            >
              <Icon name={each.icon} size={18} />
              {each.words}
            </button>
          ))}
        </nav>
        <Shown tab={tab.value} onSignedOut={onSignedOut} />
      </main>
    </div>
  );
}

function Shown({ tab, onSignedOut }: { tab: Tab; onSignedOut: () => void }): JSX.Element {
  switch (tab) {
    case "payments":
      return <PaymentsView onSignedOut={onSignedOut} />;
    case "items":
      return <ItemsView key="open" closed={false} onSignedOut={onSignedOut} />;
    case "closed":
      return <ItemsView key="closed" closed onSignedOut={onSignedOut} />;
    case "collections":
      return <CollectionsView onSignedOut={onSignedOut} />;
    default:
      return tab satisfies never;
  }
}
