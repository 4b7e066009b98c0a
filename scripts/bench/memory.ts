import { readdirSync, readFileSync } from "node:fs";

/** Resident memory of a process and all below it in MB; shared pages count by their share. Linux only, else undefined. */
export function residentMegabytes(pid: number): number | undefined {
  try {
    let kilobytes = 0;
    for (const one of withChildren(pid)) {
      const [, pss = "0"] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, "utf8")) ?? [];
      kilobytes += Number(pss);
    }
    return Math.round(kilobytes / 102.4) / 10;
  } catch {
    return undefined;
  }
}

/** Processor time used so far by a process and all below it, in seconds. */
export function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const one of withChildren(pid)) {
    const fields = readFileSync(`/proc/${one}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}

function withChildren(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, , parent = "0"] = /\) (\S) (\d+) /.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      parents.set(Number(name), Number(parent));
    } catch {
      // It ended meanwhile.
    }
  }
  const family = [pid];
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}
