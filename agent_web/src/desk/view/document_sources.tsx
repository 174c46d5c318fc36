/** Documents that are no files: answers of the Справочник, found by words, and photos of the customer's open cases. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ArticleLine, CallPaper, Segment } from "../../contract.gen";
import { fetchPapers, findArticles, showArticle, showPaper } from "../../office_api";
import type { Asking } from "../../ui/asking";
import { namedPapers } from "../documents";

interface SourceProps {
  asking: Asking;
  callId: string;
}

export function ArticleSource({ asking, callId, segment }: SourceProps & { segment: Segment }): JSX.Element {
  const query = useSignal("");
  const found = useSignal<readonly ArticleLine[] | null>(null);
  async function search(): Promise<void> {
    await asking.run(async () => {
      const { articles } = await findArticles(segment, query.value);
      found.value = articles;
    });
  }
  useEffect(() => void search(), [callId]);
  return (
    <>
      <Search
        testid="article"
        words="Слова вопроса"
        value={query.value}
        onInput={(value) => (query.value = value)}
        onSearch={search}
      />
      {found.value?.length === 0 && <p class="hint">Ничего не нашлось. Попробуйте другие слова</p>}
      <ul class="found" aria-label="Ответы Справочника" data-testid="articles">
        {found.value?.map(({ article_id, title, group_title }) => (
          <Found
            key={article_id}
            testid="article-show"
            busy={asking.busy.value}
            onShow={() => asking.run(async () => void (await showArticle(callId, { article_id })))}
          >
            {title}
            <span class="hint">{group_title}</span>
          </Found>
        ))}
      </ul>
    </>
  );
}

export function PaperSource({ asking, callId }: SourceProps): JSX.Element {
  const number = useSignal("");
  const found = useSignal<readonly CallPaper[] | null>(null);
  async function search(): Promise<void> {
    await asking.run(async () => {
      const { papers } = await fetchPapers(callId, number.value);
      found.value = papers;
    });
  }
  useEffect(() => void search(), [callId]);
  return (
    <>
      <Search
        testid="paper"
        words="Номер обращения клиента"
        value={number.value}
        onInput={(value) => (number.value = value)}
        onSearch={search}
      />
      {found.value?.length === 0 && <p class="hint">Документов нет. Спросите у клиента номер обращения</p>}
      <ul class="found" aria-label="Документы обращений" data-testid="papers">
        {namedPapers(found.value ?? []).map(([{ number, attachment_id }, words]) => (
          <Found
            key={`${number} ${attachment_id}`}
            testid="paper-show"
            busy={asking.busy.value}
            onShow={() => asking.run(async () => void (await showPaper(callId, { number, attachment_id })))}
          >
            {words}
          </Found>
        ))}
      </ul>
    </>
  );
}

interface SearchProps {
  testid: string;
  words: string;
  value: string;
  onInput: (value: string) => void;
  onSearch: () => Promise<void>;
}

function Search({ testid, words, value, onInput, onSearch }: SearchProps): JSX.Element {
  return (
    <form
      class="source-search"
      onSubmit={(event) => {
        event.preventDefault();
        void onSearch();
      }}
    >
      <label class="field">
        <span>{words}</span>
        <input
          type="search"
          maxLength={100}
          data-testid={`${testid}-query`}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button button-quiet" data-testid={`${testid}-search`}>
        Найти
      </button>
    </form>
  );
}

interface FoundProps {
  testid: string;
  busy: boolean;
  onShow: () => Promise<boolean>;
  children: ComponentChildren;
}

function Found({ testid, busy, onShow, children }: FoundProps): JSX.Element {
  return (
    <li>
      <button
        type="button"
        class="button button-quiet found-one"
        data-testid={testid}
        aria-disabled={busy}
        onClick={() => void onShow()}
      >
        {children}
      </button>
    </li>
  );
}
