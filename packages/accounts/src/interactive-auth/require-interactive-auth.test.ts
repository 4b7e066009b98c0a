import { InteractiveAuthRequired } from "@croft/http";
import type { Passwords } from "@croft/runtime";
import { expect, test } from "vitest";
import { passwordAuth, type TestAccounts, testAccounts } from "../test-accounts.ts";
import {
  type InteractiveAuthRequest,
  PASSWORD_FLOWS,
  requireInteractiveAuth,
  SESSION_LIFETIME_MS,
} from "./require-interactive-auth.ts";

type Challenge = { readonly session: string; readonly completed?: readonly string[]; readonly errcode?: string };

const deletion: InteractiveAuthRequest = {
  operation: "deleteDevices",
  userId: "@alice:example.org",
  subject: ["PHONE"],
  flows: PASSWORD_FLOWS,
  auth: undefined,
};

/** What is still to be proved; undefined once the operation may go on. */
async function attempt(server: TestAccounts, request: InteractiveAuthRequest): Promise<Challenge | undefined> {
  try {
    await requireInteractiveAuth(server.accounts, request);
    return undefined;
  } catch (error) {
    if (error instanceof InteractiveAuthRequired) return error.body as Challenge;
    throw error;
  }
}

test("a flow of two stages is completed stage by stage, in any order", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const flows = [["m.login.dummy", "m.login.password"]];
  const request = { ...deletion, flows };
  const begun = await attempt(server, request);
  const session = begun?.session ?? "";
  const half = await attempt(server, { ...request, auth: passwordAuth("alice", { session }) });
  expect(half).toMatchObject({ session, completed: ["m.login.password"] });
  const failed = await attempt(server, { ...request, auth: passwordAuth("alice", { session, password: "wrong" }) });
  expect(failed).toMatchObject({ session, completed: ["m.login.password"], errcode: "M_FORBIDDEN" });
  expect(await attempt(server, { ...request, auth: { type: "m.login.dummy", session } })).toBeUndefined();
});

test("a proof works once", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const request = { ...deletion, flows: [["m.login.password", "m.login.dummy"]] };
  const session = (await attempt(server, request))?.session ?? "";
  await attempt(server, { ...request, auth: passwordAuth("alice", { session }) });
  const last = { ...request, auth: { type: "m.login.dummy", session } };
  expect(await attempt(server, last)).toBeUndefined();
  const again = await attempt(server, last);
  expect(again?.session).not.toBe(session);
  expect(again?.completed).toEqual(["m.login.dummy"]);
});

test.each([
  ["another operation", { operation: "changePassword" }],
  ["another device", { subject: ["LAPTOP"] }],
  ["another user", { userId: "@bob:example.org" as const }],
])("what was proved for one thing proves nothing for %s", async (_, other) => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const flows = [["m.login.password", "m.login.dummy"]];
  const session = (await attempt(server, { ...deletion, flows }))?.session ?? "";
  await attempt(server, { ...deletion, flows, auth: passwordAuth("alice", { session }) });
  const abused = await attempt(server, { ...deletion, flows, ...other, auth: { type: "m.login.dummy", session } });
  expect(abused?.completed).toEqual(["m.login.dummy"]);
  expect(abused?.session).not.toBe(session);
});

test("a session that has expired begins anew", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const flows = [["m.login.password", "m.login.dummy"]];
  const session = (await attempt(server, { ...deletion, flows }))?.session ?? "";
  await attempt(server, { ...deletion, flows, auth: passwordAuth("alice", { session }) });
  server.clock.advance(SESSION_LIFETIME_MS);
  const late = await attempt(server, { ...deletion, flows, auth: { type: "m.login.dummy", session } });
  expect(late?.completed).toEqual(["m.login.dummy"]);
});

test("a session that is gone by the time a stage is proved begins anew with that stage", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const { accounts, clock } = server;
  const request = { ...deletion, flows: [["m.login.dummy", "m.login.password"]] };
  const session = (await attempt(server, request))?.session ?? "";
  const passwords: Passwords = {
    ...accounts.passwords,
    async verify(...args) {
      await accounts.storage.write(async (tx) => tx.interactiveAuth.purgeExpired(clock.now() + SESSION_LIFETIME_MS));
      return accounts.passwords.verify(...args);
    },
  };
  const auth = passwordAuth("alice", { session });
  const late = await attempt({ ...server, accounts: { ...accounts, passwords } }, { ...request, auth });
  expect(late?.completed).toEqual(["m.login.password"]);
  expect(late?.session).not.toBe(session);
});

test("a session alone, or a stage that is not offered, proves nothing", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const session = (await attempt(server, deletion))?.session ?? "";
  expect(await attempt(server, { ...deletion, auth: { session } })).toMatchObject({ session });
  const dummy = await attempt(server, { ...deletion, auth: { type: "m.login.dummy", session } });
  expect(dummy).toMatchObject({ session, errcode: "M_UNRECOGNIZED" });
  const prototype = await attempt(server, { ...deletion, auth: { type: "constructor", session } });
  expect(prototype).toMatchObject({ errcode: "M_UNRECOGNIZED" });
});
