import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CheckResult } from "./tools.ts";

/** The table of STYLE.md §2: a package may name only these of ours as dependencies. */
const ring0 = ["protocol", "api"];
const ring1 = [...ring0, "runtime", "storage", "http", "edge", "turn"];
const ring2 = [...ring1, "accounts", "rooms", "e2ee", "media", "push"];
const ring3 = [...ring2, "federation", "sync", "appservice", "admin"];

const MAY_USE: { readonly [name: string]: readonly string[] } = {
  protocol: [],
  api: ["protocol"],
  runtime: ["protocol"],
  storage: [...ring0, "runtime"],
  http: [...ring0, "runtime"],
  turn: ["runtime"],
  edge: ["runtime"],
  accounts: ring1,
  rooms: [...ring1, "accounts"],
  e2ee: [...ring1, "accounts", "rooms"],
  media: [...ring1, "accounts", "rooms"],
  push: [...ring1, "accounts", "rooms"],
  federation: ring2,
  sync: ring2,
  appservice: ring2,
  admin: ring2,
  homeserver: ring3,
  client: ring0,
  ui: [],
  testkit: [...ring3, "homeserver"],
  server: [...ring3, "homeserver"],
  web: [...ring0, "client", "ui"],
};

/** `sync` builds on what e2ee and push know; `e2ee`, `media` and `push` do not know each other. */
export function checkDirection(root: string): CheckResult {
  const problems: string[] = [];
  for (const folder of ["packages", "apps"]) {
    for (const name of existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []) {
      const manifest = join(root, folder, name, "package.json");
      if (!existsSync(manifest)) continue;
      const allowed = MAY_USE[name];
      if (!allowed) {
        problems.push(`${folder}/${name}: not in the table of STYLE.md §2`);
        continue;
      }
      const { dependencies = {} } = JSON.parse(readFileSync(manifest, "utf8")) as { dependencies?: object };
      for (const dependency of Object.keys(dependencies)) {
        if (!dependency.startsWith("@croft/")) continue;
        const target = dependency.slice("@croft/".length);
        if (!allowed.includes(target)) problems.push(`${folder}/${name} may not depend on ${target}`);
      }
    }
  }
  return { problems };
}
