import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

/** What the tests need that npm does not carry: a real PostgreSQL, a real Chromium, strace. */
const onPath = (name: string) => (process.env["PATH"] ?? "").split(":").some((dir) => existsSync(`${dir}/${name}`));

const PARTS = [
  {
    name: "PostgreSQL (initdb, postgres)",
    debian: "postgresql",
    there: () =>
      onPath("initdb") ||
      (existsSync("/usr/lib/postgresql") &&
        readdirSync("/usr/lib/postgresql").some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`))),
  },
  {
    name: "Chromium",
    debian: "chromium",
    there: () => onPath("chromium") || onPath("chromium-browser") || onPath("google-chrome"),
  },
  { name: "strace", debian: "strace", there: () => onPath("strace") },
];

/** Installs the missing ones with apt-get where that is allowed; else says what is missing and ends the process. */
export function ensureSystemParts(): void {
  const missing = () => PARTS.filter((part) => !part.there());
  if (missing().length === 0) return;
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    const packages = missing().map((part) => part.debian);
    console.log(`croft: installing ${packages.join(", ")} with apt-get for the tests …`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (...args: string[]) => spawnSync("apt-get", args, { stdio: ["ignore", "ignore", 2], env });
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
  }
  const left = missing();
  if (left.length === 0) return;
  console.error("croft: the tests need what this machine lacks:");
  for (const part of left) console.error(`  ${part.name} (Debian: apt-get install ${part.debian})`);
  process.exit(1);
}
