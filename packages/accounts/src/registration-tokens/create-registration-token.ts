import { invalidParam, MatrixError } from "@croft/protocol";
import type { Clock, Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";

export type CreateRegistrationTokenDeps = {
  readonly storage: Storage<"registrationTokens">;
  readonly clock: Clock;
  readonly random: Random;
};

/** https://spec.matrix.org/v1.19/client-server-api/#token-authenticated-registration */
const GRAMMAR = /^[A-Za-z0-9._~-]{1,64}$/;
/** In hexadecimal: nobody has to tell 0 from O when it is read out. */
const RANDOM_BYTES = 12;

/** Makes a token that accounts can be made with, and answers it; a random one where none is named. */
export async function createRegistrationToken(
  { storage, clock, random }: CreateRegistrationTokenDeps,
  {
    token = Buffer.from(random.bytes(RANDOM_BYTES)).toString("hex"),
    usesAllowed,
    lifetimeMs,
  }: {
    readonly token?: string | undefined;
    /** undefined = any number. */
    readonly usesAllowed?: number | undefined;
    /** undefined = for good. */
    readonly lifetimeMs?: number | undefined;
  },
): Promise<string> {
  if (!GRAMMAR.test(token)) throw invalidParam("A registration token is made of 1 to 64 letters, digits and . _ ~ -");
  const expiresTs = lifetimeMs === undefined ? undefined : clock.now() + lifetimeMs;
  await storage.write(async (tx) => {
    if (await tx.registrationTokens.get(token)) throw tokenExists();
    tx.registrationTokens.create({ token, usesAllowed, expiresTs });
  });
  return token;
}

const tokenExists = () => new MatrixError("M_UNKNOWN", "There is such a registration token already", { status: 409 });
