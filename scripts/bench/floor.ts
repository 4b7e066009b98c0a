// The floor: what a durable message costs without any Matrix. HTTP, a token looked up, an event of the usual size made
// canonical, hashed and signed, six rows with interned keys written by a thread that commits whatever waits with full
// sync, and the reply after that. Frozen: Croft is measured against it in the same run, on the same machine.
// Run as `node floor.ts PORT DIRECTORY`; it also holds GET requests for ever, as bare node:http does.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

const [port = "0", directory = "."] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync("ed25519");
const tokens = new Map<string, { userId: string; userNum: number }>();
const rooms = new Map<string, { num: number; last: string; depth: number }>();

const writer = new Worker(new URL("./floor-writer.ts", import.meta.url), { workerData: join(directory, "floor.db") });
type Waiting = { response: ServerResponse; eventId: string };
let next: (string | number)[][] = [];
let nextWaiting: Waiting[] = [];
let committing: Waiting[] | undefined;

function flush(): void {
  if (committing || next.length === 0) return;
  committing = nextWaiting;
  writer.postMessage(next);
  next = [];
  nextWaiting = [];
}

writer.on("message", () => {
  const done = committing ?? [];
  committing = undefined;
  flush();
  for (const { response, eventId } of done) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ event_id: eventId }));
  }
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function message(roomId: string, token: string, txnId: string, body: string): Waiting["eventId"] {
  const account = tokens.get(token) ?? { userId: `@user${tokens.size}:floor`, userNum: tokens.size };
  tokens.set(token, account);
  const room = rooms.get(roomId) ?? { num: rooms.size, last: "", depth: 0 };
  rooms.set(roomId, room);
  const event = {
    auth_events: ["$create000000000000000000000000000000000000000", "$levels000000000000000000000000000000000000000"],
    content: JSON.parse(body) as unknown,
    depth: ++room.depth,
    origin_server_ts: Date.now(),
    prev_events: [room.last],
    room_id: roomId,
    sender: account.userId,
    type: "m.room.message",
  };
  const contentHash = createHash("sha256").update(canonical(event)).digest("base64");
  const hashed = { ...event, hashes: { sha256: contentHash } };
  const redacted = canonical({ ...hashed, content: {} });
  const eventId = `$${createHash("sha256").update(redacted).digest("base64url")}`;
  const signature = sign(null, Buffer.from(redacted), privateKey).toString("base64");
  const json = canonical({ ...hashed, signatures: { floor: { "ed25519:1": signature } } });
  next.push([room.num, account.userNum, room.depth, event.origin_server_ts, eventId, room.last, txnId, json]);
  room.last = eventId;
  return eventId;
}

createServer((request, response) => {
  if (request.method === "GET") return;
  const parts = (request.url ?? "").split("/");
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const token = request.headers.authorization ?? "";
    const eventId = message(parts[5] ?? "", token, parts[8] ?? "", Buffer.concat(chunks).toString());
    nextWaiting.push({ response, eventId });
    flush();
  });
}).listen(Number(port), "127.0.0.1");
