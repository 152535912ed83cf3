// What is known of upstream hosts. A host that fails repeatedly opens a circuit: requests are answered at once, and one
// at a time is let through to see whether the host is back. No account is ever blamed for a host.

const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS = 2_000;
const LONGEST_OPEN_MS = 30_000;

interface Circuit {
  failures: number;
  openUntil: number;
  isProbing: boolean;
}

export class Hosts {
  readonly #circuits = new Map<string, Circuit>();

  /** Null when a request may go to the host, which it then has to report back on; else when to try again (epoch ms). */
  admit(origin: string, now: number): number | null {
    const circuit = this.#circuits.get(origin);
    if (circuit === undefined || circuit.failures < FAILURES_TO_OPEN) return null;
    if (circuit.openUntil > now) return circuit.openUntil;
    if (circuit.isProbing) return now + FIRST_OPEN_MS;
    circuit.isProbing = true;
    return null;
  }

  failed(origin: string, now: number): void {
    const circuit = this.#circuits.get(origin) ?? { failures: 0, openUntil: 0, isProbing: false };
    circuit.failures += 1;
    circuit.isProbing = false;
    const beyond = circuit.failures - FAILURES_TO_OPEN;
    if (beyond >= 0) circuit.openUntil = now + Math.min(FIRST_OPEN_MS * 2 ** beyond, LONGEST_OPEN_MS);
    this.#circuits.set(origin, circuit);
  }

  succeeded(origin: string): void {
    if (this.#circuits.size > 0) this.#circuits.delete(origin);
  }

  /** The request ended without a word about the host, for instance because the client left. */
  abandoned(origin: string): void {
    const circuit = this.#circuits.get(origin);
    if (circuit !== undefined) circuit.isProbing = false;
  }
}
