// Notices of the real service: as events, in their list, and posted to a webhook.

import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { sendTurn } from "../gateway/turn.ts";
import type { EventListener } from "./event-listener.ts";
import { listenToEvents } from "./event-listener.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let running: Running;
const listeners: EventListener[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.leave();
});

async function listen(service: Running): Promise<EventListener> {
  const listener = await listenToEvents(`${service.service.url}/events`, {
    "x-codexmanager-rpc-token": service.service.token,
  });
  listeners.push(listener);
  await listener.next("hello");
  return listener;
}

describe("notices", () => {
  let receiver: Server;
  let url: string;
  const posts: { readonly body: string; readonly signature: unknown }[] = [];
  let posted = () => {};
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      request.on("end", () => {
        if (request.url === "/moved") return void response.writeHead(302, { location: "/hook" }).end();
        posts.push({ body, signature: request.headers["x-codexmanager-signature"] });
        response.end("ok");
        posted();
      });
    });
    await once(receiver.listen(0, "127.0.0.1"), "listening");
    url = `http://localhost:${(receiver.address() as AddressInfo).port}`;
    running = await runService({ env: { CODEXMANAGER_NOTICE_WEBHOOK_SECRET: "s3cret" } });
  });
  afterAll(async () => {
    await running.close();
    receiver.closeAllConnections();
    receiver.close();
  });

  beforeEach(() => {
    posts.length = 0;
  });

  const set = (key: string, value: unknown) => running.rpc("settings/set", { key: `notices.${key}`, value });

  test("have to have an address to be tested", async () => {
    await set("webhookUrl", "");
    expect(await running.rpc("notices/test")).toMatchObject({ isDelivered: false, statusCode: null });
  });

  test("go to a private address only when that is allowed, by its name or its number", async () => {
    await set("allowsPrivateAddress", false);
    for (const address of [url, url.replace("localhost", "127.0.0.1"), url.replace("localhost", "[::1]")]) {
      await set("webhookUrl", `${address}/hook`);
      const { isDelivered, message } = await running.rpc("notices/test");
      expect([isDelivered, message]).toEqual([false, expect.stringContaining("is an address of this machine")]);
    }
    expect(posts).toEqual([]);
  });

  test("are signed, and no redirect is followed", async () => {
    await set("allowsPrivateAddress", true);
    await set("webhookUrl", `${url}/moved`);
    expect(await running.rpc("notices/test")).toMatchObject({ isDelivered: false, statusCode: 302 });
    await set("webhookUrl", `${url}/hook`);
    expect(await running.rpc("notices/test")).toMatchObject({ isDelivered: true, statusCode: 200 });
    const [{ body, signature } = { body: "", signature: "" }] = posts;
    expect(JSON.parse(body)).toMatchObject({
      type: "notice",
      code: "test",
      text: expect.stringMatching(/测试/) as string,
    });
    expect(signature).toBe(`sha256=${createHmac("sha256", "s3cret").update(body).digest("hex")}`);
  });

  test("tell of an exhausted pool once: as an event, in the list and at the webhook", async () => {
    await set("isEnabled", true);
    await set("kinds", ["pool_exhausted"]);
    await set("allowsPrivateAddress", true);
    await set("webhookUrl", `${url}/hook`);
    const { next } = await listen(running);
    const anna = running.world.addAccount({ name: "anna" });
    await running.importAccounts([anna]);
    await next("account/changed");
    anna.exhaust({ resetsInMs: 3_600_000 });
    const arrived = new Promise<void>((resolve) => (posted = resolve));
    const headers = { authorization: `Bearer ${await running.createKey()}` };
    await sendTurn(running.service.url, { headers });
    const { notice } = await next("notice");
    expect(notice).toMatchObject({ code: "pool_exhausted", able: 0, enabled: 1, until: expect.any(Number) as number });
    await sendTurn(running.service.url, { headers });
    await arrived;
    expect(posts.map(({ body }) => JSON.parse(body) as unknown)).toEqual([expect.objectContaining(notice)]);
    expect(await running.rpc("notices/list")).toEqual({ items: [notice] });
  });

  test("are off until they are switched on", async () => {
    const quiet = await runService();
    const listener = await listen(quiet);
    const anna = quiet.world.addAccount({ name: "anna" });
    await quiet.importAccounts([anna]);
    anna.exhaust({ resetsInMs: 3_600_000 });
    await sendTurn(quiet.service.url, { headers: { authorization: `Bearer ${await quiet.createKey()}` } });
    await listener.next("pool/changed", (event) => event.byState.exhausted === 1);
    expect(await quiet.rpc("notices/list")).toEqual({ items: [] });
    await quiet.close();
  });

  test("never show their address", async () => {
    await set("webhookUrl", `${url}/hook`);
    const { items } = await running.rpc("settings/explain");
    expect(items.find(({ key }) => key === "notices.webhookUrl")?.value).toBe("(set)");
    expect(JSON.stringify(items)).not.toContain("/hook");
  });
});
