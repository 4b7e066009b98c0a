import type { UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { UploadedContent } from "../stores/media.ts";
import type { ContractStorage } from "./describe-contract.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";

const content = (digit: string, more: Partial<UploadedContent> = {}): UploadedContent => ({
  sha256: digit.repeat(64),
  size: 3,
  contentType: "image/png",
  fileName: undefined,
  ...more,
});

export function mediaContract(storage: () => ContractStorage): void {
  const media = () => storage().read.media;
  const pending = (mediaId: string, { userId = alice, createdTs = 10, expiresTs = 20, limit = 2 } = {}) =>
    storage().write(async (tx) => tx.media.createPending({ mediaId, userId, createdTs, expiresTs }, limit), {
      reruns: 0,
    });
  const setContent = (mediaId: string, given: UploadedContent) =>
    storage().write(async (tx) => tx.media.setContent(mediaId, given), { reruns: 0 });

  test("media comes back as it was stored, with and without a file name", async () => {
    const named = { mediaId: "a", userId: alice, createdTs: 5, content: content("a", { fileName: "Ω.png" }) };
    const bare = { mediaId: "b", userId: bob, createdTs: 6, content: content("a", { size: 0 }) };
    await storage().write(async (tx) => {
      tx.media.insert(named);
      tx.media.insert(bare);
    });
    expect(await media().get("a")).toEqual({ ...named, expiresTs: undefined });
    expect(await media().get("b")).toEqual({ ...bare, expiresTs: undefined });
    expect(await media().get("A")).toBeUndefined();
  });

  test("media that is awaited has no content, and gets it once", async () => {
    await pending("a");
    const awaited = { mediaId: "a", userId: alice, createdTs: 10, expiresTs: 20, content: undefined };
    expect(await media().get("a")).toEqual(awaited);
    await setContent("a", content("1"));
    await expect(setContent("a", content("2"))).rejects.toThrow(GuardFailed);
    await expect(setContent("never", content("2"))).rejects.toThrow(GuardFailed);
    expect(await media().get("a")).toEqual({ ...awaited, expiresTs: undefined, content: content("1") });
  });

  test("a user has only so many uploads pending, not counting what expired, arrived, or is another's", async () => {
    await pending("a");
    await pending("b", { expiresTs: 30 });
    await expect(pending("c")).rejects.toThrow(GuardFailed);
    expect(await media().get("c")).toBeUndefined();
    await pending("d", { userId: bob });
    expect(await media().countPending(alice, 10)).toBe(2);
    expect(await media().countPending(alice, 20)).toBe(1);
    await pending("e", { createdTs: 20, expiresTs: 40 });
    await setContent("b", content("1"));
    await pending("f", { createdTs: 20, expiresTs: 40 });
    expect(await media().countPending(alice, 20)).toBe(2);
  });

  test("of two who take the last place at once, one does not get it", async () => {
    await pending("a");
    const outcomes = await Promise.allSettled([pending("b"), pending("c")]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("uploads that nobody awaits any more are forgotten, and content never is", async () => {
    await pending("old");
    await pending("young", { expiresTs: 30 });
    await storage().write(async (tx) =>
      tx.media.insert({ mediaId: "here", userId: alice, createdTs: 1, content: content("1") }),
    );
    await storage().write(async (tx) => tx.media.purgeExpired(25));
    expect(await media().get("old")).toBeUndefined();
    expect(await media().get("young")).toBeDefined();
    expect(await media().get("here")).toBeDefined();
  });

  test("a thumbnail is found by its source, method and size, and content is referenced by either", async () => {
    const key = { sourceSha256: "a".repeat(64), method: "crop", width: 32, height: 96 } as const;
    const { fileName: _, ...small } = content("b");
    await storage().write(async (tx) => tx.media.setThumbnail(key, content("c")));
    await storage().write(async (tx) => tx.media.setThumbnail(key, small));
    expect(await media().getThumbnail(key)).toEqual(small);
    expect(await media().getThumbnail({ ...key, method: "scale" })).toBeUndefined();
    expect(await media().getThumbnail({ ...key, width: 96 })).toBeUndefined();
    expect(await media().getThumbnail({ ...key, sourceSha256: "b".repeat(64) })).toBeUndefined();
    expect(await media().isReferenced("b".repeat(64))).toBe(true);
    expect(await media().isReferenced("a".repeat(64))).toBe(false);
    await storage().write(async (tx) =>
      tx.media.insert({ mediaId: "m", userId: alice, createdTs: 1, content: content("a") }),
    );
    expect(await media().isReferenced("a".repeat(64))).toBe(true);
  });
}
