import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";

export function filtersContract(storage: () => ContractStorage): void {
  test("a filter is its user's own and never changes", async () => {
    await storage().write(async (tx) => tx.filters.ensure(alice, "f", '{"a":1}'));
    await storage().write(async (tx) => tx.filters.ensure(alice, "f", '{"a":2}'));
    await storage().write(async (tx) => tx.filters.ensure(bob, "f", "{}"));
    expect(await storage().read.filters.get(alice, "f")).toBe('{"a":1}');
    await storage().write(async (tx) => tx.filters.ensure(alice, "g", "{}"));
    expect(await storage().read.filters.count(alice)).toBe(2);
    await storage().write(async (tx) => tx.filters.deleteAll(alice));
    expect(await storage().read.filters.get(alice, "f")).toBeUndefined();
    expect(await storage().read.filters.get(bob, "f")).toBe("{}");
  });
}
