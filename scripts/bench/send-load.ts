import { type Account, type MatrixLoad, percentile } from "./matrix-client.ts";

export type SendResult = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** The warm-ups' included. */
  readonly sent: number;
};

/** About 1 KB as an event, like the floor's. */
const TEXT = "The quick brown fox jumps over the lazy dog and goes on about it for a while. ".repeat(6);

const ROUNDS = 5;

/**
 * `senders` people send one message after the other, spread over the rooms, for `ms` to each server: in short turns, so
 * that what else the machine does meets all of them alike. Each turn begins with an unmeasured warm-up.
 */
export async function compareSends(
  servers: readonly MatrixLoad[],
  { ms, ...load }: { senders: readonly Account[]; roomIds: readonly string[]; ms: number },
): Promise<SendResult[]> {
  const measured = servers.map((server) => ({ server, times: [] as number[], seconds: 0, warmUps: 0 }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of measured) {
      const run = `${load.senders.length}-${round}-${Date.now()}`;
      one.warmUps += (await send(one.server, { ...load, ms: ms / ROUNDS / 4, run: `${run}-warm` })).length;
      const started = performance.now();
      one.times.push(...(await send(one.server, { ...load, ms: ms / ROUNDS, run })));
      one.seconds += (performance.now() - started) / 1000;
    }
  }
  return measured.map(({ times, seconds, warmUps }) => ({
    perSecond: Math.round(times.length / seconds),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    sent: warmUps + times.length,
  }));
}

/** The milliseconds each message took. */
async function send(
  load: MatrixLoad,
  { senders, roomIds, ms, run }: { senders: readonly Account[]; roomIds: readonly string[]; ms: number; run: string },
): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + ms;
  await Promise.all(
    senders.map(async ({ token }, sender) => {
      const roomId = encodeURIComponent(roomIds[sender % roomIds.length] ?? "");
      for (let count = 0; performance.now() < end; count++) {
        const started = performance.now();
        const path = `/_matrix/client/v3/rooms/${roomId}/send/m.room.message/${run}-${sender}-${count}`;
        await load.request("PUT", path, { token, body: { msgtype: "m.text", body: TEXT } });
        times.push(performance.now() - started);
      }
    }),
  );
  return times;
}
