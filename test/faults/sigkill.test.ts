// Two hundred killings in the middle of token rotation, a quarter at each of the moments.

import { expect, test } from "vitest";

import { moments, startKilledService } from "./killed-service.ts";
import { seeded } from "./seeded.ts";

const KILLS = 200;
const TOLD_EVERY = 10;

test(`a service killed ${KILLS} times while it renews a login always serves with the newest tokens again`, async () => {
  const random = seeded();
  const service = await startKilledService(random);
  const startedAt = Date.now();
  let kills = 0;
  try {
    while (kills < KILLS) {
      const moment = moments[kills % moments.length] ?? "at any time";
      kills += 1;
      await service.strike(moment).catch((error: unknown) => {
        throw new Error(`kill ${kills}, ${moment}; FAULTS_SEED=${random.seed}`, { cause: error });
      });
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      if (kills % TOLD_EVERY === 0) console.log(`${kills} of ${KILLS} kills survived, ${seconds} s`);
    }
  } finally {
    await service.close();
  }
  expect(kills).toBe(KILLS);
});
