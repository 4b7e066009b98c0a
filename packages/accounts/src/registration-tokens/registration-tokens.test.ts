import * as api from "@croft/api";
import { expect, test } from "vitest";
import { type TestAccounts, testAccounts } from "../test-accounts.ts";
import { createRegistrationToken } from "./create-registration-token.ts";
import { listRegistrationTokens } from "./list-registration-tokens.ts";
import { removeRegistrationToken } from "./remove-registration-token.ts";

const DAY_MS = 24 * 60 * 60_000;

const register = async (server: TestAccounts, username: string, token: string): Promise<number> => {
  const auth = { type: "m.login.registration_token", token };
  return (await server.call(api.register, { query: {}, body: { username, password: "wonderland", auth } })).status;
};

test("an account can be made with a token as often and as long as its maker said", async () => {
  await using server = await testAccounts({ mode: "token" });
  const once = await createRegistrationToken(server.accounts, { usesAllowed: 1 });
  expect(await register(server, "alice", once)).toBe(200);
  expect(await register(server, "bob", once)).toBe(401);
  const brief = await createRegistrationToken(server.accounts, { token: "brief", lifetimeMs: DAY_MS });
  server.clock.advance(DAY_MS - 1);
  expect(await register(server, "bob", brief)).toBe(200);
  server.clock.advance(1);
  expect(await register(server, "carol", brief)).toBe(401);
});

test("a token that nobody named is long, of letters and digits alone, and another each time", async () => {
  await using server = await testAccounts({ mode: "token" });
  const tokens = [
    await createRegistrationToken(server.accounts, {}),
    await createRegistrationToken(server.accounts, {}),
  ];
  for (const token of tokens) expect(token).toMatch(/^[0-9a-z]{20,64}$/);
  expect(new Set(tokens).size).toBe(2);
});

test("a token keeps to the grammar, and a name is given once", async () => {
  await using server = await testAccounts({ mode: "token" });
  for (const token of ["", "a".repeat(65), "with space", "ümlaut", "a/b", "a\n"]) {
    await expect(createRegistrationToken(server.accounts, { token })).rejects.toMatchObject({
      errcode: "M_INVALID_PARAM",
    });
  }
  const token = `A.z_0~-${"a".repeat(57)}`;
  expect(await createRegistrationToken(server.accounts, { token })).toBe(token);
  await expect(createRegistrationToken(server.accounts, { token })).rejects.toMatchObject({ status: 409 });
});

test("the list tells how often a token was used and whether it still works", async () => {
  await using server = await testAccounts({ mode: "token" });
  await createRegistrationToken(server.accounts, { token: "once", usesAllowed: 1 });
  await createRegistrationToken(server.accounts, { token: "always" });
  await register(server, "alice", "once");
  expect(await listRegistrationTokens(server.accounts)).toEqual([
    { token: "always", usesAllowed: undefined, completed: 0, expiresTs: undefined, usable: true },
    { token: "once", usesAllowed: 1, completed: 1, expiresTs: undefined, usable: false },
  ]);
});

test("nobody comes in with a token that was taken back, and none is taken back twice", async () => {
  await using server = await testAccounts({ mode: "token" });
  await createRegistrationToken(server.accounts, { token: "gone" });
  await removeRegistrationToken(server.accounts, { token: "gone" });
  expect(await register(server, "alice", "gone")).toBe(401);
  await expect(removeRegistrationToken(server.accounts, { token: "gone" })).rejects.toMatchObject({
    errcode: "M_NOT_FOUND",
  });
});
