/** Cells of a terminal's row. */
import type { JSX } from "preact";
import type { AlarmReport, CassetteReport, DeviceReport, LastPreflight, ReadinessReport } from "../contract.gen";
import { ago, moment, noteValue, rubles } from "../format";
import { foundWords, hasTrouble } from "../preflight";
import { Icon } from "../ui/icons";
import { deviceKind, deviceSign, lackWords, notesCount, type Sign } from "./fleet";
import { alarmSign, cashStopWords, detailWords, storageView } from "./trouble_words";

export function SignMark({ sign, strong = false }: { sign: Sign; strong?: boolean }): JSX.Element {
  return (
    <span class={strong ? `sign sign-strong sign-${sign.tone}` : `sign sign-${sign.tone}`}>
      <Icon name={sign.icon} size={16} />
      {sign.words}
    </span>
  );
}

export function SeenCell({ seenMs, nowMs }: { seenMs: number; nowMs: number }): JSX.Element {
  if (seenMs === 0) return <span class="muted">никогда</span>;
  return (
    <span class="seen">
      <span>{ago(nowMs - seenMs)}</span>
      <time class="muted" dateTime={new Date(seenMs).toISOString()}>
        {moment(seenMs)}
      </time>
    </span>
  );
}

/** Devices; those of a silent terminal are its last word, and said so. */
export function DevicesCell({ devices, stale }: { devices: readonly DeviceReport[]; stale: boolean }): JSX.Element {
  if (devices.length === 0) return <span class="muted">не сообщал</span>;
  return (
    <>
      <ul class="devices">
        {devices.map((device) => {
          const kind = deviceKind(device);
          return (
            <li key={device.device_class}>
              <Icon name={kind.icon} size={18} />
              <span class="device-name">{kind.name}</span>
              <SignMark sign={deviceSign(device)} />
              <DeviceDetail detail={device.detail} />
            </li>
          );
        })}
      </ul>
      {stale && <p class="muted">по последнему сообщению</p>}
    </>
  );
}

/** What the terminal found when a customer waited last. */
export function PreflightLine({ last }: { last: LastPreflight }): JSX.Element {
  return (
    <p class="device-detail" data-testid="last-preflight">
      <Icon name={hasTrouble(last.found) ? "warning" : "check"} size={16} /> Перед звонком {moment(last.at_ms)}:{" "}
      {foundWords(last.found).join("; ")}
    </p>
  );
}

function DeviceDetail({ detail }: { detail: string }): JSX.Element {
  const { words, codes } = detailWords(detail);
  return (
    <>
      {words.map((line) => (
        <span key={line} class="device-detail">
          {line}
        </span>
      ))}
      {codes.length > 0 && (
        <details class="device-detail">
          <summary>для техника</summary>
          <code lang="en">{codes.join("; ")}</code>
        </details>
      )}
    </>
  );
}

/** Why a terminal is not ready, or only in part (clause 5.3.1). */
export function LacksCell({ readiness }: { readiness: ReadinessReport | null }): JSX.Element | null {
  const lacks = readiness?.lacks.filter((lack) => lack.what !== "cash") ?? []; // why no cash is taken stands below
  if (lacks.length === 0) return null;
  return (
    <ul class="lacks" aria-label="Чего не хватает">
      {lacks.map((lack) => (
        <li key={`${lack.what} ${lack.why}`}>{lackWords(lack)}</li>
      ))}
    </ul>
  );
}

/** What a person has to know at once, and why no cash is taken. */
export function AlarmsCell({
  alarms,
  cashStopped,
  nowMs,
}: {
  alarms: readonly AlarmReport[];
  cashStopped: string;
  nowMs: number;
}): JSX.Element {
  const stopped = cashStopWords(cashStopped);
  return (
    <>
      {alarms.length > 0 && (
        <ul class="alarms">
          {alarms.map((alarm) => (
            <li key={alarm.kind}>
              <SignMark sign={alarmSign(alarm)} />
              <span class="muted">{ago(nowMs - alarm.since_ms)}</span>
            </li>
          ))}
        </ul>
      )}
      {stopped !== "" && <p class="cash-stopped">Наличные не принимаются: {stopped}</p>}
    </>
  );
}

function StorageUnits({ devices }: { devices: readonly DeviceReport[] }): JSX.Element {
  const units = devices.flatMap((device) => device.storage);
  return (
    <>
      {units.map((unit) => {
        const view = storageView(unit);
        return (
          <div key={unit.unit_id} class="storage">
            <span>
              {view.name}: {view.filled}
            </span>
            <meter min={0} max={1} value={view.share} aria-label={`${view.name}: ${view.filled}`} />
            {view.sign.tone !== "good" && <SignMark sign={view.sign} />}
          </div>
        );
      })}
    </>
  );
}

export function CassetteCell({
  cassette,
  devices,
}: {
  cassette: CassetteReport | null;
  devices: readonly DeviceReport[];
}): JSX.Element {
  if (cassette === null) return <span class="muted">нет данных</span>;
  return (
    <div class="cassette">
      <strong>{rubles(cassette.total_minor)}</strong>
      <span class="muted">{notesCount(cassette)}</span>
      {cassette.notes.length > 0 && (
        <ul>
          {cassette.notes.map((notes) => (
            <li key={notes.value_minor}>
              {noteValue(notes.value_minor)} × {notes.count}
            </li>
          ))}
        </ul>
      )}
      {cassette.in_doubt_minor > 0 && (
        <span class="sign sign-caution">
          <Icon name="warning" size={16} />
          под вопросом {rubles(cassette.in_doubt_minor)}
        </span>
      )}
      <StorageUnits devices={devices} />
    </div>
  );
}
