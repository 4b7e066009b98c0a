import { setTimeout as wait } from "node:timers/promises";

/** Asks again and again until there is an answer; for what another process does in its own time. */
export async function until<Answer>(
  what: string,
  ask: () => Answer | undefined | null | false | Promise<Answer | undefined | null | false>,
  { timeoutMs = 30_000, everyMs = 50 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Answer> {
  for (let waited = 0; waited < timeoutMs; waited += everyMs) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    await wait(everyMs);
  }
  throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
}
