/** Changes to the descriptions of a call. Pure text in, text out. */

/** Without transport-cc a browser starts at 300 kbit/s and climbs for half a minute; these start it at once. */
export const START_BITRATE_KBPS = 1_500;
export const MIN_BITRATE_KBPS = 300;

const HINT = `x-google-start-bitrate=${START_BITRATE_KBPS};x-google-min-bitrate=${MIN_BITRATE_KBPS}`;
const NO_PICTURE_CODECS = new Set(["rtx", "red", "ulpfec", "flexfec-03"]);

/** The terminal's description with start and least bitrate in every video codec's `a=fmtp`. */
export function withBitrateHints(sdp: string): string {
  const [session = "", ...media] = sdp.split(/(?=^m=)/m);
  return session + media.map((part) => (part.startsWith("m=video ") ? hinted(part) : part)).join("");
}

function hinted(part: string): string {
  const lineEnd = part.includes("\r\n") ? "\r\n" : "\n";
  const lines = part.split(lineEnd);
  const codecs = pictureCodecs(lines);
  const described = new Set<string>();
  const kept = lines.map((line) => {
    const payload = /^a=fmtp:(\d+) /.exec(line)?.[1];
    if (payload === undefined || !codecs.has(payload)) return line;
    described.add(payload);
    return line.includes("x-google-start-bitrate") ? line : `${line};${HINT}`;
  });
  return kept.flatMap((line) => [line, ...addedAfter(line, codecs, described)]).join(lineEnd);
}

function pictureCodecs(lines: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const line of lines) {
    const match = /^a=rtpmap:(\d+) ([^/]+)\//.exec(line);
    if (match?.[1] && match[2] && !NO_PICTURE_CODECS.has(match[2].toLowerCase())) found.add(match[1]);
  }
  return found;
}

/** A codec without an `a=fmtp` gets one after its `a=rtpmap`. */
function addedAfter(line: string, codecs: ReadonlySet<string>, described: ReadonlySet<string>): string[] {
  const payload = /^a=rtpmap:(\d+) /.exec(line)?.[1];
  if (payload === undefined || !codecs.has(payload) || described.has(payload)) return [];
  return [`a=fmtp:${payload} ${HINT}`];
}

/** Whether the terminal promises a picture. */
export function sendsVideo(sdp: string): boolean {
  const parts = sdp.split(/(?=^m=)/m).filter((part) => part.startsWith("m=video "));
  return parts.some((part) => !part.startsWith("m=video 0 ") && !/^a=(recvonly|inactive)\r?$/m.test(part));
}
