import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../packages/testkit/src/croft-process.ts";
import { type Account, type MatrixLoad, percentile } from "./matrix-client.ts";
import { join } from "./prepare.ts";

/** From `npm start` to the first answer, the second time. */
export async function startup(): Promise<{ value: number; unit: string }> {
  const data = mkdtempSync(joinPath(tmpdir(), "croft-startup-"));
  const root = joinPath(import.meta.dirname, "../..");
  const times: number[] = [];
  for (let run = 0; run < 4; run++) {
    const port = await freePort();
    const started = performance.now();
    const args = ["start", "--", "--data", data, "--listen", `127.0.0.1:${port}`];
    const child = spawn("npm", args, { cwd: root, stdio: "ignore", detached: true });
    const url = `http://127.0.0.1:${port}/_matrix/client/versions`;
    const answers = () =>
      fetch(url).then(
        (response) => response.ok,
        () => false,
      );
    while (!(await answers())) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
      await wait(5);
    }
    // The first run is not warm.
    if (run > 0) times.push(performance.now() - started);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    process.kill(-(child.pid ?? 0), "SIGTERM");
    await ended;
  }
  rmSync(data, { recursive: true, force: true });
  return { value: percentile(times, 0.5), unit: "ms" };
}

type Sync = {
  next_batch: string;
  rooms?: { join?: { [roomId: string]: { timeline?: { events?: { event_id: string }[] } } } };
};

const WARM_UP = 20;

/** From the start of a send to the arrival of the event at another, waiting client. */
export async function sendToSync(
  load: MatrixLoad,
  senders: readonly Account[],
  roomId: string,
): Promise<{ p50: number; p99: number }> {
  const [sender, reader] = senders;
  if (!sender || !reader) throw new Error("no accounts");
  const sync = (query: string) =>
    load.request<Sync>("GET", `/_matrix/client/v3/sync?${query}`, { token: reader.token });
  let { next_batch: since } = await sync("timeout=0");
  const times: number[] = [];
  for (let count = 0; count < WARM_UP + 200; count++) {
    const waiting = sync(`timeout=30000&since=${encodeURIComponent(since)}`);
    await wait(5);
    const started = performance.now();
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/latency-${count}-${Date.now()}`;
    const sent = load.request<{ event_id: string }>("PUT", path, {
      token: sender.token,
      body: { msgtype: "m.text", body: "now" },
    });
    const answered: { reply: Sync; after: number }[] = [];
    const answer = async (asked: Promise<Sync>) => {
      const reply = await asked;
      answered.push({ reply, after: performance.now() - started });
      since = reply.next_batch;
    };
    await answer(waiting);
    const { event_id: eventId } = await sent;
    const arrived = () =>
      answered.find(({ reply }) => reply.rooms?.join?.[roomId]?.timeline?.events?.some((e) => e.event_id === eventId));
    while (arrived() === undefined) await answer(sync(`timeout=30000&since=${encodeURIComponent(since)}`));
    if (count >= WARM_UP) times.push(arrived()?.after ?? 0);
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

export async function initialSync(
  load: MatrixLoad,
  { token }: Account,
): Promise<{ first: number; p50: number; kilobytes: number }> {
  const filter = encodeURIComponent(JSON.stringify({ room: { state: { lazy_load_members: true } } }));
  const times: number[] = [];
  let reply: Sync = { next_batch: "" };
  for (let run = 0; run < 6; run++) {
    const started = performance.now();
    reply = await load.request<Sync>("GET", `/_matrix/client/v3/sync?timeout=0&filter=${filter}`, { token });
    times.push(performance.now() - started);
  }
  const [first = 0, ...others] = times;
  return {
    first: percentile([first], 0),
    p50: percentile(others, 0.5),
    kilobytes: Math.round(JSON.stringify(reply).length / 1024),
  };
}

/** The path of a sync that has nothing to tell. */
export async function waitingSync(load: MatrixLoad, token: string): Promise<string> {
  const { next_batch: since } = await load.request<Sync>("GET", "/_matrix/client/v3/sync?timeout=0", { token });
  return `/_matrix/client/v3/sync?timeout=120000&since=${encodeURIComponent(since)}`;
}

export async function incrementalSync(load: MatrixLoad, { token }: Account): Promise<number> {
  let { next_batch: since, rooms } = await load.request<Sync>("GET", "/_matrix/client/v3/sync?timeout=0", { token });
  const [roomId = ""] = Object.keys(rooms?.join ?? {});
  const times: number[] = [];
  for (let count = 0; count < 50; count++) {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/inc-${count}-${Date.now()}`;
    await load.request("PUT", path, { token, body: { msgtype: "m.text", body: "one more" } });
    const started = performance.now();
    const reply = await load.request<Sync>(
      "GET",
      `/_matrix/client/v3/sync?timeout=0&since=${encodeURIComponent(since)}`,
      { token },
    );
    times.push(performance.now() - started);
    since = reply.next_batch;
  }
  return percentile(times, 0.5);
}

export async function joinLargeRoom(load: MatrixLoad, roomId: string, newcomers: readonly Account[]): Promise<number> {
  const times: number[] = [];
  for (const newcomer of newcomers) {
    const started = performance.now();
    await join(load, newcomer, roomId);
    times.push(performance.now() - started);
  }
  return percentile(times, 0.5);
}

/** Bytes of the embedded database once its log has been moved into it, which happens when nothing is written. */
export async function databaseBytes(data: string): Promise<number> {
  await wait(2000);
  return readdirSync(data)
    .filter((name) => name.endsWith(".db"))
    .reduce((sum, name) => sum + statSync(joinPath(data, name)).size, 0);
}
