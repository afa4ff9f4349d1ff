/** The same sentence in each language we speak. */
export type Sentence = Readonly<Record<'en' | 'es', string>>;

/** A provider's error code in words a person can act on. */
export interface ErrorExplanation {
  readonly message: Sentence;
  readonly hint: Sentence;
  /** Whether the same, tried again later, may go well. */
  readonly retryable: boolean;
}

/** Codes that share their words, with a comma between. */
export type ExplainedCodes = readonly [codes: string, retryable: boolean, message: Sentence, hint: Sentence];

/** The explanation of each code. */
export function explanationsOf(rows: readonly ExplainedCodes[]): ReadonlyMap<string, ErrorExplanation> {
  return new Map(
    rows.flatMap(([codes, retryable, message, hint]) => codes.split(',').map((code) => [code, { message, hint, retryable }] as const)),
  );
}
