// The web listener: pages for a browser, which reach the service through it.

import { randomBytes } from "node:crypto";
import { resolve } from "node:path";

import type { Settings } from "../../contract/settings/table.ts";
import type { Clock } from "../../kit/clock.ts";
import { once } from "../../kit/once.ts";
import { boundBy } from "../guards/bound.ts";
import { HostGuard } from "../guards/hosts.ts";
import type { Listening } from "../listen.ts";
import { listen } from "../listen.ts";
import type { ServiceLink } from "./service-link.ts";

export interface RunningWeb {
  readonly url: string;
  readonly port: number;
  /** The password made up for this start, to be shown once; null when none is needed or the operator gave one. */
  readonly generatedPassword: string | null;
  /** Resolves when somebody who may has asked to quit; it is then for the caller to stop everything. */
  readonly whenAsked: Promise<void>;
  stop(): Promise<void>;
}

export interface StartWebOptions {
  readonly settings: Settings;
  /** What a relative folder of pages is taken from. */
  readonly dataDirectory: string;
  readonly link: ServiceLink;
  readonly serviceUrl: string;
  /** The RPC token; with the password it signs the sessions. */
  readonly token: string;
  readonly clock: Clock;
}

/** Throws ListenError when the address cannot be listened on. */
export async function startWeb(options: StartWebOptions): Promise<RunningWeb> {
  const { settings } = options;
  const { address } = settings.web;
  const given = settings.web.password;
  const bound = boundBy(address);
  const generatedPassword = bound.isBeyondLoopback && given === null ? randomBytes(12).toString("base64url") : null;
  const asked = Promise.withResolvers<void>();
  let listening: Listening | null = null;
  const app = once(() =>
    loadApp(options, {
      password: bound.isBeyondLoopback ? (given ?? generatedPassword) : null,
      hosts: new HostGuard({ boundHosts: bound.hosts, allowedHosts: settings.service.allowedHosts }),
      port: listening?.port ?? 0,
      onQuit: asked.resolve,
    }),
  );
  const running = await listen({
    address,
    name: "the web listener",
    onRequest: (request, response) => {
      app().then(
        (listener) => listener(request, response),
        () => response.writeHead(500).end(),
      );
    },
  });
  listening = running;
  return {
    url: running.url,
    port: running.port,
    generatedPassword,
    whenAsked: asked.promise,
    stop: () => running.close(),
  };
}

interface AppParts {
  readonly password: string | null;
  readonly hosts: HostGuard;
  readonly port: number;
  readonly onQuit: () => void;
}

/** Loaded with the first request, so that starting does not wait for it. */
async function loadApp(options: StartWebOptions, { password, hosts, port, onQuit }: AppParts) {
  const { settings, dataDirectory, link, serviceUrl, token, clock } = options;
  const [{ webListener }, { Sessions }, { SignInLimit }] = await Promise.all([
    import("./web-app.ts"),
    import("./sessions.ts"),
    import("./sign-in-limit.ts"),
  ]);
  const secret = `${token}:${password ?? ""}`;
  return webListener({
    link,
    hosts,
    sessions: new Sessions({ secret, cookieName: `codexmanager_session_${port}`, clock }),
    signIn: password === null ? null : { password, limit: new SignInLimit(clock) },
    root: settings.web.root === null ? null : resolve(dataDirectory, settings.web.root),
    serviceUrl,
    maxBodyBytes: settings.service.rpcMaxBodyBytes,
    onQuit,
  });
}
