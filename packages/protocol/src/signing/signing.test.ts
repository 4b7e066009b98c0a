import { describe, expect, test } from "vitest";
import vectors from "../../../../spec/vectors/signing.json" with { type: "json" };
import { contentHash, hasItsContentHash } from "../events/hashes.ts";
import type { DraftPdu, Pdu } from "../events/pdu.ts";
import type { JsonObject } from "../json.ts";
import { redact } from "../redaction/redact.ts";
import { roomVersion } from "../room-versions/room-versions.ts";
import { sha256, signingKey, verify } from "../test-crypto.ts";
import { requiredSigners } from "./required-signers.ts";
import { countersignEvent, signEvent, verifyEventSignature } from "./sign-event.ts";
import { signJson, verifyJson } from "./sign-json.ts";

const key = signingKey(vectors.keyId, vectors.seed);
const otherKey = signingKey("ed25519:2", "YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XB1");
const signer = { serverName: vectors.serverName, key };
const version = (id: string) => roomVersion(id) ?? expect.unreachable();
const knows =
  (...keys: (typeof key)[]) =>
  (keyId: string) =>
    keys.find((known) => known.keyId === keyId)?.publicKey;
const check = { serverName: "domain", publicKey: knows(key), verify };

describe("the vectors of the specification", () => {
  test.each(vectors.json)("an object is signed as in example %#", ({ unsigned, signed }) => {
    expect(signJson(unsigned as JsonObject, signer)).toEqual(signed);
    expect(verifyJson(signed as unknown as JsonObject, check)).toBe(true);
  });

  test.each(vectors.events)("an event is hashed and signed as in example %#", ({ unsigned, signed }) => {
    const draft = { event_id: "$0:domain", ...unsigned } as unknown as DraftPdu;
    expect(contentHash(unsigned as unknown as DraftPdu, sha256)).toBe(signed.hashes.sha256);
    if ("event_id" in unsigned) expect(signEvent(draft, version("1"), { ...signer, sha256 }).pdu).toEqual(signed);
    expect(verifyEventSignature(signed as unknown as Pdu, version("1"), check)).toBe(true);
  });

  test("the event without an id is signed as in the first example", () => {
    const { unsigned, signed } = vectors.events[0] ?? expect.unreachable();
    expect(signEvent(unsigned as unknown as DraftPdu, version("3"), { ...signer, sha256 }).pdu).toEqual(signed);
  });
});

describe("a signed object", () => {
  const signed = signJson({ name: "example", nested: { b: 1, a: 2 } }, signer);

  test("holds whatever is put into unsigned or signatures afterwards", () => {
    const later = { ...signJson(signed, { serverName: "other", key: otherKey }), unsigned: { age: 5 } };
    expect(verifyJson(later, check)).toBe(true);
    expect(verifyJson(later, { ...check, serverName: "other", publicKey: knows(otherKey) })).toBe(true);
  });

  test("fails when anything else changes", () => {
    expect(verifyJson({ ...signed, name: "another" }, check)).toBe(false);
    expect(verifyJson({ ...signed, extra: null }, check)).toBe(false);
  });

  test("fails for a server that has not signed, and for names every object inherits", () => {
    expect(verifyJson(signed, { ...check, serverName: "elsewhere" })).toBe(false);
    expect(verifyJson(signed, { ...check, serverName: "constructor" })).toBe(false);
    expect(verifyJson({ name: "unsigned" }, check)).toBe(false);
  });

  test("fails when no key is known, passes over unknown keys beside a known one, and fails when a known one does not hold", () => {
    const twice = signJson(signed, { serverName: "domain", key: otherKey });
    expect(verifyJson(signed, { ...check, publicKey: () => undefined })).toBe(false);
    expect(verifyJson(twice, check)).toBe(true);
    expect(verifyJson(twice, { ...check, publicKey: knows(key, { ...otherKey, publicKey: key.publicKey }) })).toBe(
      false,
    );
  });

  test("fails for signatures that are none", () => {
    for (const signature of ["", "!!!", 5, null, {}, signed.signatures["domain"]?.["ed25519:1"]?.slice(4)]) {
      expect(verifyJson({ ...signed, signatures: { domain: { "ed25519:1": signature } } } as JsonObject, check)).toBe(
        false,
      );
    }
    expect(verifyJson({ ...signed, signatures: [] }, check)).toBe(false);
  });

  test("may carry its signature in padded base64", () => {
    const padded = `${signed.signatures["domain"]?.["ed25519:1"]}==`;
    expect(verifyJson({ ...signed, signatures: { domain: { "ed25519:1": padded } } }, check)).toBe(true);
  });
});

describe("a signed event", () => {
  const draft: DraftPdu = {
    type: "m.room.member",
    sender: "@alice:domain",
    state_key: "@bob:other",
    room_id: "!r:domain",
    content: { membership: "invite", displayname: "Bob" },
    origin_server_ts: 1,
    depth: 5,
    prev_events: [],
    auth_events: [],
    unsigned: { age: 1 },
  };
  const { pdu } = signEvent(draft, version("11"), { ...signer, sha256 });

  test("verifies whole and redacted alike, while only the whole one has its content hash", () => {
    const redacted = redact(pdu, version("11"));
    expect(verifyEventSignature(pdu, version("11"), check)).toBe(true);
    expect(verifyEventSignature(redacted, version("11"), check)).toBe(true);
    expect(hasItsContentHash(pdu, sha256)).toBe(true);
    expect(hasItsContentHash(redacted, sha256)).toBe(false);
    expect(hasItsContentHash({ ...pdu, hashes: {} } as never, sha256)).toBe(false);
    expect(hasItsContentHash({ ...pdu, hashes: { sha256: "!" } }, sha256)).toBe(false);
    expect(hasItsContentHash({ ...pdu, hashes: { sha256: `${pdu.hashes.sha256}=` } }, sha256)).toBe(true);
  });

  test("keeps the signatures its draft had", () => {
    const signatures = { policy: { "ed25519:policy_server": "x" } };
    const { pdu: signed } = signEvent({ ...draft, signatures }, version("11"), { ...signer, sha256 });
    expect(signed.signatures).toEqual({ ...signatures, ...pdu.signatures });
  });

  test("keeps its id and its first signature when another server signs it too", () => {
    const both = countersignEvent(pdu, version("11"), { serverName: "other", key: otherKey });
    expect(both.hashes).toEqual(pdu.hashes);
    expect(verifyEventSignature(both, version("11"), check)).toBe(true);
    expect(
      verifyEventSignature(both, version("11"), { ...check, serverName: "other", publicKey: knows(otherKey) }),
    ).toBe(true);
  });

  test("needs its sender's server, the server of its id in version 1, and whoever vouched for a restricted join", () => {
    expect([...requiredSigners(pdu, version("11"))]).toEqual(["domain"]);
    expect([...requiredSigners({ ...pdu, event_id: "$1:origin" }, version("1"))]).toEqual(["domain", "origin"]);
    const join = { ...pdu, content: { membership: "join", join_authorised_via_users_server: "@carol:resident" } };
    expect([...requiredSigners(join, version("11"))]).toEqual(["domain", "resident"]);
    expect([...requiredSigners(join, version("7"))]).toEqual(["domain"]);
    const thirdParty = { ...pdu, content: { membership: "invite", third_party_invite: {} } };
    expect([...requiredSigners(thirdParty, version("11"))]).toEqual([]);
  });
});
