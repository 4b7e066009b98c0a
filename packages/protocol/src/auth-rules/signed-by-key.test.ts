import { expect, test } from "vitest";
import { signedByKey } from "./signed-by-key.ts";

const SIGNED = {
  mxid: "@bob:b.example",
  token: "t",
  unsigned: { x: 1 },
  signatures: { "id.example": { "ed25519:0": "good==", "rsa:0": "other" }, "x.example": 5 },
};

const verified = signedByKey(
  ({ publicKey, data, signature }) =>
    publicKey === "key" && signature === "good" && data === '{"mxid":"@bob:b.example","token":"t"}',
);

test("any ed25519 signature by any of the keys will do, with or without padding", () => {
  expect(verified(SIGNED, ["key"])).toBe(true);
  expect(verified(SIGNED, ["wrong", "key="])).toBe(true);
});

test("another key, another text and no signature will not", () => {
  expect(verified(SIGNED, ["wrong"])).toBe(false);
  expect(verified(SIGNED, [])).toBe(false);
  expect(verified({ ...SIGNED, token: "u" }, ["key"])).toBe(false);
  expect(verified({ mxid: "@bob:b.example", token: "t" }, ["key"])).toBe(false);
  expect(verified({ ...SIGNED, signatures: "good" }, ["key"])).toBe(false);
  expect(verified({ ...SIGNED, signatures: { "id.example": { "rsa:0": "good" } } }, ["key"])).toBe(false);
});
