import { activityLines } from './activity-lines.js';

describe('the lines of an activity', () => {
  it('are two columns, without what is null', () => {
    expect(activityLines({ id: 'a1', subject: null, channel: 'SMS' })).toBe('  id       a1\n  channel  SMS');
  });

  it('keep a value of several lines in its column', () => {
    expect(activityLines({ body: 'one\ntwo' })).toBe('  body  one\n        two');
  });

  it('steer no terminal', () => {
    expect(activityLines({ body: '\u001b[2Jgone\r' })).toBe('  body  ?[2Jgone?');
  });
});
