import { execFileSync, spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A PostgreSQL server of the tests' own: its data in a temporary directory, reached by a Unix socket only. */
export type PostgresServer = {
  /** Makes an empty database, or a copy of another one, and answers its URL. */
  createDatabase(template?: string): Promise<string>;
  /** `kill -9` of the server, whose own children follow it. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

const DEBIAN_BINARIES = "/usr/lib/postgresql";
const ATTEMPTS = 600;
const ATTEMPT_MS = 25;

/** Where the server's programs are. Tests never run without a database: what is missing is an error. */
function binaries(): string {
  const versions = existsSync(DEBIAN_BINARIES) ? readdirSync(DEBIAN_BINARIES).map(Number).filter(Number.isFinite) : [];
  const newest = Math.max(...versions);
  const folder = join(DEBIAN_BINARIES, String(newest), "bin");
  if (!existsSync(join(folder, "initdb"))) {
    throw new Error("The tests need a PostgreSQL server: install it with `apt-get install postgresql`.");
  }
  return folder;
}

/** PostgreSQL refuses to run as root: there it runs as the user its package made. */
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entry = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  if (!entry) throw new Error("The tests run as root and PostgreSQL may not: there is no user `postgres`.");
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}

/** Makes an empty data directory that the server may own. */
function makeDataDirectory(folder: string): void {
  const user = owner();
  if (user) chownSync(folder, user.uid, user.gid);
  execFileSync(
    join(binaries(), "initdb"),
    [
      "--pgdata",
      join(folder, "data"),
      "--auth=trust",
      "--username=croft",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ],
    { ...user, stdio: ["ignore", "ignore", "pipe"] },
  );
}

/** Starts the server under a shell that ends it and removes its folder when this process is gone, however it went. */
function launch(folder: string): void {
  const options = `-D "$0/data" -k "$0" -c listen_addresses= -c max_connections=200 -c shared_buffers=64MB`;
  const watch = `
    ${join(binaries(), "postgres")} ${options} >>"$0/log" 2>&1 &
    server=$!
    echo $server >"$0/pid"
    while [ -d /proc/${process.pid} ] && kill -0 $server 2>/dev/null; do sleep 0.2; done
    [ -d /proc/${process.pid} ] && exit
    kill -INT $server 2>/dev/null
    wait $server
    rm -rf "$0"`;
  spawn("/bin/sh", ["-c", watch, folder], { ...owner(), cwd: folder, stdio: "ignore", detached: true }).unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function psql(folder: string, statement: string): void {
  execFileSync(join(binaries(), "psql"), ["-X", "-q", "-h", folder, "-U", "croft", "-d", "postgres", "-c", statement], {
    stdio: ["ignore", "ignore", "pipe"],
  });
}

async function until(what: string, folder: string, done: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (done()) return;
    await wait(ATTEMPT_MS);
  }
  const log = join(folder, "log");
  throw new Error(`PostgreSQL: ${what} took too long.\n${existsSync(log) ? readFileSync(log, "utf8") : ""}`);
}

function answers(folder: string): boolean {
  try {
    psql(folder, "SELECT 1");
    return true;
  } catch {
    return false;
  }
}

function createDatabase(folder: string, template: string | undefined): string {
  const name = basename(mkdtempSync(join(folder, "db-")));
  psql(folder, `CREATE DATABASE "${name}"${template ? ` TEMPLATE "${new URL(template).pathname.slice(1)}"` : ""}`);
  return `postgresql://croft@localhost/${name}?host=${folder}`;
}

function serverIn(folder: string): PostgresServer {
  const pid = () => Number(readFileSync(join(folder, "pid"), "utf8"));
  const end = async (signal: "SIGKILL" | "SIGINT") => {
    const server = pid();
    process.kill(server, signal);
    await until("ending", folder, () => !isAlive(server));
  };
  return {
    createDatabase: async (template) => createDatabase(folder, template),
    kill: () => end("SIGKILL"),
    async start() {
      launch(folder);
      await until("starting", folder, () => answers(folder));
    },
    async stop() {
      await end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server of the caller's own, which it may kill. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "croft-postgres-"));
  makeDataDirectory(folder);
  const server = serverIn(folder);
  await server.start();
  return server;
}

let shared: Promise<PostgresServer> | undefined;

/** The one server that all tests of this process share, in whatever thread they run; started by who asks first. */
export function sharedPostgres(): Promise<PostgresServer> {
  shared ??= joinShared();
  return shared;
}

async function joinShared(): Promise<PostgresServer> {
  const folder = join(tmpdir(), `croft-postgres-of-${process.pid}-${process.ppid}`);
  const server = serverIn(folder);
  try {
    mkdirSync(folder);
  } catch {
    await until("starting in another thread", folder, () => existsSync(join(folder, "ready")));
    return server;
  }
  try {
    makeDataDirectory(folder);
    await server.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  writeFileSync(join(folder, "ready"), "");
  return server;
}
