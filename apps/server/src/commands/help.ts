const TEXT = `Croft, your own Matrix home in one program.

  croft start                 run the server
  croft user add NAME         make an account (asks for its password)
        --admin               ... an administrator's
        --password-stdin      read the password from standard input
  croft token add [NAME]      make a registration token, a random one without NAME
        --uses N              ... for N accounts (default: any number)
        --days N              ... for N days (default: for good)
  croft token list            show the registration tokens
  croft token remove NAME     take a registration token back
  croft check                 say whether the configuration and the data are sound
  croft version               print the version
  croft help                  print this

Each takes:
  --config FILE               read settings from FILE (default: croft.yaml, if there is one)
  --server-name NAME          the name in every user's id (default: localhost)
  --data DIR                  where everything is kept (default: data)
  --listen HOST:PORT          where to listen (default: 127.0.0.1:8008)
  --database URL              PostgreSQL instead of a file in the data folder

Every setting, and its name in the environment: docs/configuration.md`;

export async function help(): Promise<number> {
  console.log(TEXT);
  return 0;
}
