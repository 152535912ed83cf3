// The listener that browsers come back to after a sign-in. It is open only while somebody signs in. Another program that has the
// port is no obstacle: the address the browser was sent to can be pasted.
// Facts: Codex CLI asks whoever holds its port to let go by `GET /cancel`.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallbackDoor } from "../../accounts/sign-in/sign-ins.ts";
import { splitAddress } from "../../contract/settings/address.ts";
import type { Settings } from "../../contract/settings/table.ts";
import { boundBy } from "../guards/bound.ts";
import { HostGuard } from "../guards/hosts.ts";
import { type Listening, listen } from "../listen.ts";
import { CALLBACK_PATH, type CallbackAnswer } from "./callback-answer.ts";

export interface DoorOptions {
  readonly settings: () => Settings;
  readonly answer: CallbackAnswer;
  /** Another program wants the port. */
  readonly onCancel: () => void;
}

export function createDoor({ settings, answer, onCancel }: DoorOptions): CallbackDoor {
  let listening: Promise<Listening> | null = null;
  return {
    async open() {
      const { signIn } = settings();
      const address = signIn.callbackAddress;
      const bound = boundBy(address);
      const { port } = splitAddress(address);
      const told = (at: number, warning: string | null) => ({
        redirectUri: signIn.redirectUri ?? `http://localhost:${at}${CALLBACK_PATH}`,
        warning,
      });
      if (bound.isBeyondLoopback && !signIn.allowsRemoteCallback) return told(port, remoteRefused(address));
      const hosts = new HostGuard({ boundHosts: bound.hosts, allowedHosts: [] });
      const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
        const isAdmitted = hosts.admits(request.headers.host, request.socket.localAddress);
        if (!isAdmitted) response.writeHead(403).end();
        else if (request.url === "/cancel") {
          response.writeHead(200, { "content-type": "text/plain" }).end("Login cancelled");
          onCancel();
        } else void answer(request, response);
      };
      listening ??= listen({ address, name: "the sign-in", onRequest });
      try {
        return told((await listening).port, null);
      } catch {
        listening = null;
        return told(port, portTaken(address));
      }
    },
    async close() {
      const closing = listening;
      listening = null;
      await closing?.then(
        // The page that tells the end is still on its way out.
        (door) => door.stopAccepting(),
        () => undefined,
      );
    },
  };
}

function portTaken(address: string): string {
  return `Another program uses ${address}. Sign in all the same: at the end the browser shows an address that cannot be opened; copy it and paste it here. Signing in by code needs no such address.`;
}

function remoteRefused(address: string): string {
  return `CODEXMANAGER_LOGIN_ADDR is ${address}, which others can reach; set CODEXMANAGER_ALLOW_NON_LOOPBACK_LOGIN_ADDR to allow that. Until then, paste the address the browser ends at, or sign in by code.`;
}
