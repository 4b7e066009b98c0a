import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createRoom, joinRoomById } from "@croft/api";
import { expect, onTestFinished, test } from "vitest";
import { ok } from "../../packages/testkit/src/call.ts";
import { type CroftProcess, freePort, startCroft } from "../../packages/testkit/src/croft-process.ts";
import { type PostgresServer, startPostgres } from "../../packages/testkit/src/postgres.ts";
import { signUp } from "../../packages/testkit/src/sign-up.ts";
import { until } from "../../packages/testkit/src/until.ts";
import { chance } from "../chance.ts";
import { Ledger, type World } from "./ledger.ts";
import { loadUntilGone } from "./load.ts";
import {
  expectAccountData,
  expectEvents,
  expectKeys,
  expectMessages,
  expectReceipts,
  expectRooms,
  repeatUnanswered,
} from "./promises.ts";
import { expectLines } from "./room-graph.ts";

const KILLS = Number(process.env["CROFT_KILLS"] ?? 50);
const SEED = Number(process.env["CROFT_SEED"] ?? 2);
const ROOMS = 4;
const LOAD_MS = { least: 20, most: 400 };
/** Far more than one takes, for a machine that is busy. */
const TIMEOUT_MS = KILLS * 10_000;

/** What dies: the server, or the database below it, or both. */
type Victim = "server" | "database" | "both";

test(
  `on SQLite, ${KILLS} times kill -9 loses nothing that was answered and doubles nothing`,
  async () => {
    const path = temporaryFolder();
    const below = chance(SEED);
    const kills = { data: path, databaseUrl: undefined, postgres: undefined, below };
    const rooms = await killAgainAndAgain(kills, () => "server");
    await expectLines({ kind: "sqlite", path: join(path, "croft.db") }, rooms);
  },
  TIMEOUT_MS,
);

test(
  `on PostgreSQL, ${KILLS} times kill -9 of server or database loses nothing and doubles nothing`,
  async () => {
    const postgres = await startPostgres();
    // A test that fails between kill and start leaves nothing to stop.
    onTestFinished(() => postgres.stop().catch(() => undefined));
    const databaseUrl = await postgres.createDatabase();
    const below = chance(SEED);
    const kills = { data: temporaryFolder(), databaseUrl, postgres, below };
    const rooms = await killAgainAndAgain(kills, () => (["server", "database", "both"] as const)[below(3)]!);
    await expectLines({ kind: "postgres", url: databaseUrl }, rooms);
  },
  TIMEOUT_MS,
);

type Kills = {
  readonly data: string;
  readonly databaseUrl: string | undefined;
  readonly postgres: PostgresServer | undefined;
  readonly below: (limit: number) => number;
};

async function killAgainAndAgain(kills: Kills, victimOf: () => Victim): Promise<World["rooms"]> {
  const { data, databaseUrl, below } = kills;
  const port = await freePort();
  const start = () => startCroft({ data, databaseUrl, port });
  let croft = await start();
  onTestFinished(() => croft.kill().catch(() => undefined));
  const world = await settle(croft.url);
  const ledger = new Ledger();
  const checked = new Set<string>();
  let repeated = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const victim = victimOf();
    const loadMs = LOAD_MS.least + below(LOAD_MS.most - LOAD_MS.least);
    try {
      const load = loadUntilGone(croft.url, world, ledger);
      await Promise.race([wait(loadMs), load]);
      await end(victim, croft, kills);
      await load;
      if (victim !== "server") await kills.postgres?.start();
      if (victim === "database") await ready(croft);
      else croft = await start();
      await expectPromises(croft.url, world, ledger, checked);
      repeated += await repeatUnanswered(croft.url, world, ledger);
    } catch (error) {
      const message = `seed ${SEED}, kill ${kill} of the ${victim} after ${loadMs} ms: ${String(error)}\n${croft.output().slice(-3000)}`;
      throw new Error(message, { cause: error });
    }
  }
  await expectRooms(croft.url, world, ledger);
  await croft.stop();
  // A load that hardly happened would prove nothing.
  expect(ledger.events.size).toBeGreaterThan(KILLS * ROOMS);
  expect(repeated).toBeGreaterThan(KILLS / 10);
  console.log(`seed ${SEED}, ${KILLS} kills: ${ledger.summary()}, ${repeated} repeated after a kill`);
  return world.rooms;
}

async function end(victim: Victim, croft: CroftProcess, { postgres }: Kills): Promise<void> {
  await Promise.all([
    victim === "database" ? undefined : croft.kill(),
    victim === "server" ? undefined : postgres?.kill(),
  ]);
}

async function expectPromises(url: string, world: World, ledger: Ledger, checked: Set<string>): Promise<void> {
  await expectEvents(url, ledger, checked);
  await expectReceipts(url, world, ledger);
  await expectAccountData(url, world, ledger);
  await expectKeys(url, world, ledger);
  await expectMessages(url, world, ledger);
}

const ready = (croft: CroftProcess): Promise<true> =>
  until("the server has its database again", () =>
    fetch(`${croft.url}/readyz`).then(
      (response) => response.ok || undefined,
      () => undefined,
    ),
  );

/** The people and their rooms. */
async function settle(url: string): Promise<World> {
  const [alice, bob, carol] = await Promise.all(["alice", "bob", "carol"].map((name) => signUp(url, name)));
  if (!alice || !bob || !carol) throw new Error("somebody is missing");
  const rooms = await Promise.all(
    Array.from({ length: ROOMS }, async (_, index) => {
      const { room_id } = await ok(url, createRoom, { token: alice.token, body: { preset: "public_chat" } });
      await ok(url, joinRoomById, { token: bob.token, params: { roomId: room_id }, body: {} });
      return { roomId: room_id, sender: index % 2 === 0 ? alice : bob };
    }),
  );
  return { rooms, alice, bob, carol };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "croft-kill-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
