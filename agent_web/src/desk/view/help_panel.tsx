/** «Помочь заполнить»: the customer allows it, sees each proposal and writes it in by his own touch (clause 9.6.3c). */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { HelpTold } from "../../contract.gen";
import { Icon } from "../../ui/icons";
import type { DeskController } from "../desk_controller";
import { FIELD_WORDS, helpWords, proposalWords, wrongProposal } from "../help";

interface Props {
  controller: DeskController;
  help: HelpTold | null;
}

export function HelpPanel({ controller, help }: Props): JSX.Element {
  const begun = help !== null && help.state !== "none";
  return (
    <section class="card card-tight cards" aria-labelledby="help-title">
      <h2 id="help-title">Форма на терминале</h2>
      <p class="cards-last" role="status" data-testid="help-state">
        {helpWords(help)}
      </p>
      {help?.state === "on" && help.field !== null && (
        <ProposalForm key={help.form} controller={controller} help={help} label={FIELD_WORDS[help.field]} />
      )}
      {begun && proposalWords(help) !== "" && (
        <p class="cards-last" role="status" data-testid="help-answer">
          {proposalWords(help)}
        </p>
      )}
      <button
        type="button"
        class="button button-quiet"
        data-testid={begun ? "help-end" : "help-offer"}
        disabled={!begun && !help?.form_stands}
        onClick={() => (begun ? controller.withdrawHelp() : controller.offerHelp())}
      >
        {begun ? "Закончить помощь" : "Помочь заполнить"}
      </button>
    </section>
  );
}

interface FormProps {
  controller: DeskController;
  help: HelpTold;
  label: string;
}

function ProposalForm({ controller, help, label }: FormProps): JSX.Element {
  const value = useSignal("");
  const error = useSignal("");
  function send(): void {
    error.value = wrongProposal(help, value.value) ?? "";
    if (error.value !== "") return;
    controller.propose(help.form, value.value.trim());
    value.value = "";
  }
  return (
    <form
      class="card-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="field">
        <span data-testid="help-field">{label}</span>
        <textarea
          data-testid="help-value"
          rows={help.field === "text" || help.field === "address" ? 3 : 1}
          value={value.value}
          aria-invalid={error.value !== ""}
          aria-describedby={error.value !== "" ? "help-error" : undefined}
          onInput={(event) => {
            value.value = event.currentTarget.value;
            error.value = "";
          }}
        />
      </label>
      {error.value !== "" && (
        <p class="field-error" role="alert" id="help-error" data-testid="help-error">
          <Icon name="warning" size={16} />
          {error.value}
        </p>
      )}
      <button type="submit" class="button button-main" data-testid="help-propose">
        Предложить клиенту
      </button>
    </form>
  );
}
