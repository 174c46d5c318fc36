import { describe, expect, it } from "vitest";
import { decodeMessage, MessageError } from "../src/desk/decode";

it("a known message passes, with fields of a newer server left unread", () => {
  const frame = JSON.stringify({ type: "CommandDone", command_id: "c-1", news: 1 });
  expect(decodeMessage(frame)).toMatchObject({ type: "CommandDone", command_id: "c-1" });
});

describe("refused with its reason, never with its content", () => {
  it.each([
    ["bytes", new ArrayBuffer(4), "not text"],
    ["no JSON", "secret{", "not JSON"],
    ["a list", "[1]", "not an object"],
    ["no object", "null", "not an object"],
    ["no type", '{"secret":1}', "unknown type"],
    ["a type of a newer server", '{"type":"Secret"}', "unknown type"],
    ["a type that objects inherit", '{"type":"constructor"}', "unknown type"],
    ["a missing field", '{"type":"CallEnded","call_id":"secret"}', "without reason"],
  ])("%s", (_, frame, reason) => {
    expect(() => decodeMessage(frame)).toThrow(MessageError);
    expect(() => decodeMessage(frame)).toThrow(reason);
    expect(() => decodeMessage(frame)).not.toThrow(/secret/i);
  });
});
