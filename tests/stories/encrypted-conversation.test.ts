import { readFileSync } from "node:fs";
import { MsgType, Preset } from "matrix-js-sdk";
import {
  CryptoEvent,
  type ShowSasCallbacks,
  VerificationPhase,
  type VerificationRequest,
  type Verifier,
} from "matrix-js-sdk/lib/crypto-api/index.js";
import { expect, onTestFinished, test } from "vitest";
import { startCroft } from "../../packages/testkit/src/croft-process.ts";
import { sharedPostgres } from "../../packages/testkit/src/postgres.ts";
import { until } from "../../packages/testkit/src/until.ts";
import {
  cryptoOf,
  logIn,
  openEncryptedImage,
  type Person,
  roomOf,
  seen,
  sendEncryptedImage,
  setUpEncryption,
  signUp,
  withBody,
} from "./sdk-client.ts";

const engines = [
  { engine: "the embedded database", database: async () => undefined },
  { engine: "PostgreSQL", database: async () => (await sharedPostgres()).createDatabase() },
];

test.for(engines)(
  "two people sign up, talk and send an image encrypted, verify each other, and one restores a lost device, on $engine",
  { timeout: 180_000 },
  async ({ database }) => {
    const croft = await startCroft({ databaseUrl: await database() });
    onTestFinished(async () => void (await croft.stop()));
    const alice = await signUp(croft.url, "alice");
    const bob = await signUp(croft.url, "bob");
    onTestFinished(() => {
      for (const person of [alice, bob]) person.client.stopClient();
    });
    await setUpEncryption(alice);
    await setUpEncryption(bob);

    const roomId = await encryptedRoom(alice, bob);
    await conversation(alice, bob, roomId);
    await image(alice, bob, roomId);
    await verification(alice, bob, roomId);
    await lostDevice(croft.url, alice, bob, roomId);
  },
);

async function encryptedRoom(alice: Person, bob: Person): Promise<string> {
  const { room_id: roomId } = await alice.client.createRoom({
    preset: Preset.PrivateChat,
    name: "Kitchen",
    invite: [bob.userId],
    initial_state: [{ type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } }],
  });
  const invited = await roomOf(bob, roomId);
  expect(invited.getMyMembership()).toBe("invite");
  await bob.client.joinRoom(roomId);
  await until(
    "alice sees bob joined",
    async () => (await roomOf(alice, roomId)).getMember(bob.userId)?.membership === "join",
  );
  return roomId;
}

async function conversation(alice: Person, bob: Person, roomId: string): Promise<void> {
  await until("the room is encrypted", async () => cryptoOf(alice).isEncryptionEnabledInRoom(roomId));
  await alice.client.sendTextMessage(roomId, "Is the kettle on?");
  const heard = await seen(bob, roomId, withBody("Is the kettle on?"));
  expect(heard.isEncrypted()).toBe(true);
  await until("bob's room is encrypted", async () => cryptoOf(bob).isEncryptionEnabledInRoom(roomId));
  await bob.client.sendMessage(roomId, { msgtype: MsgType.Text, body: "It sings." });
  await seen(alice, roomId, withBody("It sings."));
  await bob.client.sendReadReceipt(heard);
  await until("alice sees bob's receipt", async () =>
    (await roomOf(alice, roomId)).hasUserReadEvent(bob.userId, heard.getId() ?? ""),
  );
}

async function image(alice: Person, bob: Person, roomId: string): Promise<void> {
  const picture = readFileSync(new URL("../../docs/screenshots/start-page-phone.png", import.meta.url));
  await sendEncryptedImage(bob, roomId, picture);
  const event = await seen(alice, roomId, withBody("picture.png"));
  expect(Buffer.from(await openEncryptedImage(alice, event)).equals(picture)).toBe(true);
}

async function verification(alice: Person, bob: Person, roomId: string): Promise<void> {
  const bobs = new Promise<VerificationRequest>((resolve) =>
    bob.client.once(CryptoEvent.VerificationRequestReceived, (request) => resolve(request)),
  );
  const alices = await cryptoOf(alice).requestVerificationDM(bob.userId, roomId);
  const received = await bobs;
  await received.accept();
  await until("the request is ready", () => alices.phase === VerificationPhase.Ready);
  const aliceVerifier = await alices.startVerification("m.sas.v1");
  const bobVerifier = await until("bob's side started", () => received.verifier);
  const [aliceSas, bobSas] = await Promise.all([shownEmoji(aliceVerifier), shownEmoji(bobVerifier)]);
  expect(aliceSas.sas.emoji).toEqual(bobSas.sas.emoji);
  await Promise.all([aliceSas.confirm(), bobSas.confirm()]);
  await until("both are done", () => [alices, received].every((request) => request.phase === VerificationPhase.Done));
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    await until(`${one.userId} trusts ${other.userId}`, async () =>
      (await cryptoOf(one).getUserVerificationStatus(other.userId)).isCrossSigningVerified(),
    );
  }
}

function shownEmoji(verifier: Verifier): Promise<ShowSasCallbacks> {
  void verifier.verify().catch(() => undefined);
  return until("the emoji", () => verifier.getShowSasCallbacks());
}

async function lostDevice(baseUrl: string, alice: Person, bob: Person, roomId: string): Promise<void> {
  await until("alice's keys are backed up", async () => {
    const backup = await cryptoOf(alice).checkKeyBackupAndEnable();
    return (backup?.backupInfo.count ?? 0) >= 2;
  });
  alice.client.stopClient();
  const restored = await logIn(baseUrl, alice);
  onTestFinished(() => restored.client.stopClient());
  const crypto = cryptoOf(restored);
  // Until the public keys are here the private ones in secret storage are not taken.
  await until("alice's own keys are known", () => crypto.userHasCrossSigningKeys());
  await crypto.bootstrapCrossSigning({});
  await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
  const { imported } = await crypto.restoreKeyBackup();
  expect(imported).toBeGreaterThanOrEqual(2);
  await crypto.checkKeyBackupAndEnable();
  await seen(restored, roomId, withBody("Is the kettle on?"));
  await seen(restored, roomId, withBody("It sings."));
  await bob.client.sendTextMessage(roomId, "Welcome back.");
  await seen(restored, roomId, withBody("Welcome back."));
}
