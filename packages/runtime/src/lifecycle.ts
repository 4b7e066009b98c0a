import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";

/** A background job has an owner, a name and a stop: nothing runs that nobody can end. */
export class Lifecycle {
  readonly #stops: { name: string; stop: () => Promise<void> | void }[] = [];
  readonly #logger: Logger;

  constructor({ logger }: { logger: Logger }) {
    this.#logger = logger;
  }

  /** Stops run in the reverse order of registration. */
  onStop(name: string, stop: () => Promise<void> | void): void {
    this.#stops.push({ name, stop });
  }

  /** Runs `job` every `ms` until stop, never twice at once; a failure is logged and the next run comes. */
  every(clock: Clock, ms: number, name: string, job: () => Promise<void>): void {
    let cancel = () => {};
    let running: Promise<void> = Promise.resolve();
    let stopped = false;
    const arm = () => {
      cancel = clock.after(ms, () => {
        running = job()
          .catch((error: unknown) => this.#logger.error({ err: error, job: name }, "background job failed"))
          .then(() => {
            if (!stopped) arm();
          });
      });
    };
    arm();
    this.onStop(name, async () => {
      stopped = true;
      cancel();
      await running;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let entry = this.#stops.pop(); entry; entry = this.#stops.pop()) {
      try {
        await entry.stop();
      } catch (error) {
        this.#logger.error({ err: error, part: entry.name }, "a part did not stop cleanly");
      }
    }
  }
}
