// A service killed outright while it renews a login loses nothing: a handful of what `npm run test:faults` does at length.

import { afterAll, beforeAll, expect, test } from "vitest";

import type { KilledService } from "../faults/killed-service.ts";
import { moments, startKilledService } from "../faults/killed-service.ts";
import { seeded } from "../faults/seeded.ts";

const random = seeded();
let service: KilledService;
beforeAll(async () => {
  service = await startKilledService(random);
});
afterAll(() => service.close());

test.each([...moments, "at any time"] as const)(
  `killed %s, the next start serves with the newest tokens (seed ${random.seed})`,
  async (moment) => {
    await expect(service.strike(moment)).resolves.toBeUndefined();
  },
);
