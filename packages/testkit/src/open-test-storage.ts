import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, silentLogger, TestClock } from "@croft/runtime";
import { type OpenStorage, openStorage } from "@croft/storage";

export type TestStorage = { readonly storage: OpenStorage; readonly close: () => Promise<void> };

/** An empty database of its own, gone when closed. */
export async function openTestStorage({
  clock = new TestClock(),
}: {
  readonly clock?: Clock;
} = {}): Promise<TestStorage> {
  const directory = await mkdtemp(join(tmpdir(), "croft-test-"));
  const engine = { kind: "sqlite", path: join(directory, "croft.db") } as const;
  const storage = await openStorage({ engine, clock, logger: silentLogger });
  return {
    storage,
    async close() {
      await storage.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
