import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

export function registrationTokensContract(storage: () => ContractStorage): void {
  const tokens = () => storage().read.registrationTokens;
  const create = (token: string, usesAllowed?: number, expiresTs?: number) =>
    storage().write(async (tx) => tx.registrationTokens.create({ token, usesAllowed, expiresTs }), { reruns: 0 });
  const use = (token: string, now = 1) =>
    storage().write(async (tx) => tx.registrationTokens.use(token, now), { reruns: 0 });

  test("a token is read as it was made, and made once", async () => {
    await create("b", 2, 1_700_000_000_000);
    await create("a");
    expect(await tokens().all()).toEqual([
      { token: "a", usesAllowed: undefined, completed: 0, expiresTs: undefined },
      { token: "b", usesAllowed: 2, completed: 0, expiresTs: 1_700_000_000_000 },
    ]);
    await expect(create("a")).rejects.toThrow(GuardFailed);
  });

  test("a token works as often as it may, even for those who come at once", async () => {
    await create("twice", 2);
    const outcomes = await Promise.allSettled([use("twice"), use("twice"), use("twice")]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(await tokens().get("twice")).toMatchObject({ completed: 2 });
  });

  test("an expired, an unknown and a deleted token do not work", async () => {
    await create("brief", undefined, 100);
    await use("brief", 99);
    await expect(use("brief", 100)).rejects.toThrow(GuardFailed);
    await expect(use("unknown")).rejects.toThrow(GuardFailed);
    await storage().write(async (tx) =>
      tx.registrationTokens.update({ token: "brief", usesAllowed: 5, expiresTs: undefined }),
    );
    await use("brief", 100);
    await storage().write(async (tx) => tx.registrationTokens.delete("brief"));
    await expect(use("brief", 100)).rejects.toThrow(GuardFailed);
  });
}
