/** Injects what is added to the answer of a refused webhook, where there is something a person who tries things out should know. */
export const REFUSAL_HINT = Symbol('REFUSAL_HINT');
