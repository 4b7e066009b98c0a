import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "croft-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Runs a command where `mount` has been done, in a mount namespace of its own: nobody else sees it, and it ends with
 * the command. Who is not root may mount in a user namespace, where the system allows that; where not, the command fails.
 */
function mounted(folder: string, mount: string): string[] {
  const namespaces = process.getuid?.() === 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  return ["unshare", ...namespaces, "sh", "-ec", `${mount}; exec "$@"`, folder];
}

/** A prefix for a command that sees a disk of `bytes` on the folder. */
export const onSmallDisk = (folder: string, bytes: number): string[] =>
  mounted(folder, `mount -t tmpfs -o size=${bytes} tmpfs "$0"`);

/** A prefix for a command that sees the folder as read-only. */
export const onReadOnlyDisk = (folder: string): string[] =>
  mounted(folder, 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"');

/** The folder as the process sees it. */
export const seenBy = ({ pid }: ChildProcess, folder: string): string => `/proc/${pid}/root${folder}`;

/** Mounts a disk of `bytes` on the folder for everybody, until the test is over; `owner` may write it. */
export function mountSmallDisk(
  folder: string,
  bytes: number,
  owner: { readonly uid: number; readonly gid: number },
): void {
  if (process.getuid?.() !== 0)
    throw new Error("To fill the disk of PostgreSQL, this test has to mount one: run it as root.");
  const options = `size=${bytes},mode=700,uid=${owner.uid},gid=${owner.gid}`;
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  onTestFinished(() => void execFileSync("umount", ["--lazy", folder]));
}

/** Takes all space that a disk has left; gives it back when disposed. */
export function takeAllSpace(folder: string): Disposable {
  const ballast = join(folder, "ballast");
  const file = openSync(ballast, "w");
  for (let chunk = Buffer.alloc(1 << 20); chunk.length > 0; ) {
    try {
      if (writeSync(file, chunk) < chunk.length) chunk = chunk.subarray(chunk.length >> 1);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      chunk = chunk.subarray((chunk.length + 1) >> 1, chunk.length === 1 ? 0 : undefined);
    }
  }
  closeSync(file);
  return { [Symbol.dispose]: () => rmSync(ballast) };
}

/** Makes the system refuse calls of a running process on these files with an error, until disposed. */
export function refusingCalls(
  { pid }: ChildProcess,
  {
    calls,
    error,
    files,
  }: { readonly calls: readonly string[]; readonly error: string; readonly files: readonly string[] },
): AsyncDisposable {
  const names = calls.join(",");
  const paths = files.flatMap((file) => ["-P", file]);
  const tracer = spawn(
    "strace",
    [
      "-f",
      "-qq",
      "-o",
      "/dev/null",
      ...paths,
      "-e",
      `trace=${names}`,
      "-e",
      `inject=${names}:error=${error}`,
      "-p",
      `${pid}`,
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = once(tracer, "exit");
  return {
    async [Symbol.asyncDispose]() {
      tracer.kill("SIGINT");
      await ended;
    },
  };
}
