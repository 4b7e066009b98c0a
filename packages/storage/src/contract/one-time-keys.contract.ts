import type { DeviceId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { OneTimeKey } from "../stores/one-time-keys.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const phone: DeviceId = "PHONE";
const laptop: DeviceId = "LAPTOP";
const algorithm = "signed_curve25519";
const oneTimeKey = (keyId: string, key = `{"key":"${keyId}"}`): OneTimeKey => ({ algorithm, keyId, key });

export function oneTimeKeysContract(storage: () => ContractStorage): void {
  const add = (...keys: OneTimeKey[]) =>
    storage().write(
      async (tx) => {
        for (const key of keys) tx.oneTimeKeys.add(alice, phone, key);
      },
      { reruns: 0 },
    );
  const claim = () => storage().write((tx) => tx.oneTimeKeys.claim(alice, phone, algorithm, 1_000));
  const counts = () => storage().read.oneTimeKeys.countsOf(alice, phone);

  test("keys are handed out in the order of their upload, each once", async () => {
    await add(oneTimeKey("C"), oneTimeKey("A"));
    await add(oneTimeKey("B"));
    expect(await claim()).toEqual(oneTimeKey("C"));
    expect((await claim())?.keyId).toBe("A");
    expect((await claim())?.keyId).toBe("B");
    expect(await claim()).toBeUndefined();
  });

  test("fifty claims at once get fifty different keys", async () => {
    await add(...Array.from({ length: 49 }, (_, index) => oneTimeKey(`K${index}`)));
    await storage().write(async (tx) => tx.oneTimeKeys.setFallback(alice, phone, oneTimeKey("FALLBACK")));
    const claimed = await Promise.all(Array.from({ length: 50 }, claim));
    const ids = claimed.map((key) => key?.keyId);
    expect(new Set(ids).size).toBe(50);
    expect(ids).toContain("FALLBACK");
    expect((await counts()).counts).toEqual({});
  });

  test("a claim that is rolled back leaves the key to the next one", async () => {
    await add(oneTimeKey("A"));
    const failing = storage().write(async (tx) => {
      await tx.oneTimeKeys.claim(alice, phone, algorithm, 1_000);
      throw new Error("changed its mind");
    });
    await expect(failing).rejects.toThrow("changed its mind");
    expect((await claim())?.keyId).toBe("A");
  });

  test("a key id that a device has cannot be added again, and the others of the upload are not kept", async () => {
    await add(oneTimeKey("A"));
    await expect(add(oneTimeKey("B"), oneTimeKey("A", `"other"`))).rejects.toThrow(GuardFailed);
    expect(await storage().read.oneTimeKeys.withIds(alice, phone, ["A", "B"])).toEqual([
      { ...oneTimeKey("A"), claimed: false },
    ]);
  });

  test("a key that was claimed is remembered for a while and cannot be added again, but another under its name", async () => {
    await add(oneTimeKey("A"), oneTimeKey("B"));
    expect((await claim())?.keyId).toBe("A");
    expect(await storage().read.oneTimeKeys.withIds(alice, phone, ["A"])).toEqual([
      { ...oneTimeKey("A"), claimed: true },
    ]);
    await expect(add(oneTimeKey("A"))).rejects.toThrow(GuardFailed);
    await add(oneTimeKey("A", `"other"`));
    expect((await counts()).counts).toEqual({ [algorithm]: 2 });
    expect((await claim())?.keyId).toBe("B");
    expect(await claim()).toEqual(oneTimeKey("A", `"other"`));
    await storage().write(async (tx) => tx.oneTimeKeys.forgetClaimed(1_000));
    await expect(add(oneTimeKey("B"))).rejects.toThrow(GuardFailed);
    await storage().write(async (tx) => tx.oneTimeKeys.forgetClaimed(1_001));
    await add(oneTimeKey("B"));
    expect((await claim())?.keyId).toBe("B");
  });

  test("the fallback key is given when no other is left, again and again, and counts as used until replaced", async () => {
    const setFallback = (key: OneTimeKey) =>
      storage().write(async (tx) => tx.oneTimeKeys.setFallback(alice, phone, key));
    await setFallback(oneTimeKey("F"));
    expect((await counts()).unusedFallbackTypes).toEqual([algorithm]);
    expect(await claim()).toEqual(oneTimeKey("F"));
    expect(await claim()).toEqual(oneTimeKey("F"));
    expect((await counts()).unusedFallbackTypes).toEqual([]);
    await setFallback(oneTimeKey("F"));
    expect((await counts()).unusedFallbackTypes).toEqual([]);
    await setFallback(oneTimeKey("G"));
    expect((await counts()).unusedFallbackTypes).toEqual([algorithm]);
  });

  test("a claim wakes the device and moves the place of its last claim", async () => {
    await add(oneTimeKey("A"), oneTimeKey("B"));
    expect(await counts()).toEqual({ counts: { [algorithm]: 2 }, unusedFallbackTypes: [], claimedAt: 0 });
    const woken: unknown[] = [];
    const unsubscribe = storage().onCommitted(({ touched }) => woken.push(...touched));
    await claim();
    unsubscribe();
    expect(woken).toEqual([{ userId: alice, deviceId: phone }]);
    expect(await counts()).toEqual({
      counts: { [algorithm]: 1 },
      unusedFallbackTypes: [],
      claimedAt: storage().position(),
    });
  });

  test("keys of one device are neither counted nor claimed for another, and go with their own", async () => {
    await add(oneTimeKey("A"));
    await storage().write(async (tx) => {
      tx.oneTimeKeys.add(alice, laptop, oneTimeKey("A"));
      tx.oneTimeKeys.setFallback(alice, phone, oneTimeKey("F"));
    });
    await storage().write(async (tx) => tx.oneTimeKeys.delete(alice, [phone, "UNKNOWN"]));
    expect(await counts()).toEqual({ counts: {}, unusedFallbackTypes: [], claimedAt: 0 });
    expect(await claim()).toBeUndefined();
    expect((await storage().read.oneTimeKeys.countsOf(alice, laptop)).counts).toEqual({ [algorithm]: 1 });
  });
}
