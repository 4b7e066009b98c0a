import { Agent, get } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { cpuSeconds, residentMegabytes } from "./memory.ts";

export const POLLS = 2000;

/** What 2000 waiting requests cost the server: MB by which it grows, and its processor time while nothing happens. */
export async function idlePolls({
  url,
  pid,
  polls,
}: {
  url: string;
  pid: number;
  polls: readonly { readonly path: string; readonly token: string }[];
}): Promise<{ megabytes: number; cpuPercent: number }> {
  const before = residentMegabytes(pid) ?? 0;
  let ended = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: POLLS });
  for (let poll = 0; poll < POLLS; poll++) {
    const { path, token } = polls[poll % polls.length] ?? { path: "/", token: "" };
    const end = () => ended++;
    get(`${url}${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, end).on("error", end);
    // A burst of connects would measure the accept queue.
    if (poll % 100 === 99) await wait(50);
  }
  await wait(4000);
  const cpuBefore = cpuSeconds(pid);
  await wait(5000);
  const cpuPercent = Math.round(((cpuSeconds(pid) - cpuBefore) / 5) * 1000) / 10;
  const after = residentMegabytes(pid) ?? 0;
  if (ended > 0) throw new Error(`${ended} long-polls ended although nothing happened`);
  agent.destroy();
  await wait(500);
  return { megabytes: after - before, cpuPercent };
}
