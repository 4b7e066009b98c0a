// Loaded into the server before its own code: on SIGUSR2 it collects garbage and says how much of the heap is in use.
import { setTimeout as wait } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";

async function report(): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    await wait(50);
    globalThis.gc?.();
    least = Math.min(least, process.memoryUsage().heapUsed);
  }
  process.stdout.write(`heap in use: ${least}\n`);
}

if (isMainThread) process.on("SIGUSR2", () => void report());
