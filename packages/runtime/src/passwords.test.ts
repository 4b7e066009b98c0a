import { expect, test } from "vitest";
import { argon2Passwords } from "./passwords.ts";
import { seededRandom } from "./random.ts";

const cheap = { memory: 8, passes: 1, parallelism: 1 };
const passwords = argon2Passwords({ random: seededRandom("passwords"), cost: cheap });

test("the right password is accepted and any other refused", async () => {
  const phc = await passwords.hash("correct horse");
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
  expect(await passwords.verify("correct horse", phc)).toBe(true);
  expect(await passwords.verify("correct horse ", phc)).toBe(false);
});

test("the same password is stored differently each time", async () => {
  expect(await passwords.hash("same")).not.toBe(await passwords.hash("same"));
});

test("an unknown user and an unreadable hash are refused", async () => {
  expect(await passwords.verify("anything", undefined)).toBe(false);
  expect(await passwords.verify("anything", "$2b$12$not-argon")).toBe(false);
});

test("a hash keeps the cost it was made with", async () => {
  const phc = await passwords.hash("old");
  const stronger = argon2Passwords({ random: seededRandom("new"), cost: { memory: 16, passes: 2, parallelism: 1 } });
  expect(await stronger.verify("old", phc)).toBe(true);
});

test("a flood of logins is refused beyond a bounded queue, and serves again afterwards", async () => {
  const flood = Array.from({ length: 300 }, () => passwords.verify("flood", undefined));
  const outcomes = await Promise.allSettled(flood);
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused.length).toBe(98);
  expect(refused[0]).toMatchObject({ reason: { errcode: "M_LIMIT_EXCEEDED", fields: { retry_after_ms: 5_000 } } });
  expect(await passwords.verify("after", await passwords.hash("after"))).toBe(true);
});
