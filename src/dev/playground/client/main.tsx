/** The playground page. */
import { render } from "preact";
import { z } from "zod";
import type { PlaygroundConfig } from "../server/shell.ts";
import { createHost } from "./host.ts";
import { App } from "./parts/app.tsx";
import { watchServer } from "./watch_server.ts";

// The page's policy allows no eval, which zod would otherwise try.
z.config({ jitless: true });

const config = JSON.parse(document.getElementById("config")?.textContent ?? "") as PlaygroundConfig;
const root = document.getElementById("root");
const host = createHost(config);
if (root) render(<App host={host} />, root);
watchServer(config.build, host.reconnect);
