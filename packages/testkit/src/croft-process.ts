import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../../apps/server/bin/croft.mjs", import.meta.url));

export type CroftOptions = {
  /** A PostgreSQL URL; absent = the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** Kept when given; otherwise a folder of its own that goes with `stop`. */
  readonly data?: string;
  /** Kept from run to run when given, so that clients find the server again. */
  readonly port?: number;
  readonly env?: { readonly [name: string]: string };
  /** Put before the command: a tracer, a limit. */
  readonly prefix?: readonly string[];
};

/** The whole program as users run it, on 127.0.0.1, with open registration and without rate limits unless `env` differs. */
export type CroftProcess = {
  readonly url: string;
  readonly port: number;
  readonly data: string;
  readonly process: ChildProcess;
  /** Everything printed so far, standard output and error together. */
  readonly output: () => string;
  /** SIGTERM, and the exit code. */
  readonly stop: () => Promise<number | null>;
  /** SIGKILL to the launcher and the server. */
  readonly kill: () => Promise<void>;
};

export async function startCroft(options: CroftOptions = {}): Promise<CroftProcess> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "croft-data-"));
  const port = options.port ?? (await freePort());
  const [program = process.execPath, ...args] = [...(options.prefix ?? []), process.execPath, LAUNCHER, "start"];
  const child = spawn(program, args, {
    env: {
      ...process.env,
      CROFT_SERVER_NAME: "localhost",
      CROFT_LISTEN: `127.0.0.1:${port}`,
      CROFT_DATA: data,
      CROFT_REGISTRATION_MODE: "open",
      CROFT_RATE_LIMITS_ENABLED: "false",
      ...(options.databaseUrl === undefined ? {} : { CROFT_DATABASE_URL: options.databaseUrl }),
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: `kill` takes the launcher and the server together, as a machine that dies does.
    detached: true,
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const url = `http://127.0.0.1:${port}`;
  await answering(url, child, () => output);
  const clean = () => {
    if (options.data === undefined) rmSync(data, { recursive: true, force: true });
  };
  return {
    url,
    port,
    data,
    process: child,
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      const code = await exited;
      clean();
      return code;
    },
    async kill() {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await exited;
      clean();
    },
  };
}

async function answering(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`croft ended with ${child.exitCode}:\n${output()}`);
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await wait(50);
  }
  throw new Error(`croft did not get ready in 30 s:\n${output()}`);
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
