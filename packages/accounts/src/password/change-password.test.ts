import * as api from "@croft/api";
import { expect, test } from "vitest";
import { passwordAuth, testAccounts } from "../test-accounts.ts";

test("of two changes at once, both proved with the old password, one is refused", async () => {
  await using accounts = await testAccounts();
  await accounts.createUser("alice");
  const tokens = [await accounts.token("alice", "PHONE"), await accounts.token("alice", "LAPTOP")];
  const change = (token: string | undefined, newPassword: string) =>
    accounts.call(api.changePassword, {
      token: token ?? "",
      body: { new_password: newPassword, logout_devices: false, auth: passwordAuth("alice") },
    });
  const replies = await Promise.all([change(tokens[0], "owner's"), change(tokens[1], "thief's")]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 403]);
  const kept = replies[0]?.status === 200 ? "owner's" : "thief's";
  expect((await accounts.login("alice", { password: kept })).status).toBe(200);
});
