import { Attachment, EncryptedAttachment } from "@matrix-org/matrix-sdk-crypto-wasm";
import { createClient, type MatrixClient, MatrixError, type MatrixEvent, type Room } from "matrix-js-sdk";
import type { GeneratedSecretStorageKey } from "matrix-js-sdk/lib/crypto-api/index.js";
import type { Logger } from "matrix-js-sdk/lib/logger.js";
import { until } from "../../packages/testkit/src/until.ts";

/** The client library talks about everything; a test's report is for failures. */
const logger: Logger = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  getChild: () => logger,
};

/** A person with one device: matrix-js-sdk with its Rust crypto, as a web client uses them. */
export type Person = {
  readonly client: MatrixClient;
  readonly userId: string;
  readonly password: string;
  /** The recovery key, once there is one. */
  recovery: GeneratedSecretStorageKey | undefined;
};

/** Signs up as a client does: asks, is told what to prove, proves it in the session. */
export async function signUp(baseUrl: string, username: string): Promise<Person> {
  const password = `correct horse of ${username}`;
  const unauthenticated = createClient({ baseUrl, logger });
  const register = (auth?: { type: string; session?: string }) =>
    unauthenticated.registerRequest({
      username,
      password,
      initial_device_display_name: "first",
      ...(auth && { auth }),
    });
  const session = await register().then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof MatrixError) || error.httpStatus !== 401) throw error;
      return (error.data as { session: string }).session;
    },
  );
  if (session === undefined) throw new Error("registration asked for nothing");
  const account = await register({ type: "m.login.dummy", session });
  return open(baseUrl, {
    userId: account.user_id,
    password,
    deviceId: account.device_id,
    accessToken: account.access_token,
  });
}

/** The same person on a new device. */
export async function logIn(baseUrl: string, person: Person): Promise<Person> {
  const account = await createClient({ baseUrl, logger }).loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user: person.userId },
    password: person.password,
  });
  const { userId, password, recovery } = person;
  return open(baseUrl, { userId, password, deviceId: account.device_id, accessToken: account.access_token }, recovery);
}

async function open(
  baseUrl: string,
  account: { userId: string; password: string; deviceId: string | undefined; accessToken: string | undefined },
  recovery?: GeneratedSecretStorageKey,
): Promise<Person> {
  const { userId, password, deviceId, accessToken } = account;
  if (deviceId === undefined || accessToken === undefined) throw new Error("no device or token came back");
  const client = createClient({
    baseUrl,
    logger,
    userId,
    deviceId,
    accessToken,
    cryptoCallbacks: {
      getSecretStorageKey: async ({ keys }) => {
        const [keyId] = Object.keys(keys);
        return keyId !== undefined && person.recovery ? [keyId, person.recovery.privateKey] : null;
      },
    },
  });
  const person: Person = { client, userId, password, recovery };
  await client.initRustCrypto({ useIndexedDB: false });
  await client.startClient({ lazyLoadMembers: true, threadSupport: true, initialSyncLimit: 50 });
  await until("the first sync", () => client.isInitialSyncComplete());
  return person;
}

/** What a client's "set up encryption" does: cross-signing, secret storage, key backup. */
export async function setUpEncryption(person: Person): Promise<void> {
  const crypto = cryptoOf(person);
  await crypto.bootstrapCrossSigning({
    authUploadDeviceSigningKeys: async (makeRequest) => {
      try {
        return await makeRequest(null);
      } catch (error) {
        if (!(error instanceof MatrixError) || error.httpStatus !== 401) throw error;
        const { session } = error.data as { session: string };
        return makeRequest({
          type: "m.login.password",
          identifier: { type: "m.id.user", user: person.userId },
          password: person.password,
          session,
        });
      }
    },
  });
  await crypto.bootstrapSecretStorage({
    createSecretStorageKey: async () => {
      person.recovery = await crypto.createRecoveryKeyFromPassphrase();
      return person.recovery;
    },
    setupNewKeyBackup: true,
  });
}

export function cryptoOf(person: Person) {
  const crypto = person.client.getCrypto();
  if (!crypto) throw new Error("no crypto");
  return crypto;
}

export const roomOf = (person: Person, roomId: string): Promise<Room> =>
  until(`${person.userId} sees ${roomId}`, () => person.client.getRoom(roomId));

/** The decrypted event of the timeline that fits. */
export const seen = (person: Person, roomId: string, fits: (event: MatrixEvent) => boolean): Promise<MatrixEvent> =>
  until(`${person.userId} sees the event`, () =>
    person.client
      .getRoom(roomId)
      ?.getLiveTimeline()
      .getEvents()
      .find((event) => !event.isDecryptionFailure() && fits(event)),
  );

export const withBody = (body: string) => (event: MatrixEvent) => event.getContent()["body"] === body;

/** Encrypts, uploads and sends an image as the spec's encrypted attachments say. */
export async function sendEncryptedImage(person: Person, roomId: string, image: Uint8Array): Promise<void> {
  const encrypted = Attachment.encrypt(image);
  const file = JSON.parse(encrypted.mediaEncryptionInfo ?? "") as object;
  const { content_uri: url } = await person.client.uploadContent(Buffer.from(encrypted.encryptedData), {
    type: "application/octet-stream",
    includeFilename: false,
  });
  await person.client.sendMessage(roomId, {
    msgtype: "m.image",
    body: "picture.png",
    file: { ...file, url },
    info: { mimetype: "image/png", size: image.length },
  } as never);
}

/** Downloads and decrypts what `sendEncryptedImage` sent. */
export async function openEncryptedImage(person: Person, event: MatrixEvent): Promise<Uint8Array> {
  const { file } = event.getContent() as { file: { url: string } };
  const url = person.client.mxcUrlToHttp(file.url, undefined, undefined, undefined, false, true, true);
  const response = await fetch(url ?? "", { headers: { authorization: `Bearer ${person.client.getAccessToken()}` } });
  if (!response.ok) throw new Error(`the download answered ${response.status}`);
  const data = new Uint8Array(await response.arrayBuffer());
  return Attachment.decrypt(new EncryptedAttachment(data, JSON.stringify(file)));
}
