export { type Clock, sleep, systemClock, TestClock } from "./clock.ts";
export { ed25519SigningKey, ed25519Verifier, sha256 } from "./crypto.ts";
export { type Claim, claimExclusively } from "./exclusive-file.ts";
export { KeyedLock } from "./keyed-lock.ts";
export { Lifecycle } from "./lifecycle.ts";
export { createLogger, type Logger, type LogLevel, silentLogger } from "./logger.ts";
export { argon2Passwords, PASSWORD_COST, type PasswordCost, type Passwords } from "./passwords.ts";
export { opaqueId, type Random, seededRandom, systemRandom } from "./random.ts";
