import type { UserId } from "@croft/protocol";
import {
  type AliasServers,
  createEventGraph,
  type EventGraph,
  type EventGraphDeps,
  type Profile,
  type RemoteServers,
  SentTransactions,
  silentJudge,
} from "@croft/rooms";
import { ed25519SigningKey, ed25519Verifier, seededRandom, sha256, silentLogger, TestClock } from "@croft/runtime";
import { type EngineChoice, type OpenStorage, openStorage } from "@croft/storage";
import { openTestStorage } from "./open-test-storage.ts";

/** All that a use case of rooms asks for, for the server `here`, which no other server answers. */
export type TestRooms = Omit<EventGraphDeps, "storage" | "clock"> & {
  readonly storage: OpenStorage;
  readonly clock: TestClock;
  readonly graph: EventGraph;
  readonly profiles: { profile(userId: UserId): Promise<Profile> };
  /** What `profiles` answers with. */
  readonly profilesByUser: Map<UserId, Profile>;
  readonly remote: RemoteServers;
  readonly aliasServers: AliasServers;
  readonly transactions: SentTransactions;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The room engine over a database of its own, gone with it; or over `engine`. */
export async function testRooms({
  engine,
  ...overrides
}: Partial<EventGraphDeps> & { readonly engine?: EngineChoice } = {}): Promise<TestRooms> {
  const clock = new TestClock();
  const { storage, close } = await open(engine, clock);
  const profilesByUser = new Map<UserId, Profile>();
  const { publicKey, sign } = ed25519SigningKey(new Uint8Array(32).fill(7));
  const deps = {
    storage,
    random: seededRandom("rooms"),
    serverName: "here",
    signingKey: { keyId: "ed25519:1", publicKey, sign },
    sha256,
    verify: ed25519Verifier(),
    judge: silentJudge,
    ...overrides,
    clock,
  };
  return {
    ...deps,
    storage,
    graph: createEventGraph(deps),
    profiles: { profile: async (userId) => profilesByUser.get(userId) ?? {} },
    profilesByUser,
    remote: { join: nobody, invite: nobody, leave: nobody },
    aliasServers: { resolve: async () => undefined },
    transactions: new SentTransactions(),
    [Symbol.asyncDispose]: close,
  };
}

async function open(engine: EngineChoice | undefined, clock: TestClock) {
  if (engine === undefined) return openTestStorage({ clock });
  const storage = await openStorage({ engine, clock, logger: silentLogger });
  return { storage, close: () => storage.close() };
}

const nobody = async (): Promise<never> => {
  throw new Error("no other server is there");
};
