/** What the terminal already told of the customer (clause 5.1.6). Nothing personal before identification. */
import type { JSX } from "preact";
import type { CallContext } from "../../contract.gen";
import { Icon } from "../../ui/icons";

const LANGUAGES: Readonly<Record<string, string>> = { en: "английский" };

export function CustomerFacts({ context }: { context: CallContext }): JSX.Element {
  return (
    <>
      <div>
        <dt>
          <Icon name="person" /> {context.segment === "b2c" ? "Клиент" : "Организация"}
        </dt>
        <dd data-testid="customer-name">{context.customer_name || "не идентифицирован"}</dd>
      </div>
      <div>
        <dt>
          <Icon name="account" /> Лицевой счёт
        </dt>
        <dd data-testid="customer-account">{context.account_masked || "не назван"}</dd>
      </div>
      {context.language !== "ru" && (
        <div>
          <dt>
            <Icon name="topic" /> Язык экрана
          </dt>
          <dd data-testid="customer-language">{LANGUAGES[context.language] ?? context.language}</dd>
        </div>
      )}
      {context.ticket !== "" && (
        <div>
          <dt>
            <Icon name="clock" /> Пришёл по записи
          </dt>
          <dd data-testid="customer-ticket">{context.ticket}</dd>
        </div>
      )}
      {context.draft.length > 0 && (
        <div>
          <dt>
            <Icon name="topic" /> Начал вводить показания
          </dt>
          <dd data-testid="customer-draft">{context.draft.map(({ name, value }) => `${name}: ${value}`).join(", ")}</dd>
        </div>
      )}
    </>
  );
}
