/** How customers get on alone: the share of visits without a consultant, and what is asked most (clause 8.1.1a). */
import type { JSX } from "preact";
import type { SelfServiceAnswer } from "../contract.gen";
import { counted } from "../format";
import { fetchSelfService } from "../office_api";
import { usePolled } from "../ui/polled";
import { pathWords, share, visitsOf } from "./self_service";

const POLL_PERIOD_MS = 600_000; // the office counts anew no more often

export function SelfService(): JSX.Element {
  const { told: answer, trouble } = usePolled(fetchSelfService, POLL_PERIOD_MS);

  return (
    <section class="self-service" data-testid="self-service" aria-labelledby="self-service-title">
      <h2 id="self-service-title">
        Самообслуживание{answer.value !== null && ` за ${counted(answer.value.days, "день", "дня", "дней")}`}
      </h2>
      {trouble.value !== "" && <p class="muted">{trouble.value}</p>}
      {answer.value === null ? trouble.value === "" && <p class="muted">Загружаем…</p> : <Told answer={answer.value} />}
    </section>
  );
}

function Told({ answer }: { answer: SelfServiceAnswer }): JSX.Element {
  const visits = visitsOf(answer);
  return (
    <>
      {visits === 0 ? (
        <p class="muted">Визитов за это время не было. Терминалы присылают шаги визита, когда он закончен.</p>
      ) : (
        <Shares answer={answer} visits={visits} />
      )}
      {answer.topics.length > 0 && <Topics answer={answer} />}
    </>
  );
}

function Shares({ answer, visits }: { answer: SelfServiceAnswer; visits: number }): JSX.Element {
  return (
    <>
      <dl class="fleet-sums">
        <div>
          <dt>Справились сами</dt>
          <dd>
            {share(answer.alone, visits)}{" "}
            <small>
              {answer.alone} из {visits}
            </small>
          </dd>
        </div>
        <div>
          <dt>Звали консультанта</dt>
          <dd>
            {share(answer.with_consultant, visits)} <small>{answer.with_consultant}</small>
          </dd>
        </div>
        <div>
          <dt>Ушли ни с чем</dt>
          <dd>
            {share(answer.left, visits)} <small>{answer.left}</small>
          </dd>
        </div>
      </dl>
      <p class="self-service-meaning">
        «Справились сами» — визиты, в которых клиент закончил услугу, заплатил или открыл ответ и не звал консультанта.
        «Звали» — в том числе когда консультант не ответил. Доля — от всех визитов.
      </p>
    </>
  );
}

function Topics({ answer }: { answer: SelfServiceAnswer }): JSX.Element {
  return (
    <>
      <table class="fleet self-service-topics">
        <caption>Самые частые темы</caption>
        <thead>
          <tr>
            <th scope="col">Тема</th>
            <th scope="col">Визиты</th>
            <th scope="col">Без консультанта</th>
            <th scope="col">Обращения</th>
            <th scope="col">Как решить самому</th>
          </tr>
        </thead>
        <tbody>
          {answer.topics.map((topic) => (
            <tr key={topic.topic_id}>
              <th scope="row">{topic.title}</th>
              <td data-label="Визиты">{topic.visits}</td>
              <td data-label="Без консультанта">{share(topic.visits_alone, topic.visits)}</td>
              <td data-label="Обращения">{topic.registered}</td>
              <td data-label="Как решить самому">
                {topic.path === "none" ? <strong>{pathWords(topic.path)}</strong> : pathWords(topic.path)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="self-service-meaning">
        Визит относится к теме, если в нём открыли ответ на неё, начали услугу или обращение о ней или назвали её
        консультанту. Обращения — зарегистрированные по теме, с терминала и из звонков. Темы стоят по сумме этих двух
        чисел; по ним же терминалы ставят первыми самые частые ответы.
      </p>
    </>
  );
}
