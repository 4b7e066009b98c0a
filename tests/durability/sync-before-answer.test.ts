import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRoom, sendMessage } from "@croft/api";
import { expect, onTestFinished, test } from "vitest";
import { ok } from "../../packages/testkit/src/call.ts";
import { startCroft } from "../../packages/testkit/src/croft-process.ts";
import { signUp } from "../../packages/testkit/src/sign-up.ts";
import { until } from "../../packages/testkit/src/until.ts";
import { type Acknowledged, acknowledgedTooEarly, readTrace } from "./trace.ts";

const ROOMS = 4;
const SENDS_PER_ROOM = 12;
/** Room for a page of the log and for the head of an answer. */
const STRING_BYTES = 8_192;

test("every send is answered only after its event in the log was synced to disk, alone or in a group", async () => {
  const folder = mkdtempSync(join(tmpdir(), "croft-trace-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const trace = join(folder, "trace");
  const calls = "trace=pwrite64,pwritev,pwritev2,write,writev,fsync,fdatasync,sendto,sendmsg";
  const croft = await startCroft({
    data: join(folder, "data"),
    prefix: ["strace", "-f", "-y", "--seccomp-bpf", "-s", `${STRING_BYTES}`, "-e", calls, "-o", trace],
  });
  const acknowledged = await sendEverywhere(croft.url);
  const tooEarly = () => acknowledgedTooEarly(readTrace(readFileSync(trace, "latin1")), acknowledged);
  // A call is written down a moment after it ended.
  await until("the trace of every answer", () => tooEarly().every((found) => !found.endsWith("was never answered")));
  await croft.kill();
  expect(acknowledged).toHaveLength(ROOMS * SENDS_PER_ROOM);
  expect(tooEarly()).toEqual([]);
}, 60_000);

/** Rooms side by side, so that commits are shared; one after the other in each, so that others are not. */
async function sendEverywhere(url: string): Promise<Acknowledged[]> {
  const { token } = await signUp(url, "alice");
  const rooms = Array.from({ length: ROOMS }, async (_, room) => {
    const { room_id: roomId } = await ok(url, createRoom, { token, body: {} });
    const acknowledged: Acknowledged[] = [];
    for (let send = 0; send < SENDS_PER_ROOM; send++) {
      // Several times, so that one of them is whole on its page of the log.
      const text = `[event ${send} of room ${room}]`;
      const params = { roomId, eventType: "m.room.message", txnId: `${send}` };
      const body = { msgtype: "m.text", body: text.repeat(3) };
      const { event_id: eventId } = await ok(url, sendMessage, { token, params, body });
      acknowledged.push({ text, eventId });
    }
    return acknowledged;
  });
  return (await Promise.all(rooms)).flat();
}

test("an answer before the sync has ended, or with no sync since the write, is noticed", () => {
  const write = '12 pwrite64(17</data/croft.db-wal>, "...hello...", 4096, 32) = 4096';
  const answer = '10 writev(21<socket:[5]>, [{iov_base="{\\"event_id\\":\\"$a\\"}", iov_len=9}], 1) = 9';
  const sync = "12 fdatasync(17</data/croft.db-wal>) = 0";
  const begun = "12 fdatasync(17</data/croft.db-wal> <unfinished ...>";
  const resumed = "12 <... fdatasync resumed>) = 0";
  const early = (...lines: string[]) =>
    acknowledgedTooEarly(readTrace(lines.join("\n")), [{ text: "hello", eventId: "$a" }]).length;
  expect(early(write, sync, answer)).toBe(0);
  expect(early(write, begun, resumed, answer)).toBe(0);
  expect(early(write, begun, answer, resumed)).toBe(1);
  expect(early(sync, write, answer, sync)).toBe(1);
  expect(early(write, sync.replace("-wal", ""), answer)).toBe(1);
  expect(early(write, sync.replace("= 0", "= -1 EIO (Input/output error)"), answer)).toBe(1);
  expect(early(sync, answer)).toBe(1);
});
