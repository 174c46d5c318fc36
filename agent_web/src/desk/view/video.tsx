/** A picture with or without its sound. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  stream: MediaStream | null;
  testid: string;
  label: string;
  muted?: boolean;
  mirrored?: boolean;
}

export function Video({ stream, testid, label, muted = false, mirrored = false }: Props): JSX.Element {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null || video.srcObject === stream) return;
    video.srcObject = stream;
    if (stream !== null) video.play().catch(() => undefined); // replaced meanwhile: the next effect plays
  }, [stream]);
  return (
    <video
      ref={element}
      class={mirrored ? "video video-mirrored" : "video"}
      data-testid={testid}
      aria-label={label}
      autoplay
      playsInline
      muted={muted}
    />
  );
}
