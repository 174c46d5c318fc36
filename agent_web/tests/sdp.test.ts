import { expect, it } from "vitest";
import { sendsVideo, withBitrateHints } from "../src/desk/sdp";

const HINT = "x-google-start-bitrate=1500;x-google-min-bitrate=300";

function offer(...videoLines: string[]): string {
  return [
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0 1",
    "m=audio 9 UDP/TLS/RTP/SAVPF 96",
    "a=rtpmap:96 opus/48000/2",
    "a=fmtp:96 useinbandfec=1",
    "m=video 9 UDP/TLS/RTP/SAVPF 97 98 99 100",
    ...videoLines,
    "",
  ].join("\r\n");
}

const TERMINAL = offer(
  "a=sendrecv",
  "a=rtpmap:97 VP8/90000",
  "a=rtcp-fb:97 goog-remb",
  "a=rtpmap:98 rtx/90000",
  "a=fmtp:98 apt=97",
  "a=rtpmap:99 H264/90000",
  "a=fmtp:99 packetization-mode=1;profile-level-id=42e01f",
);

it("every picture codec gets the hints, with an fmtp of its own or an added one", () => {
  const lines = withBitrateHints(TERMINAL).split("\r\n");
  expect(lines).toContain(`a=fmtp:99 packetization-mode=1;profile-level-id=42e01f;${HINT}`);
  expect(lines[lines.indexOf("a=rtpmap:97 VP8/90000") + 1]).toBe(`a=fmtp:97 ${HINT}`);
});

it("sound and retransmission stay as they were", () => {
  const lines = withBitrateHints(TERMINAL).split("\r\n");
  expect(lines).toContain("a=fmtp:96 useinbandfec=1");
  expect(lines).toContain("a=fmtp:98 apt=97");
});

it("nothing else changes: without the hints it is the terminal's text again", () => {
  const changed = withBitrateHints(TERMINAL);
  expect(changed.replace(`a=fmtp:97 ${HINT}\r\n`, "").replace(`;${HINT}`, "")).toBe(TERMINAL);
});

it("hints are given once, however often the text passes", () => {
  expect(withBitrateHints(withBitrateHints(TERMINAL))).toBe(withBitrateHints(TERMINAL));
});

it("a description without a picture passes untouched, also with bare line feeds", () => {
  const soundOnly = "v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 opus/48000/2\n";
  expect(withBitrateHints(soundOnly)).toBe(soundOnly);
});

it("tells whether a picture is promised", () => {
  expect(sendsVideo(TERMINAL)).toBe(true);
  expect(sendsVideo(offer("a=recvonly", "a=rtpmap:97 VP8/90000"))).toBe(false);
  expect(sendsVideo(TERMINAL.replace("m=video 9 ", "m=video 0 "))).toBe(false);
  expect(sendsVideo("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\n")).toBe(false);
});
