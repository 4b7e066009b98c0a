import { createHash, randomBytes } from "node:crypto";

/** Chance as an argument. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/** The same bytes for the same seed, for tests. */
export function seededRandom(seed: string): Random {
  let counter = 0;
  let pool = Buffer.alloc(0);
  return {
    bytes(length) {
      while (pool.length < length) {
        const next = createHash("sha512").update(`${seed}/${counter++}`).digest();
        pool = Buffer.concat([pool, next]);
      }
      const bytes = pool.subarray(0, length);
      pool = pool.subarray(length);
      return bytes;
    },
  };
}

/** An unguessable opaque string of URL-safe letters: `bytes` bytes of randomness (default 24, 192 bits). */
export function opaqueId(random: Random, bytes = 24): string {
  return Buffer.from(random.bytes(bytes)).toString("base64url");
}
