import { croftVersion } from "../version.ts";

export async function version(): Promise<number> {
  console.log(`croft ${croftVersion()} (Node ${process.versions.node})`);
  return 0;
}
