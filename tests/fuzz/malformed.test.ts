import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { type CroftProcess, startCroft } from "../../packages/testkit/src/croft-process.ts";
import { sharedPostgres } from "../../packages/testkit/src/postgres.ts";
import { until } from "../../packages/testkit/src/until.ts";
import { chance } from "../chance.ts";
import { faultOf } from "./judge.ts";
import { type Malformed, malformed } from "./malformed-request.ts";
import { RawConnection } from "./raw-connection.ts";
import { makeWorld, renewWorld, type World } from "./world.ts";

const REQUESTS = Number(process.env["CROFT_FUZZ_REQUESTS"] ?? 100_000);
const SEED = Number(process.env["CROFT_SEED"] ?? 1);
/** Between these requests the heap must not grow: what fills once is full by the first. Caches have room for more. */
const HEAP_FROM = Math.min(20_000, REQUESTS / 5);
const HEAP_TO = Math.min(100_000, REQUESTS);
/** When a long run ends although not all was sent. */
const MINUTES = Number(process.env["CROFT_FUZZ_MINUTES"] ?? 10);
const MOST_GROWTH_BYTES = 5 * 1024 * 1024;
const SENDERS = 12;
/** After as many there are new rooms. */
const BATCH = 10_000;
const ANSWER_MS = 20_000;
/** A sync may wait for news: then its caller hangs up, as callers do. */
const HANG_UP_MS = 100;
const TIMEOUT_MS = (MINUTES + 2) * 60_000;

const HEAP_REPORTER = fileURLToPath(new URL("heap-reporter.ts", import.meta.url));

test(
  `${REQUESTS} malformed requests are refused in Matrix's words and leave nothing behind`,
  async () => {
    const croft = await startCroft({ env: { NODE_OPTIONS: `--expose-gc --import=${HEAP_REPORTER}` } });
    onTestFinished(async () => void (await croft.stop()));
    const fuzz = await Fuzz.start(croft);
    await fuzz.send(HEAP_FROM);
    const warm = await heapInUse(croft);
    await fuzz.send(HEAP_TO - HEAP_FROM);
    const growth = (await heapInUse(croft)) - warm;
    const weighedAt = fuzz.sent;
    await fuzz.send(REQUESTS - HEAP_TO);
    const megabytes = (growth / 1024 / 1024).toFixed(1);
    console.log(`${fuzz.summary()}; ${megabytes} MB more heap at request ${weighedAt} than at ${HEAP_FROM}`);
    expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
    expect(croft.output()).not.toContain('"level":50');
  },
  TIMEOUT_MS,
);

test(
  `${REQUESTS / 10} malformed requests are refused in Matrix's words on PostgreSQL too`,
  async () => {
    const croft = await startCroft({ databaseUrl: await (await sharedPostgres()).createDatabase() });
    onTestFinished(async () => void (await croft.stop()));
    const fuzz = await Fuzz.start(croft);
    await fuzz.send(REQUESTS / 10);
    console.log(fuzz.summary());
    expect(croft.output()).not.toContain('"level":50');
  },
  TIMEOUT_MS,
);

test.for([
  ["a failure of ours", 500, "application/json", '{"errcode":"M_UNKNOWN","error":"Internal server error"}'],
  ["a redirection", 302, "application/json", "{}"],
  ["a refusal that is a page", 404, "text/html", "<p>Not found</p>"],
  ["a refusal that is no JSON", 400, "application/json", "nonsense"],
  ["a refusal without a code", 400, "application/json", '{"error":"no"}'],
  ["a refusal without a word", 400, "application/json", '{"errcode":"M_UNKNOWN"}'],
  ["a bare refusal of what is HTTP", 400, "", ""],
] as const)("%s is noticed", ([, status, contentType, body]) => {
  expect(faultOf({ status, contentType, body }, { isHead: false, isHttp: true })).toBeDefined();
});

/** Senders side by side, each with its own connection and chance, until a number was sent. */
class Fuzz {
  readonly #croft: CroftProcess;
  readonly #chances = Array.from({ length: SENDERS }, (_, sender) => chance(SEED * SENDERS + sender));
  readonly #statuses = new Map<number, number>();
  readonly #deadline = performance.now() + MINUTES * 60_000;
  #world: World;
  #sent = 0;

  private constructor(croft: CroftProcess, world: World) {
    this.#croft = croft;
    this.#world = world;
  }

  static async start(croft: CroftProcess): Promise<Fuzz> {
    // Right after an installation the pages are still being built, which is answered 503.
    await until("the pages are built", async () => (await fetch(croft.url)).ok);
    return new Fuzz(croft, await makeWorld(croft.url));
  }

  async send(count: number): Promise<void> {
    const end = this.#sent + count;
    while (this.#sent < end && performance.now() < this.#deadline) {
      const batchEnd = Math.min(end, this.#sent + BATCH);
      await Promise.all(this.#chances.map((below) => this.#sendUntil(batchEnd, below)));
      this.#world = await renewWorld(this.#croft.url, this.#world);
    }
  }

  get sent(): number {
    return this.#sent;
  }

  /** How many answers there were of each status. */
  summary(): string {
    const counts = [...this.#statuses].sort(([one], [other]) => one - other);
    return `seed ${SEED}, ${this.#sent} sent: ${counts.map(([status, count]) => `${count} × ${status}`).join(", ")}`;
  }

  async #sendUntil(end: number, below: (limit: number) => number): Promise<void> {
    let connection: RawConnection | undefined;
    let before: Malformed | undefined;
    while (this.#sent < end) {
      this.#sent++;
      const sent = malformed({ below, world: this.#world });
      if (sent.kind === "bytes") await this.#pour(sent);
      else {
        if (!connection?.isOpen) {
          connection?.destroy();
          connection = new RawConnection(this.#croft.port);
          before = undefined;
        }
        await this.#exchange(connection, sent, before);
        before = sent;
      }
    }
    connection?.destroy();
  }

  async #exchange(connection: RawConnection, sent: Malformed & { kind: "request" }, before?: Malformed): Promise<void> {
    const timeoutMs = sent.mayWait ? HANG_UP_MS : ANSWER_MS;
    const { answers } = await connection.exchange(sent.bytes, { isHead: sent.isHead, timeoutMs });
    const [answer] = answers;
    if (answer === undefined) {
      connection.destroy();
      if (!sent.mayWait)
        await this.#fail(sent, `no answer${before ? `, on the connection that carried ${shown(before)}` : ""}`);
      return;
    }
    this.#count(answer.status);
    const fault = faultOf(answer, { isHead: sent.isHead, isHttp: true });
    if (fault) await this.#fail(sent, `${fault}: ${answer.body}`);
  }

  async #pour(sent: Malformed): Promise<void> {
    const connection = new RawConnection(this.#croft.port);
    const { answers, closed, rest } = await connection.pour(sent.bytes, ANSWER_MS);
    connection.destroy();
    const isHead = sent.bytes.toString("latin1", 0, 5) === "HEAD ";
    for (const answer of answers) {
      this.#count(answer.status);
      const fault = faultOf(answer, { isHead, isHttp: false });
      if (fault) await this.#fail(sent, `${fault}: ${answer.body}`);
    }
    if (!closed) await this.#fail(sent, `the connection stays open; ${rest}`);
  }

  #count(status: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
  }

  async #fail(sent: Malformed, fault: string): Promise<never> {
    // What the server says of it comes by another way, and a little later.
    await wait(500);
    const said = this.#croft.output().slice(-3_000);
    throw new Error(`seed ${SEED}, about request ${this.#sent}: ${fault}\n${shown(sent)}\nThe server said: ${said}`);
  }
}

const shown = ({ bytes }: Malformed): string =>
  inspect(bytes.toString("latin1"), { maxStringLength: 3_000, breakLength: 120 });

async function heapInUse(croft: CroftProcess): Promise<number> {
  const reports = () => [...croft.output().matchAll(/heap in use: (\d+)/g)];
  const before = reports().length;
  croft.process.kill("SIGUSR2");
  return until("the heap's size", () => {
    const report = reports();
    return report.length > before && Number(report.at(-1)?.[1]);
  });
}
