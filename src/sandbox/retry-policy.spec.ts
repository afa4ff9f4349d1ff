import { twilioRetries, UNTIL_TAKEN, withoutFragment } from './retry-policy.js';

describe('what is repeated', () => {
  it.each([
    ['https://a.example/b', 1, [null]],
    ['https://a.example/b#rc=5&rp=all', 5, [null, 404, 503]],
    ['https://a.example/b#rc=3&rp=4xx,5xx', 3, [404, 503]],
    ['https://a.example/b#rc=0', 0, [null]],
    ['https://a.example/b#rc=99&rp=5xx', 1, [503]],
  ])('by Twilio follows the fragment of %s', (url, retries, causes) => {
    const policy = twilioRetries(url);
    expect(policy.retries).toBe(retries);
    expect([null, 200, 301, 404, 503].filter(policy.repeats)).toEqual(causes);
    expect(withoutFragment(url)).toBe('https://a.example/b');
  });

  it('by the others is all that was not taken, at growing pauses', () => {
    expect([null, 200, 204, 301, 404, 503].filter(UNTIL_TAKEN.repeats)).toEqual([null, 301, 404, 503]);
    expect([1, 2, 3, 12].map(UNTIL_TAKEN.pauses)).toEqual([1, 2, 4, 120]);
  });
});
