/** The page «Деньги»: find a payment, look through what needs a person, recount a cassette. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon, type IconName } from "../ui/icons";
import { OfficePage } from "../ui/office_page";
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
  return (
    <OfficePage name="money" title="Деньги" ways={["operations", "desk"]} look="money">
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
    </OfficePage>
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
