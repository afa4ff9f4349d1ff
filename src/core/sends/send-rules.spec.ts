import { judge, type JudgedTemplate, type SendFacts, windowClosesAt } from './send-rules.js';

const TEMPLATE: JudgedTemplate = { id: 'hello_world' };
const NOW = new Date('2026-11-25T12:00:00Z');
const NOTHING: SendFacts = { consent: null, heardAt: null, newer: null };
const hoursAgo = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const codeOf = (channel: Parameters<typeof judge>[0], facts: Partial<SendFacts>, template?: JudgedTemplate) =>
  judge(channel, template, { ...NOTHING, ...facts }, NOW)?.code;

describe('a send', () => {
  it('to somebody nothing is known of may leave, but on WhatsApp', () => {
    expect([codeOf('SMS', {}), codeOf('EMAIL', {}), codeOf('VOICE', {}), codeOf('WHATSAPP', {})]).toEqual([
      undefined,
      undefined,
      undefined,
      'WHATSAPP_WINDOW_CLOSED',
    ]);
  });

  it.each([
    [23.99, undefined],
    [24, 'WHATSAPP_WINDOW_CLOSED'],
    [100, 'WHATSAPP_WINDOW_CLOSED'],
  ])('on WhatsApp %d hours after the person wrote is judged %s; by a template it may leave', (hours, code) => {
    expect(codeOf('WHATSAPP', { heardAt: hoursAgo(hours) })).toBe(code);
    expect(codeOf('WHATSAPP', { heardAt: hoursAgo(hours) }, TEMPLATE)).toBeUndefined();
  });

  it('by a template that WhatsApp has not approved may leave while the window is open', () => {
    const unapproved = { ...TEMPLATE, unapproved: true } as const;
    expect(codeOf('WHATSAPP', { heardAt: hoursAgo(1) }, unapproved)).toBeUndefined();
    expect(judge('WHATSAPP', unapproved, { ...NOTHING, heardAt: hoursAgo(25) }, NOW)).toEqual({
      code: 'TEMPLATE_INVALID',
      details: { unapproved: 'hello_world' },
    });
  });

  it('to somebody who opted out is refused, and says since when; to an address the provider gave up as suppressed', () => {
    const at = hoursAgo(1);
    expect(judge('SMS', undefined, { ...NOTHING, consent: { optedOut: true, reason: '', at } }, NOW)).toEqual({
      code: 'OPTED_OUT',
      details: { optedOutAt: at },
    });
    expect(codeOf('EMAIL', { consent: { optedOut: true, reason: 'BOUNCED', at } })).toBe('SUPPRESSED');
    expect(codeOf('SMS', { consent: { optedOut: false, reason: '', at } })).toBeUndefined();
  });

  it('with somebody in copy who opted out, or whose address the provider gave up, is refused and says who', () => {
    const copy = { address: 'eva@example.com', optedOut: true, reason: '', at: hoursAgo(1) };
    expect(judge('EMAIL', undefined, { ...NOTHING, copy }, NOW)).toEqual({
      code: 'OPTED_OUT',
      details: { optedOutAt: copy.at, copy: 'eva@example.com' },
    });
    expect(codeOf('EMAIL', { copy: { ...copy, reason: 'SPAM_REPORT' } })).toBe('SUPPRESSED');
    expect(codeOf('EMAIL', { copy: null })).toBeUndefined();
  });

  it('after somebody wrote that the writer had not seen names what is newer', () => {
    const at = hoursAgo(1);
    expect(judge('SMS', undefined, { ...NOTHING, newer: { activityId: 'a', at } }, NOW)).toEqual({
      code: 'CONVERSATION_MOVED',
      details: { latestActivityId: 'a', at },
    });
  });

  it('the window of somebody who never wrote never closes, for it never opened', () => {
    expect(windowClosesAt(null)).toBeNull();
    expect(windowClosesAt(hoursAgo(1))).toEqual(new Date(NOW.getTime() + 23 * 3_600_000));
  });
});
