// A fault that makes a request wait until the test says go on.

import type { Fault } from "./faults.ts";

export interface Hold {
  readonly fault: Fault;
  /** Resolves when a request has reached the gate. */
  readonly arrived: Promise<void>;
  /** Lets the request, or the next one to come, pass. */
  release(): void;
}

export function hold(): Hold {
  const arrival = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  return {
    fault: { kind: "hold", name: "hold", arrive: arrival.resolve, released: gate.promise },
    arrived: arrival.promise,
    release: gate.resolve,
  };
}
