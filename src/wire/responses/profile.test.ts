import { expect, test } from "vitest";
import fixture from "./fixtures/foreign-request.json" with { type: "json" };
import { backendProfile } from "./profile.ts";
import { repairForBackend } from "./repair.ts";

test("the profile and the request that shows it are of the same release of the backend", () => {
  expect(fixture.profile).toBe(backendProfile.version);
});

test("a request with everything the backend refuses becomes one it takes", () => {
  const repaired = repairForBackend(Buffer.from(JSON.stringify(fixture.request)));
  expect(repaired.ok && JSON.parse(repaired.body.toString())).toEqual(fixture.repaired);
});
