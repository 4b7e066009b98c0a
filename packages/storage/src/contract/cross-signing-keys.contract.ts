import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { CrossSigningKeyRecord } from "../stores/cross-signing-keys.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";
const carol: UserId = "@carol:example.org";
const master: CrossSigningKeyRecord = { userId: alice, usage: "master", publicKey: "MASTER", key: `{"a":1}` };

export function crossSigningKeysContract(storage: () => ContractStorage): void {
  const set = (key: CrossSigningKeyRecord, basedOn?: string) =>
    storage().write(async (tx) => tx.crossSigningKeys.set(key, basedOn), { reruns: 0 });
  const sign = (userId: UserId, keyId: string, signer: UserId, signature: string, signingKeyId = "ed25519:S") =>
    storage().write(async (tx) => tx.crossSigningKeys.addSignature({ userId, keyId, signer, signingKeyId, signature }));
  const seenBy = async (viewer: UserId, ...users: UserId[]) =>
    (await storage().read.crossSigningKeys.signaturesOn(users, viewer)).map(({ signature }) => signature).sort();

  test("a key is set where there is none and replaced where it is the one expected, else not", async () => {
    await set(master);
    await expect(set({ ...master, publicKey: "OTHER" })).rejects.toThrow(GuardFailed);
    await expect(set({ ...master, publicKey: "OTHER" }, "WRONG")).rejects.toThrow(GuardFailed);
    expect(await storage().read.crossSigningKeys.ofUsers([alice, bob])).toEqual([master]);
    const replaced = { ...master, publicKey: "OTHER", key: `{"b":2}` };
    await set(replaced, "MASTER");
    await set({ ...master, userId: bob, usage: "self_signing" });
    expect(await storage().read.crossSigningKeys.ofUsers([alice])).toEqual([replaced]);
    expect(await storage().read.crossSigningKeys.ofUsers([alice, bob])).toHaveLength(2);
  });

  test("a key is required to be the one that is known when a write is committed", async () => {
    const required = (key: CrossSigningKeyRecord) =>
      storage().write(async (tx) => tx.crossSigningKeys.requireKey(key), { reruns: 0 });
    await set(master);
    await required(master);
    expect(await storage().read.crossSigningKeys.ofUsers([alice])).toEqual([master]);
    await expect(required({ ...master, key: "{}" })).rejects.toThrow(GuardFailed);
    await expect(required({ ...master, usage: "self_signing" })).rejects.toThrow(GuardFailed);
  });

  test("signatures are seen by their signer and by the owner of the key, who sees their own alone", async () => {
    await sign(alice, "MASTER", alice, "own");
    await sign(alice, "MASTER", bob, "by Bob");
    await sign(alice, "MASTER", carol, "by Carol");
    expect(await seenBy(alice, alice)).toEqual(["own"]);
    expect(await seenBy(bob, alice)).toEqual(["by Bob", "own"]);
    expect(await seenBy(carol, alice, bob)).toEqual(["by Carol", "own"]);
  });

  test("a key's later signature of a signing key takes the place of the earlier", async () => {
    await sign(alice, "PHONE", alice, "first");
    await sign(alice, "PHONE", alice, "second");
    await sign(alice, "PHONE", alice, "of another key", "ed25519:T");
    expect(await seenBy(alice, alice)).toEqual(["of another key", "second"]);
  });

  test("signatures go with the key they are on, and with the one that made them", async () => {
    await sign(alice, "PHONE", alice, "on the phone");
    await sign(alice, "LAPTOP", alice, "on the laptop");
    await sign(alice, "LAPTOP", alice, "kept", "ed25519:T");
    await sign(bob, "BOB", alice, "on Bob");
    await storage().write(async (tx) => tx.crossSigningKeys.deleteSignatures(alice, ["PHONE", "UNKNOWN"]));
    expect(await seenBy(alice, alice, bob)).toEqual(["kept", "on Bob", "on the laptop"]);
    await storage().write(async (tx) => tx.crossSigningKeys.deleteSignaturesBy(alice, "ed25519:S"));
    expect(await seenBy(alice, alice, bob)).toEqual(["kept"]);
  });

  test("a usage is deleted alone, a user with all they signed", async () => {
    await set(master);
    await set({ ...master, usage: "user_signing" });
    await storage().write(async (tx) => tx.crossSigningKeys.delete(alice, "user_signing"));
    expect(await storage().read.crossSigningKeys.ofUsers([alice])).toEqual([master]);
    await sign(bob, "BOB", alice, "on Bob");
    await sign(bob, "BOB", bob, "Bob's own");
    await storage().write(async (tx) => tx.crossSigningKeys.deleteAll(alice));
    expect(await storage().read.crossSigningKeys.ofUsers([alice])).toEqual([]);
    expect(await seenBy(alice, bob)).toEqual(["Bob's own"]);
  });
}
