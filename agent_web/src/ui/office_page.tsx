/** The frame of every page beside the desk: its name, the ways to the others, what ails it. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Icon, type IconName, Mark } from "./icons";

const WAYS = {
  operations: { href: "/operations", icon: "plug", words: "Терминалы" },
  money: { href: "/money", icon: "note", words: "Деньги" },
  recordings: { href: "/recordings", icon: "camera", words: "Записи" },
  messages: { href: "/messages", icon: "bell", words: "Сообщения" },
  desk: { href: "/", icon: "person", words: "Рабочее место" },
} as const satisfies Record<string, { href: string; icon: IconName; words: string }>;

export type OfficeWay = keyof typeof WAYS;

interface PageProps {
  name: Exclude<OfficeWay, "desk">; // also what a robot reads
  title: string;
  ways: readonly OfficeWay[];
  look?: string; // a class of its own
  children: ComponentChildren;
}

export function OfficePage({ name, title, ways, look = "", children }: PageProps): JSX.Element {
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div class={`root operations ${look}`.trim()} data-desk-state={name}>
      <header class="operations-header">
        <Mark size={36} />
        <h1>{title}</h1>
        {ways.map((way) => (
          <a key={way} class="button button-quiet" href={WAYS[way].href} target={way}>
            <Icon name={WAYS[way].icon} />
            {WAYS[way].words}
          </a>
        ))}
      </header>
      <main>{children}</main>
    </div>
  );
}

interface TroubleProps {
  words: string; // empty: all is well
  testId: string;
  icon?: IconName;
}

export function PageTrouble({ words, testId, icon = "warning" }: TroubleProps): JSX.Element | null {
  if (words === "") return null;
  return (
    <p class="banner banner-trouble" role="alert" data-testid={testId}>
      <Icon name={icon} />
      <span>{words}</span>
    </p>
  );
}
