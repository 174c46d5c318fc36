/** A quiet evening with lit windows: what the desk shows while nobody rings. Decoration only. */
import type { JSX } from "preact";

const TOWERS = [
  { x: 96, y: 172, k: 1 },
  { x: 236, y: 184, k: 0.8 },
  { x: 344, y: 192, k: 0.62 },
];
const HOUSES = [
  { x: 396, y: 176, w: 46, h: 84 },
  { x: 446, y: 150, w: 58, h: 110 },
  { x: 510, y: 186, w: 40, h: 74 },
  { x: 554, y: 164, w: 52, h: 96 },
];

export function CalmPicture({ awake }: { awake: boolean }): JSX.Element {
  return (
    <svg class={awake ? "calm-picture" : "calm-picture calm-picture-asleep"} viewBox="0 0 640 300" aria-hidden="true">
      <defs>
        <linearGradient id="calm-sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" class="calm-sky-top" />
          <stop offset="1" class="calm-sky-low" />
        </linearGradient>
        <clipPath id="calm-frame">
          <rect width="640" height="300" rx="28" />
        </clipPath>
      </defs>
      <g clip-path="url(#calm-frame)">
        <rect width="640" height="300" fill="url(#calm-sky)" />
        <circle cx="500" cy="96" r="42" class="calm-sun" />
        <path d="M0 214c90-46 170-44 262-14s250 22 378-26v126H0z" class="calm-hill-far" />
        {TOWERS.map((tower) => (
          <Tower key={tower.x} {...tower} />
        ))}
        <path
          d="M-20 128q58 40 92 2M120 130q60 34 92 16M72 130q80 52 140 16M260 148q36 26 68 22M212 148q70 40 116 22M360 170q40 22 86-20M328 172q60 36 118-22"
          class="calm-wire"
        />
        {HOUSES.map((house) => (
          <House key={house.x} {...house} />
        ))}
        <path d="M0 246c120-26 250-10 360-2s200 6 280-8v64H0z" class="calm-hill-near" />
      </g>
    </svg>
  );
}

function Tower({ x, y, k }: { x: number; y: number; k: number }): JSX.Element {
  return (
    <g transform={`translate(${x} ${y}) scale(${k})`} class="calm-tower">
      <path d="M-18 66L-5-66h10L18 66M-12 20L14 44M12 20L-14 44M-9-14l18 22M9-14L-9 8M-30-42h60M-24-24h48M-5-66L9-42M5-66L-9-42" />
    </g>
  );
}

function House({ x, y, w, h }: { x: number; y: number; w: number; h: number }): JSX.Element {
  const columns = Math.floor((w - 8) / 13);
  const rows = Math.floor((h - 16) / 16);
  const windows = Array.from({ length: columns * rows }, (_, index) => index);
  return (
    <g>
      <rect x={x} y={y} width={w} height={h} rx="3" class="calm-house" />
      {windows.map((index) => {
        const lit = (index * 7 + x) % 5 < 3;
        const left = x + 7 + (index % columns) * 13;
        const top = y + 9 + Math.floor(index / columns) * 16;
        return (
          <rect key={index} x={left} y={top} width="7" height="8" rx="1.5" class={lit ? "calm-lit" : "calm-dark"} />
        );
      })}
    </g>
  );
}
