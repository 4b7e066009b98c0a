// The floor's writer thread: one transaction for whatever waits, full sync, one answer.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

const db = new DatabaseSync(String(workerData));
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  CREATE TABLE events (num INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, room INTEGER NOT NULL, sender INTEGER NOT NULL,
    depth INTEGER NOT NULL, ts INTEGER NOT NULL, json TEXT NOT NULL);
  CREATE INDEX events_by_room ON events (room, num);
  CREATE TABLE edges (num INTEGER, prev TEXT, PRIMARY KEY (num, prev)) WITHOUT ROWID;
  CREATE TABLE extremities (room INTEGER PRIMARY KEY, num INTEGER);
  CREATE TABLE positions (position INTEGER PRIMARY KEY, num INTEGER);
  CREATE TABLE notifications (room INTEGER, num INTEGER, PRIMARY KEY (room, num)) WITHOUT ROWID;
  CREATE TABLE transactions (sender INTEGER, txn TEXT, num INTEGER, PRIMARY KEY (sender, txn)) WITHOUT ROWID;
`);
const begin = db.prepare("BEGIN IMMEDIATE");
const commit = db.prepare("COMMIT");
const event = db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)");
const edge = db.prepare("INSERT INTO edges VALUES (?, ?)");
const extremity = db.prepare(
  "INSERT INTO extremities VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET num = excluded.num",
);
const position = db.prepare("INSERT INTO positions VALUES (?, ?)");
const notification = db.prepare("INSERT INTO notifications VALUES (?, ?)");
const transaction = db.prepare("INSERT INTO transactions VALUES (?, ?, ?)");
let num = 0;

type Message = [number, number, number, number, string, string, string, string];

parentPort?.on("message", (batch: Message[]) => {
  begin.run();
  for (const [room, sender, depth, ts, eventId, prev, txnId, json] of batch) {
    num++;
    event.run(num, eventId, room, sender, depth, ts, json);
    edge.run(num, prev);
    extremity.run(room, num);
    position.run(num, num);
    notification.run(room, num);
    transaction.run(sender, txnId, num);
  }
  commit.run();
  parentPort?.postMessage(0);
});
