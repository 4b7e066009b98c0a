import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

export function metaContract(storage: () => ContractStorage): void {
  test("a fact is what it was set to last, and nothing once removed", async () => {
    await storage().write(async (tx) => tx.meta.set("server_name", "a.example"));
    await storage().write(async (tx) => tx.meta.set("server_name", "b.example"));
    expect(await storage().read.meta.get("server_name")).toBe("b.example");
    await storage().write(async (tx) => tx.meta.remove("server_name"));
    expect(await storage().read.meta.get("server_name")).toBeUndefined();
  });

  test("of several first values one is kept", async () => {
    const first = (value: string) => storage().write(async (tx) => tx.meta.setFirst("key", value), { reruns: 0 });
    const ended = await Promise.allSettled([first("a"), first("b"), first("c")]);
    expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(ended[1]).toMatchObject({ reason: expect.any(GuardFailed) });
    expect(await storage().read.meta.get("key")).toBe("a");
  });
}
