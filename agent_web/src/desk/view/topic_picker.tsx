// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys are the input's, by aria-activedescendant
// biome-ignore-all lint/a11y/useFocusableInteractive: the same, focus stays in the input
// biome-ignore-all lint/a11y/useSemanticElements: a group of options is no fieldset
/** Choice of a topic by typing: a combobox over the grouped classifier. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Topic } from "../../contract.gen";
import { Icon } from "../../ui/icons";
import { searchTopics } from "../topic_search";

interface Props {
  topics: readonly Topic[];
  chosenId: string | null;
  invalid: boolean;
  onChoose: (topicId: string) => void;
}

const LIST_ID = "topic-list";

export function TopicPicker({ topics, chosenId, invalid, onChoose }: Props): JSX.Element {
  const typed = useSignal<string | null>(null); // null: the list is closed and the field shows the choice
  const active = useSignal<string | null>(null);
  const chosen = topics.find((topic) => topic.topic_id === chosenId);
  const groups = typed.value === null ? [] : searchTopics(topics, typed.value);
  const found = groups.flatMap((group) => group.topics);
  const open = typed.value !== null;

  useEffect(() => {
    if (active.value !== null) document.getElementById(optionId(active.value))?.scrollIntoView({ block: "nearest" });
  }, [active.value]);

  const show = (text: string): void => {
    typed.value = text;
    active.value = text === "" ? null : (searchTopics(topics, text)[0]?.topics[0]?.topic_id ?? null);
  };
  const close = (): void => {
    typed.value = null;
    active.value = null;
  };
  const choose = (topicId: string): void => {
    onChoose(topicId);
    close();
  };
  const step = (by: number): void => {
    if (!open) show("");
    const at = found.findIndex((topic) => topic.topic_id === active.value);
    const to = at === -1 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length;
    active.value = found[to]?.topic_id ?? null;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter" && open && active.value !== null) choose(active.value);
    else if (event.key === "Escape" && open) close();
    else return;
    event.preventDefault();
  };

  return (
    <div class="topic-picker">
      <Icon name="search" />
      <input
        id="topic-search"
        data-testid="topic-search"
        role="combobox"
        aria-expanded={open}
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        aria-activedescendant={active.value === null ? undefined : optionId(active.value)}
        aria-invalid={invalid}
        aria-describedby={invalid ? "topic-error" : chosen ? "topic-group" : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Начните печатать: счёт, показания, договор…"
        value={typed.value ?? chosen?.title ?? ""}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => !open && show("")}
        onInput={(event) => show(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      {chosen && !open && (
        <p class="topic-chosen" id="topic-group">
          {chosen.group_title}
        </p>
      )}
      <div id={LIST_ID} role="listbox" aria-label="Темы" class="topic-list" hidden={!open}>
        {open && found.length === 0 && (
          <div role="option" aria-disabled="true" aria-selected="false" class="topic-none">
            Такой темы нет. Попробуйте другое слово.
          </div>
        )}
        {groups.map((group) => (
          <div role="group" aria-label={group.title} key={group.title}>
            <p class="topic-group" aria-hidden="true">
              {group.title}
            </p>
            {group.topics.map((topic) => (
              <div
                key={topic.topic_id}
                id={optionId(topic.topic_id)}
                role="option"
                tabIndex={-1}
                aria-selected={topic.topic_id === active.value}
                class={topic.topic_id === chosenId ? "topic topic-is-chosen" : "topic"}
                data-testid={`topic-option-${topic.topic_id}`}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(topic.topic_id)}
              >
                {topic.title}
                {topic.topic_id === chosenId && <Icon name="check" size={16} />}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function optionId(topicId: string): string {
  return `topic-option-${topicId}`;
}
