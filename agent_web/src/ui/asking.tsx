/** What every view of the page does alike: ask the office, show the trouble, say that there is nothing. */
import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { OfficeError } from "../office_api";
import { Icon, type IconName } from "./icons";

export interface Asking {
  busy: Signal<boolean>;
  trouble: Signal<string>;
  /** Does one thing with the office; true when it is done. A second press while it runs does nothing. */
  run: (work: () => Promise<void>) => Promise<boolean>;
}

export function useAsking(onSignedOut: () => void): Asking {
  const busy = useSignal(false);
  const trouble = useSignal("");
  async function run(work: () => Promise<void>): Promise<boolean> {
    if (busy.peek()) return false;
    busy.value = true;
    try {
      await work();
      trouble.value = "";
      return true;
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      if (error.status === 401) onSignedOut();
      trouble.value = error.message;
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, trouble, run };
}

export function Trouble({ words }: { words: string }): JSX.Element {
  return (
    <div role="alert" class="form-trouble" data-testid="money-trouble">
      {words !== "" && (
        <>
          <Icon name="warning" />
          <span>{words}</span>
        </>
      )}
    </div>
  );
}

interface NothingProps {
  icon: IconName;
  title: string;
  testId: string;
  children: ComponentChildren;
}

export function Nothing({ icon, title, testId, children }: NothingProps): JSX.Element {
  return (
    <section class="fleet-empty" data-testid={testId}>
      <Icon name={icon} size={48} />
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  );
}
