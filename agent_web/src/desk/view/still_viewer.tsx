/** One still as large as the window: larger, smaller, turned. Escape closes it and nothing else. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { StillTold } from "../../contract.gen";
import { stillPath, ZOOMS, zoomed } from "../stills";

const QUARTER = 90;
const FULL_TURN = 360;

interface Props {
  still: StillTold;
  onClose: () => void;
}

export function StillViewer({ still, onClose }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useSignal<HTMLImageElement | null>(null);
  const gone = useSignal(false);
  const zoom = useSignal(1);
  const degrees = useSignal(0);
  useEffect(() => {
    dialog.current?.showModal();
    const loading = new Image();
    loading.onload = () => (picture.value = loading);
    loading.onerror = () => (gone.value = true);
    loading.src = stillPath(still);
  }, [still, picture, gone]);
  useEffect(() => {
    if (canvas.current !== null && picture.value !== null) draw(canvas.current, picture.value, degrees.value);
  }, [picture.value, degrees.value]);
  return (
    <dialog
      ref={dialog}
      class="still-viewer"
      aria-label="Документ клиента"
      data-testid="still-viewer"
      onClose={onClose}
    >
      <div class="still-tools">
        <button
          type="button"
          class="button button-quiet"
          data-testid="still-smaller"
          aria-disabled={zoom.value === ZOOMS[0]}
          onClick={() => (zoom.value = zoomed(zoom.value, -1))}
        >
          Мельче
        </button>
        <button
          type="button"
          class="button button-quiet"
          data-testid="still-larger"
          aria-disabled={zoom.value === ZOOMS.at(-1)}
          onClick={() => (zoom.value = zoomed(zoom.value, 1))}
        >
          Крупнее
        </button>
        <button
          type="button"
          class="button button-quiet"
          data-testid="still-turn"
          onClick={() => (degrees.value = (degrees.value + QUARTER) % FULL_TURN)}
        >
          Повернуть
        </button>
        <button
          type="button"
          class="button button-main"
          data-testid="still-close"
          onClick={() => dialog.current?.close()}
        >
          Закрыть
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls it */}
      <section class="still-paper" tabIndex={0} aria-label="Снимок, прокручивается стрелками">
        {gone.value && <p role="alert">Этого снимка больше нет</p>}
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Снимок документа, повёрнут на ${degrees.value}°`}
          data-testid="still-picture"
          style={{ width: `${zoom.value * 100}%` }}
        />
      </section>
    </dialog>
  );
}

function draw(canvas: HTMLCanvasElement, picture: HTMLImageElement, degrees: number): void {
  const lies = degrees % (2 * QUARTER) !== 0;
  canvas.width = lies ? picture.naturalHeight : picture.naturalWidth;
  canvas.height = lies ? picture.naturalWidth : picture.naturalHeight;
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((degrees * Math.PI) / (2 * QUARTER));
  pen.drawImage(picture, -picture.naturalWidth / 2, -picture.naturalHeight / 2);
}
