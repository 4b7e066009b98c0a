import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

export function interactiveAuthContract(storage: () => ContractStorage): void {
  const get = (session: string, now = 0) => storage().read.interactiveAuth.get(session, now);
  const create = (session: string, expiresTs = 100) =>
    storage().write(async (tx) =>
      tx.interactiveAuth.create({ session, boundTo: "register", completed: [], expiresTs }),
    );

  test("a session is read with what was completed, until it expires", async () => {
    await create("s");
    await storage().write(async (tx) => tx.interactiveAuth.setCompleted("s", ["m.login.dummy"]));
    expect(await get("s", 99)).toEqual({
      session: "s",
      boundTo: "register",
      completed: ["m.login.dummy"],
      expiresTs: 100,
    });
    expect(await get("s", 100)).toBeUndefined();
  });

  test("a session is spent once", async () => {
    await create("s");
    const take = () => storage().write(async (tx) => tx.interactiveAuth.take("s"), { reruns: 0 });
    const outcomes = await Promise.allSettled([take(), take()]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected"]);
    expect(await get("s")).toBeUndefined();
    const late = storage().write(async (tx) => tx.interactiveAuth.setCompleted("s", []), { reruns: 0 });
    await expect(late).rejects.toThrow(GuardFailed);
  });

  test("expired sessions are removed, others stay", async () => {
    await create("old", 100);
    await create("young", 101);
    await storage().write(async (tx) => tx.interactiveAuth.purgeExpired(100));
    expect(await get("old")).toBeUndefined();
    expect(await get("young")).toBeDefined();
  });
}
