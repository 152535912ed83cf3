// The branches that keep a pool serving, each with the edit that takes it away. A simulation worth its name notices every
// one of them.

export interface Mutation {
  readonly name: string;
  /** Below `src/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const mutations: readonly Mutation[] = [];
