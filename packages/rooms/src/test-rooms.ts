import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UserId } from "@croft/protocol";
import { ed25519SigningKey, ed25519Verifier, seededRandom, sha256, silentLogger, TestClock } from "@croft/runtime";
import { type EngineChoice, type OpenStorage, openStorage } from "@croft/storage";
import { createEventGraph, type EventGraphDeps } from "./event-graph/event-graph.ts";
import { type AliasServers, type Profile, type RemoteServers, silentJudge } from "./ports.ts";
import { SentTransactions } from "./sending/sent-transactions.ts";

const nowhere = async (): Promise<never> => {
  throw new Error("no other server is there");
};
const remote: RemoteServers = { join: nowhere, invite: nowhere, leave: nowhere };
const aliasServers: AliasServers = { resolve: async () => undefined };

/** The room engine of the server `here`, over a database of its own. Everything a use case of rooms asks for is in it. */
export async function testRooms(
  overrides: Partial<EventGraphDeps> & { engine?: EngineChoice | undefined } = {},
): Promise<TestRooms> {
  const folder = await mkdtemp(join(tmpdir(), "croft-rooms-"));
  const clock = new TestClock();
  const engine = overrides.engine ?? { kind: "sqlite", path: join(folder, "croft.db") };
  const storage = await openStorage({ engine, clock, logger: silentLogger });
  const profiles = new Map<UserId, Profile>();
  const { publicKey, sign } = ed25519SigningKey(new Uint8Array(32).fill(7));
  const deps = {
    storage,
    clock,
    random: seededRandom("rooms"),
    serverName: "here",
    signingKey: { keyId: "ed25519:1", publicKey, sign },
    sha256,
    verify: ed25519Verifier(),
    judge: silentJudge,
    ...overrides,
  };
  return {
    ...deps,
    storage,
    clock,
    graph: createEventGraph(deps),
    profiles: { profile: async (userId) => profiles.get(userId) ?? {} },
    profilesByUser: profiles,
    remote,
    aliasServers,
    transactions: new SentTransactions(),
    async [Symbol.asyncDispose]() {
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type TestRooms = Omit<EventGraphDeps, "storage" | "clock"> & {
  readonly storage: OpenStorage;
  readonly clock: TestClock;
  readonly graph: ReturnType<typeof createEventGraph>;
  readonly profiles: { profile(userId: UserId): Promise<Profile> };
  readonly profilesByUser: Map<UserId, Profile>;
  readonly remote: RemoteServers;
  readonly aliasServers: AliasServers;
  readonly transactions: SentTransactions;
  [Symbol.asyncDispose](): Promise<void>;
};

export const alice: UserId = "@alice:here";
export const bob: UserId = "@bob:here";
export const carol: UserId = "@carol:here";
