import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";

export function profilesContract(storage: () => ContractStorage): void {
  const replace = (fields: { [name: string]: string }, basedOn: number | undefined) =>
    storage().write(async (tx) => tx.profiles.replace(alice, fields, basedOn), { reruns: 0 });
  const version = async () => (await storage().read.profiles.get(alice))?.version;

  test("a profile is read as it was set, until it is deleted", async () => {
    expect(await storage().read.profiles.get(alice)).toBeUndefined();
    await replace({ displayname: "Älice", "m.tz": "Europe/Zurich" }, undefined);
    expect((await storage().read.profiles.get(alice))?.fields).toEqual({
      displayname: "Älice",
      "m.tz": "Europe/Zurich",
    });
    await storage().write(async (tx) => tx.profiles.delete(alice));
    expect(await storage().read.profiles.get(alice)).toBeUndefined();
  });

  test("of two changes made from the same profile, one has to be made again", async () => {
    const first = await Promise.allSettled([replace({ a: "1" }, undefined), replace({ a: "2" }, undefined)]);
    expect(first.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected"]);
    const seen = await version();
    await replace({ a: "3" }, seen);
    await expect(replace({ a: "4" }, seen)).rejects.toThrow(GuardFailed);
    expect((await storage().read.profiles.get(alice))?.fields).toEqual({ a: "3" });
  });
}
