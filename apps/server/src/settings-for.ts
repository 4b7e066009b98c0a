import { createLogger, type Logger } from "@croft/runtime";
import type { Config } from "./config/config.ts";
import { loadConfig } from "./config/load-config.ts";
import { prettyLog } from "./pretty-log.ts";
import type { Flags } from "./run.ts";

/** The configuration that this process was given, and a logger as it says. */
export async function settingsFor(flags: Flags): Promise<{ config: Config; logger: Logger }> {
  const { config, warnings } = await loadConfig({
    flags,
    environment: process.env,
    workingFolder: process.cwd(),
    isTerminal: process.stderr.isTTY,
  });
  const { level, format } = config.log;
  const logger = createLogger(format === "json" ? { level } : { level, stream: prettyLog(process.stderr) });
  for (const warning of warnings) logger.warn({}, warning);
  return { config, logger };
}
