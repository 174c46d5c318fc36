/** «Показать документ»: a file before the customer, page by page, and onto paper where he has a printer (6.1.1). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { showDocument } from "../../office_api";
import { useAsking } from "../../ui/asking";
import { Icon } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import { documentWords, FILE_TYPES, sheetsWords, wrongFile } from "../documents";
import type { Desk } from "../state";

interface Props {
  controller: DeskController;
  desk: Desk;
  callId: string;
}

export function DocumentPanel({ controller, desk, callId }: Props): JSX.Element {
  const wrong = useSignal("");
  const { busy, trouble, run } = useAsking(() => controller.onSignedOut());
  const told = desk.document;
  const stands = told !== null && (told.state === "loading" || told.state === "shown");

  async function chosen(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (file === undefined) return;
    wrong.value = wrongFile(file.size) ?? "";
    if (wrong.value === "") {
      const title = file.name.replace(/\.[^.]*$/, "");
      await run(async () => void (await showDocument(callId, title, file)));
    }
    input.value = "";
  }

  const error = wrong.value || trouble.value;
  return (
    <section class="card card-tight cards" aria-labelledby="document-title">
      <h2 id="document-title">Документ для клиента</h2>
      {busy.value && (
        <p class="cards-last" role="status">
          Готовим страницы…
        </p>
      )}
      {told !== null && (
        <p class="cards-last" role="status" data-testid="document-state">
          {documentWords(told)}
        </p>
      )}
      {told !== null && sheetsWords(told) !== "" && (
        <p class="hint" role="status" data-testid="document-sheets">
          {sheetsWords(told)}
        </p>
      )}
      {error !== "" && (
        <p class="field-error" role="alert" id="document-error" data-testid="document-error">
          <Icon name="warning" size={16} />
          {error}
        </p>
      )}
      <label class="field">
        <span>PDF, JPEG или PNG, до 10 МБ и 20 страниц</span>
        <input
          type="file"
          accept={FILE_TYPES}
          data-testid="document-file"
          disabled={busy.value}
          aria-invalid={error !== ""}
          aria-describedby={error !== "" ? "document-error" : undefined}
          onChange={(event) => void chosen(event.currentTarget)}
        />
      </label>
      {stands && (
        <button
          type="button"
          class="button button-quiet"
          data-testid="document-close"
          onClick={() =>
            controller.tellCall((call_id) => ({
              type: "WithdrawDocument",
              call_id,
              document_id: told.document_id,
            }))
          }
        >
          Убрать с экрана клиента
        </button>
      )}
    </section>
  );
}
