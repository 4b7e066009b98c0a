import { type DestinationStream, type LevelWithSilent, pino } from "pino";

/** Structured logging. Never hand it a token, a password or a whole request. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

export type LogLevel = LevelWithSilent;

/** JSON lines on standard error, or to the stream given. */
export function createLogger({ level, stream }: { level: LogLevel; stream?: DestinationStream }): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: pino.stdSerializers.err },
    redact: ["*.access_token", "*.password", "*.token", "access_token", "password", "token"],
  };
  return pino(options, stream ?? pino.destination({ dest: 2, sync: false }));
}

export const silentLogger: Logger = pino({ level: "silent" });
