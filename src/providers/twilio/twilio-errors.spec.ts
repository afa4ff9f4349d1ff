import { describe, expect, it } from '@jest/globals';
import { explainTwilioError } from './twilio-errors.js';

describe('explainTwilioError', () => {
  it.each(['21211', '21614', '21610', '30005', '30034', '35116', '63028', '13224', '21220', '63007', '21656'])(
    '%s has words in both languages',
    (code) => {
      const explanation = explainTwilioError(code)!;
      for (const sentence of [explanation.message, explanation.hint]) {
        expect(sentence.en).toMatch(/\.$/);
        expect(sentence.es).toMatch(/\.$/);
      }
    },
  );

  it.each(['21211', '21212'])('%s, which a call gets as a message does, is told in words of both', (code) => {
    const { message, hint } = explainTwilioError(code)!;
    expect([message.en, message.es]).toEqual([expect.stringMatching(/call/), expect.stringMatching(/llam/)]);
    expect(JSON.stringify([message, hint])).not.toMatch(/text|texto|SMS/);
  });

  it('only what may pass by itself is retryable', () => {
    expect(explainTwilioError('20429')?.retryable).toBe(true);
    expect(explainTwilioError('21610')?.retryable).toBe(false);
  });

  it('a code without plain words has no explanation', () => {
    expect(explainTwilioError('99999')).toBeUndefined();
    expect(explainTwilioError('constructor')).toBeUndefined();
  });
});
