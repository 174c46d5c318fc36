/** Pictograms of the pages, drawn here so that nothing comes from elsewhere. Each stands beside a word. */
import type { JSX } from "preact";

const PATHS = {
  speak: "M4 5h16v11H9l-5 4zM8.5 10.5h.01M12 10.5h.01M15.5 10.5h.01",
  write: "M4 20c3-1 4.5-1 6 0s3.5 1 5 0M14.5 4.500l4 4L10 17l-4.5.5.5-4.500z",
  type: "M3 6h18v12H3zM7 10h.01M10.5 10h.01M14 10h.01M17 10h.01M7 14h10",
  phone:
    "M5 4h4l1.5 4.500L8 10.500a12 12 0 0 0 5.5 5.500l2-2.500L20 15v4a1.5 1.5 0 0 1-1.600 1.500C10.5 20 4 13.5 3.5 5.600A1.5 1.5 0 0 1 5 4z",
  hang_up:
    "M2.5 13.500c0-1.600.7-2.600 2-3.300 4.600-2.400 10.400-2.400 15 0 1.300.7 2 1.700 2 3.300v1.300c0 .7-.6 1.200-1.300 1.100l-3.300-.6a1.200 1.200 0 0 1-1-1.100l-.2-2.100a13 13 0 0 0-7.400 0l-.2 2.100a1.200 1.200 0 0 1-1 1.100l-3.300.6c-.7.1-1.300-.4-1.300-1.100z",
  microphone: "M12 3.500a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM5.5 11.500a6.5 6.5 0 0 0 13 0M12 18v3",
  microphone_off:
    "M15 9.500v-3a3 3 0 0 0-5.700-1.300M9 9v2.500a3 3 0 0 0 4.700 2.400M5.5 11.500a6.5 6.5 0 0 0 10.700 5M18.5 11.500a6.300 6.300 0 0 1-.4 2.300M12 18v3M4 3.500l16 17",
  camera: "M3.5 7h11v10h-11zM14.5 10.500l6-3v9l-6-3",
  camera_off: "M8 7h6.500v6.500M14.5 10.500l6-3v9l-4-2M14.5 17h-11V7h1M4 3.500l16 17",
  clock: "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.500V12l3 2",
  place:
    "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 7.800a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.500c.8-3.600 3.800-5.5 7.5-5.500s6.700 1.900 7.5 5.5",
  people:
    "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.500c.6-3 3.200-4.700 6.5-4.700s5.900 1.700 6.5 4.700M16 5.300a3.5 3.5 0 0 1 0 6.400M18 15.300c2 .7 3.200 2.100 3.5 4.200",
  account: "M3.5 5.500h17v13h-17zM7 10h4M7 14h10M15 10h2",
  check: "M4.5 12.500l5 5 10-11",
  warning: "M12 4l9 16H3zM12 10v4.500M12 17.300v.1",
  fault: "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9 9l6 6M15 9l-6 6",
  absent: "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12",
  busy: "M7 3.500h10M7 20.500h10M8 3.500c0 5 8 6.5 8 17M16 3.500c0 5-8 6.5-8 17",
  close: "M6 6l12 12M18 6L6 18",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.500L20.5 20.5",
  bell: "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.5 1.500h-15zM10 20.500h4",
  sign_out: "M14 4H5v16h9M10 12h10.500M17 8.500l3.5 3.5-3.5 3.5",
  outside: "M10 5H5v14h14v-5M13.5 4.500h6v6M19.5 4.500L11 13",
  note: "M2.5 6.500h19v11h-19zM12 9.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 12h.01M18 12h.01",
  printer: "M7 9V3.500h10V9M7 17H3.500V9h17v8H17M7 14h10v6.500H7z",
  speaker: "M4 9.500v5h3.500L12 18.500v-13L7.5 9.500zM15.5 9a4.200 4.200 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11",
  plug: "M9 3.500V8M15 3.500V8M6.5 8h11v3.500a5.5 5.5 0 0 1-11 0zM12 17v3.5",
  topic: "M4 4.500h7l9 9-6.5 6.5-9-9zM8 8.500h.01",
  link_lost:
    "M3 9a13 13 0 0 1 4-2.600M11 5a13 13 0 0 1 10 4M6 12.500a8.5 8.5 0 0 1 4-2.300M14.5 10.300a8.5 8.5 0 0 1 3.5 2.200M9 16a4.5 4.5 0 0 1 6 0M12 19.500h.01M4 3.500l16 17",
} as const;

export type IconName = keyof typeof PATHS;

/** A pictogram in the colour of its text. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the product. The company's own logo replaces it by one file. */
export function Mark({ size = 36 }: { size?: number }): JSX.Element {
  return <img class="mark" src="/favicon.svg" width={size} height={size} alt="" />;
}
