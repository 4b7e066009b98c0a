import { serverNameOf, type UserId } from "@croft/protocol";
import type { Failures, RemoteKeys, RemoteToDevice } from "./ports.ts";

/** For a server that talks to no other: every other server cannot be reached. */
export const unreachableKeys: RemoteKeys = {
  query: async ({ devices }) => ({
    failures: failuresOf(devices),
    deviceKeys: {},
    masterKeys: {},
    selfSigningKeys: {},
  }),
  claim: async ({ algorithms }) => ({ failures: failuresOf(algorithms), oneTimeKeys: {} }),
};

/** What is for other servers goes nowhere. */
export const discardedToDevice: RemoteToDevice = { collect() {} };

function failuresOf(users: ReadonlyMap<UserId, unknown>): Failures {
  const servers = new Set(Array.from(users.keys(), (userId) => serverNameOf(userId)));
  return Object.fromEntries(
    Array.from(servers, (server) => [server, { errcode: "M_UNKNOWN", error: "This server is not reached from here" }]),
  );
}
