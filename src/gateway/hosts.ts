// What is known of upstream hosts. A host that fails repeatedly opens a circuit: requests are answered at once, and one
// at a time is let through to see whether the host is back. No account is ever blamed for a host.

/** Failures in a row after which the circuit opens: fewer when several accounts met them, for then it is the host. */
const FAILURES_OF_MANY = 5;
const FAILURES_OF_ONE = 12;
const FIRST_OPEN_MS = 2_000;
const LONGEST_OPEN_MS = 30_000;

interface Circuit {
  failures: number;
  /** Those that met the failures; at most two are remembered. */
  readonly accounts: Set<string>;
  /** How often in a row the circuit has opened; 0 while it is closed. */
  openings: number;
  openUntil: number;
  isProbing: boolean;
}

export class Hosts {
  readonly #circuits = new Map<string, Circuit>();

  /** Null when a request may go to the host, which it then has to report back on; else when to try again (epoch ms). */
  admit(origin: string, now: number): number | null {
    const circuit = this.#circuits.get(origin);
    if (circuit === undefined || circuit.openings === 0) return null;
    if (circuit.openUntil > now) return circuit.openUntil;
    if (circuit.isProbing) return now + FIRST_OPEN_MS;
    circuit.isProbing = true;
    return null;
  }

  /** The host gave no answer at all to a request of this account. */
  failed(origin: string, accountId: string, now: number): void {
    const circuit = this.#circuits.get(origin) ?? closedCircuit();
    this.#circuits.set(origin, circuit);
    // A request that set out before the circuit opened tells nothing new.
    if (circuit.openings > 0 && !circuit.isProbing) return;
    circuit.isProbing = false;
    circuit.failures += 1;
    if (circuit.accounts.size < 2) circuit.accounts.add(accountId);
    if (circuit.failures < neededToOpen(circuit)) return;
    circuit.openUntil = now + Math.min(FIRST_OPEN_MS * 2 ** circuit.openings, LONGEST_OPEN_MS);
    circuit.openings += 1;
  }

  /** Any answer, even an error: the host is there. */
  succeeded(origin: string): void {
    if (this.#circuits.size > 0) this.#circuits.delete(origin);
  }

  /** The request ended without a word about the host, for instance because the client left. */
  abandoned(origin: string): void {
    const circuit = this.#circuits.get(origin);
    if (circuit !== undefined) circuit.isProbing = false;
  }
}

function closedCircuit(): Circuit {
  return { failures: 0, accounts: new Set(), openings: 0, openUntil: 0, isProbing: false };
}

function neededToOpen({ accounts }: Circuit): number {
  return accounts.size > 1 ? FAILURES_OF_MANY : FAILURES_OF_ONE;
}
