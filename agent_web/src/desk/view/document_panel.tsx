/** «Документ для клиента»: a file, an article or a paper of a case before him, page by page, and onto paper (6.1.1). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Segment } from "../../contract.gen";
import { showDocument } from "../../office_api";
import { useAsking } from "../../ui/asking";
import { Icon } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import { documentWords, FILE_TYPES, SOURCE_WORDS, type Source, sheetsWords, wrongFile } from "../documents";
import type { Desk } from "../state";
import { ArticleSource, PaperSource } from "./document_sources";

interface Props {
  controller: DeskController;
  desk: Desk;
  callId: string;
  segment: Segment;
}

const SOURCES = Object.keys(SOURCE_WORDS) as Source[];

export function DocumentPanel({ controller, desk, callId, segment }: Props): JSX.Element {
  const wrong = useSignal("");
  const source = useSignal<Source>("file");
  const asking = useAsking(() => controller.onSignedOut());
  const { busy, trouble, run } = asking;
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
    <section class="card card-tight cards" aria-labelledby="document-title" data-testid="document-panel">
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
      <fieldset class="sources">
        <legend>Откуда</legend>
        {SOURCES.map((each) => (
          <label key={each} class="source">
            <input
              type="radio"
              name="document-source"
              data-testid={`source-${each}`}
              checked={source.value === each}
              onChange={() => {
                source.value = each;
                wrong.value = "";
                trouble.value = "";
              }}
            />
            {SOURCE_WORDS[each]}
          </label>
        ))}
      </fieldset>
      {source.value === "article" && <ArticleSource asking={asking} callId={callId} segment={segment} />}
      {source.value === "paper" && <PaperSource asking={asking} callId={callId} />}
      {source.value === "file" && (
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
      )}
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
