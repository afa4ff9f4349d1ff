import { describe, expect, it } from '@jest/globals';
import { answerChallenge } from './challenge.js';

const TOKEN = 'fx-verify-token';
const ask = (query: string, token: string | undefined = TOKEN) => answerChallenge(new URLSearchParams(query), token);
const RIGHT = `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${TOKEN}`;

describe('answerChallenge', () => {
  it('says the challenge again, byte for byte, to whoever knows the token', () => {
    expect(ask(RIGHT)).toEqual({ passed: true, reply: { status: 200, contentType: 'text/plain', body: '1158201444' } });
    expect(ask(RIGHT.replace('1158201444', '00%3Cb%3E+1'))).toMatchObject({ reply: { body: '00<b> 1' } });
  });

  it.each([
    ['another token', RIGHT.replace(TOKEN, 'nope')],
    ['no token', 'hub.mode=subscribe&hub.challenge=1'],
    ['an empty token', 'hub.mode=subscribe&hub.challenge=1&hub.verify_token='],
    ['another token first', `hub.verify_token=nope&${RIGHT}`],
    ['another mode', RIGHT.replace('subscribe', 'unsubscribe')],
    ['no challenge', `hub.mode=subscribe&hub.verify_token=${TOKEN}`],
    ['nothing but a mode', 'hub.mode='],
  ])('refuses %s, and tells no token', (_what, query) => {
    const answer = ask(query);
    expect(answer?.passed).toBe(false);
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
  });

  it('refuses all where no token is set', () => {
    expect(answerChallenge(new URLSearchParams(RIGHT), undefined)?.passed).toBe(false);
    expect(answerChallenge(new URLSearchParams('hub.mode=subscribe&hub.challenge=1&hub.verify_token='), undefined)?.passed).toBe(false);
  });

  it('is not asked by a query without hub.mode', () => {
    for (const query of ['', 'hub.challenge=1', 'hub.mode[]=subscribe', 'x=hub.mode']) expect(ask(query)).toBeUndefined();
  });
});
