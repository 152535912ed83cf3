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
  openedAt: number;
  openUntil: number;
  /** The request that was let through to see whether the host is back. */
  probe: Pass | null;
}

/** What a request that was let through shows when it reports back, so that no other is taken for the probe. */
export interface Pass {
  readonly origin: string;
}

export class Hosts {
  readonly #circuits = new Map<string, Circuit>();

  /** A pass when a request may go to the host, which it then has to report back on; else when to try again (epoch ms). */
  admit(origin: string, now: number): Pass | number {
    const openUntil = this.openUntil(origin, now);
    if (openUntil !== null) return openUntil;
    const pass = { origin };
    const circuit = this.#circuits.get(origin);
    if (circuit !== undefined && circuit.openings > 0) circuit.probe = pass;
    return pass;
  }

  /** When to try the host again; null when a request may go there now. */
  openUntil(origin: string, now: number): number | null {
    const circuit = this.#circuits.get(origin);
    if (circuit === undefined || circuit.openings === 0) return null;
    // Before it opened there was nothing to wait for: the clock was set back.
    if (circuit.openedAt <= now && now < circuit.openUntil) return circuit.openUntil;
    return circuit.probe === null ? null : now + FIRST_OPEN_MS;
  }

  /** The host gave no answer at all to a request of this account. */
  failed(pass: Pass, accountId: string, now: number): void {
    const circuit = this.#circuits.get(pass.origin) ?? closedCircuit();
    this.#circuits.set(pass.origin, circuit);
    // A request that set out before the circuit opened tells nothing new.
    if (circuit.openings > 0 && circuit.probe !== pass) return;
    circuit.probe = null;
    circuit.failures += 1;
    if (circuit.accounts.size < 2) circuit.accounts.add(accountId);
    if (circuit.failures < neededToOpen(circuit)) return;
    circuit.openedAt = now;
    circuit.openUntil = now + Math.min(FIRST_OPEN_MS * 2 ** circuit.openings, LONGEST_OPEN_MS);
    circuit.openings += 1;
  }

  /** Any answer, even an error: the host is there. */
  succeeded({ origin }: Pass): void {
    if (this.#circuits.size > 0) this.#circuits.delete(origin);
  }

  /** The request ended without a word about the host, for instance because the client left. */
  abandoned(pass: Pass): void {
    const circuit = this.#circuits.get(pass.origin);
    if (circuit?.probe === pass) circuit.probe = null;
  }
}

function closedCircuit(): Circuit {
  return { failures: 0, accounts: new Set(), openings: 0, openedAt: 0, openUntil: 0, probe: null };
}

function neededToOpen({ accounts }: Circuit): number {
  return accounts.size > 1 ? FAILURES_OF_MANY : FAILURES_OF_ONE;
}
