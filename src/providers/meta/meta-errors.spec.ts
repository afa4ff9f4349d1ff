import { describe, expect, it } from '@jest/globals';
import { explainMetaError } from './meta-errors.js';

/** Those of Meta's that people meet. */
const CODES =
  '190 368 130429 130472 131026 131031 131042 131047 131049 131050 131051 131052 131053 131056 131060 132000 132001 4 80007 131048 131062 133010'.split(
    ' ',
  );

describe('explainMetaError', () => {
  it.each(CODES)('%s has words in both languages', (code) => {
    const { message, hint } = explainMetaError(code)!;
    for (const sentence of [message, hint]) {
      expect(sentence.en).toMatch(/\.$/);
      expect(sentence.es).toMatch(/\.$/);
      expect(sentence.es).not.toBe(sentence.en);
    }
  });

  it('only what may pass by itself is retryable', () => {
    expect(CODES.filter((code) => explainMetaError(code)?.retryable)).toEqual(['130429', '131056', '4', '80007', '131048']);
  });

  it('a code without plain words has no explanation', () => {
    for (const code of ['99999', 'constructor', '']) expect(explainMetaError(code)).toBeUndefined();
  });
});
