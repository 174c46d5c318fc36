import { describe, expect, it } from "vitest";
import { EMPTY_DESK, next } from "../src/desk/state";
import { correction } from "../src/recordings/in_step";
import { activeCall, snapshot } from "./builders";

const ON_CALL = next(EMPTY_DESK, snapshot({ state: "on_call", active: activeCall({ recording: "notice" }) }), 0);

describe("whether a call is recorded", () => {
  it("is known from the snapshot on, and follows what the terminal tells", () => {
    expect(ON_CALL.work).toMatchObject({ call: { recording: "notice" } });
    const on = next(ON_CALL, { type: "RecordingTold", call_id: "call-1", state: "on", reason: "" }, 0);
    expect(on.work).toMatchObject({ call: { recording: "on" } });
    const declined = next(on, { type: "RecordingTold", call_id: "call-1", state: "declined", reason: "" }, 0);
    expect(declined.work).toMatchObject({ call: { recording: "declined" } });
  });

  it("of another call changes nothing", () => {
    expect(next(ON_CALL, { type: "RecordingTold", call_id: "call-2", state: "on", reason: "" }, 0)).toBe(ON_CALL);
  });
});

describe("two videos on one clock", () => {
  it("leaves what nobody hears", () => {
    expect(correction(10, 10.03)).toEqual({ rate: 1, jumpTo: null });
  });

  it("pulls a little towards the leader, either way", () => {
    expect(correction(10, 9.9).rate).toBeGreaterThan(1);
    expect(correction(10, 10.1).rate).toBeLessThan(1);
  });

  it("jumps over what is far", () => {
    expect(correction(10, 3)).toEqual({ rate: 1, jumpTo: 10 });
  });
});
