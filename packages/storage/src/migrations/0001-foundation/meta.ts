export const meta = (): readonly string[] => ["CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)"];
