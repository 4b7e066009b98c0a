import { type ReactNode, useEffect } from "react";
import { Scene } from "./scene/scene.tsx";
import { type ServerView, useServer } from "./server/use-server.ts";
import { SetupPage } from "./setup/setup-page.tsx";
import { StartPage } from "./start/start-page.tsx";

export function App() {
  const server = useServer();
  const name = server.information?.server_name;
  const isSetup = location.pathname === "/setup";
  useEffect(() => {
    if (name !== undefined) document.title = isSetup ? `Set up ${name}` : `${name} · Croft`;
  }, [name, isSetup]);
  return (
    <>
      <Scene />
      <div className="page">
        <Header />
        <main>{content(server, isSetup)}</main>
        <Footer version={server.information?.version} />
      </div>
    </>
  );
}

function content(server: ServerView, isSetup: boolean): ReactNode {
  if (server.information) {
    const { information, setupNeeded, health } = server;
    if (isSetup) return <SetupPage information={information} setupNeeded={setupNeeded} />;
    return <StartPage information={information} setupNeeded={setupNeeded} health={health} />;
  }
  if (!server.unreachable) return <p className="quiet">Knocking at the door…</p>;
  return (
    <section className="card" role="alert">
      <h1>Nobody answers</h1>
      <p>This page is here, but its server is not. It may be restarting; this page keeps trying.</p>
    </section>
  );
}

function Header() {
  return (
    <header className="masthead">
      <a href="/" className="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        Croft
      </a>
    </header>
  );
}

function Footer({ version }: { version: string | undefined }) {
  return (
    <footer className="footer">
      <p>
        Served by Croft{version === undefined ? "" : ` ${version}`}, a home on{" "}
        <a href="https://matrix.org/" rel="noreferrer">
          Matrix
        </a>
        , the open network for conversations.
      </p>
    </footer>
  );
}
