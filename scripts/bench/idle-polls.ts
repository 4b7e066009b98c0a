import { Agent, get } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { cpuSeconds, residentMegabytes } from "./memory.ts";

const POLLS = 2000;

/** What 2000 waiting requests cost the server: KB each, and its processor time while nothing happens. */
export async function idlePolls({
  url,
  pid,
  polls,
}: {
  url: string;
  pid: number;
  polls: readonly { readonly path: string; readonly token: string }[];
}): Promise<{ kilobytesEach: number; cpuPercent: number }> {
  const before = residentMegabytes(pid) ?? 0;
  const answered = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: POLLS });
  for (let poll = 0; poll < POLLS; poll++) {
    const { path, token } = polls[poll % polls.length] ?? { path: "/", token: "" };
    get(`${url}${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => response.resume()).on(
      "error",
      () => {},
    );
    // A burst of connects would measure the accept queue.
    if (poll % 100 === 99) await wait(50);
  }
  await wait(4000);
  if (answered > 0) throw new Error(`${answered} long-polls were answered although nothing happened`);
  const cpuBefore = cpuSeconds(pid);
  await wait(5000);
  const cpuPercent = Math.round(((cpuSeconds(pid) - cpuBefore) / 5) * 1000) / 10;
  const after = residentMegabytes(pid) ?? 0;
  agent.destroy();
  await wait(500);
  return { kilobytesEach: Math.round(((after - before) * 1024) / POLLS / 0.1) / 10, cpuPercent };
}
