import { argon2, timingSafeEqual } from "node:crypto";
import { MatrixError } from "@croft/protocol";
import type { Random } from "./random.ts";

/** Stores and checks passwords without ever blocking the event loop. */
export interface Passwords {
  /** A PHC string to keep. */
  hash(password: string): Promise<string>;
  /** Whether `password` made `phc`. With `phc` undefined it is always false, after as much work as a real check. */
  verify(password: string, phc: string | undefined): Promise<boolean>;
}

/** argon2id's cost: memory in KiB. */
export type PasswordCost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

/** RFC 9106 and OWASP's recommendation for argon2id where memory is dear: 19 MiB and two passes. */
export const PASSWORD_COST: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 };

const ARGON2_VERSION = 19;
const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** Half of libuv's four threads: files and name look-ups keep moving during a flood of logins. */
const AT_ONCE = 2;
/** About six seconds of work on a small machine; who comes later is told to come back. */
const MOST_WAITING = 200;
const RETRY_AFTER_MS = 5_000;

/** argon2id in the thread pool; a flood of logins takes a bounded amount of memory and the rest is refused. */
export function argon2Passwords({ random, cost = PASSWORD_COST }: { random: Random; cost?: PasswordCost }): Passwords {
  const turns = createTurns();
  const derive = (
    password: string,
    salt: Uint8Array,
    { memory, passes, parallelism }: PasswordCost,
    tagLength: number,
  ) =>
    turns(
      () =>
        new Promise<Buffer>((resolve, reject) => {
          const parameters = { message: password, nonce: salt, parallelism, tagLength, memory, passes };
          argon2("argon2id", parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
        }),
    );
  return {
    async hash(password) {
      const salt = random.bytes(SALT_BYTES);
      return formatPhc({ cost, salt, tag: await derive(password, salt, cost, TAG_BYTES) });
    },
    async verify(password, phc) {
      const stored = phc === undefined ? undefined : parsePhc(phc);
      if (!stored) {
        await derive(password, random.bytes(SALT_BYTES), cost, TAG_BYTES);
        return false;
      }
      const tag = await derive(password, stored.salt, stored.cost, stored.tag.length);
      return timingSafeEqual(tag, stored.tag);
    },
  };
}

type Phc = { readonly cost: PasswordCost; readonly salt: Uint8Array; readonly tag: Uint8Array };

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

/** https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md */
function formatPhc({ cost: { memory, passes, parallelism }, salt, tag }: Phc): string {
  const parameters = `m=${memory},t=${passes},p=${parallelism}`;
  return `$argon2id$v=${ARGON2_VERSION}$${parameters}$${unpadded(salt)}$${unpadded(tag)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parsePhc(phc: string): Phc | undefined {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(phc) ?? [];
  if (!salt || !tag) return undefined;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}

/** Lets `AT_ONCE` jobs run and `MOST_WAITING` wait, in order of arrival. */
function createTurns(): <Result>(job: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (job) => {
    if (running < AT_ONCE) running++;
    else {
      if (waiting.length >= MOST_WAITING) {
        throw new MatrixError("M_LIMIT_EXCEEDED", "Too many logins at once", { retry_after_ms: RETRY_AFTER_MS });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
