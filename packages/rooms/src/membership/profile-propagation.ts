import type { UserId } from "@croft/protocol";
import type { Logger } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { type PropagateProfileDeps, propagateProfile } from "./propagate-profile.ts";

export type ProfilePropagationDeps = PropagateProfileDeps & {
  readonly storage: Storage<"memberships" | "pendingProfiles">;
  readonly logger: Logger;
};

/**
 * Brings changed profiles into the rooms of their users, in the background and one user at a time. What is left to do is a
 * row, so a crash only delays it.
 */
export class ProfilePropagation {
  readonly #deps: ProfilePropagationDeps;
  readonly #queue = new Set<UserId>();
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(deps: ProfilePropagationDeps) {
    this.#deps = deps;
  }

  /** Goes about it soon. The row that makes it sure was written with the change. */
  profileChanged(userId: UserId): void {
    this.#enqueue(userId);
  }

  /** Goes on with what was left, by a crash or a failure. */
  async resume(): Promise<void> {
    for (const userId of await this.#deps.storage.read.pendingProfiles.all()) this.#enqueue(userId);
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Finishes the user it is at; the others have their rows. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  #enqueue(userId: UserId): void {
    this.#queue.add(userId);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const { storage, logger } = this.#deps;
    for (const userId of this.#queue) {
      if (this.#stopped) return;
      this.#queue.delete(userId);
      try {
        await propagateProfile(this.#deps, userId);
        // Queued again meanwhile: another change waits for its turn, and needs the row.
        if (!this.#queue.has(userId)) await storage.write(async (tx) => tx.pendingProfiles.remove(userId));
      } catch (error) {
        logger.error({ err: error, userId }, "a profile did not reach all rooms");
      }
    }
    // At once with the end of the queue: who comes in now starts anew.
    this.#running = undefined;
  }
}
