import { optOutOf } from './opt-out.js';

describe('optOutOf', () => {
  it.each(['STOP', 'stop', ' Stop \n', 'Unsubscribe', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'])(
    'takes "%s" for an opt-out',
    (Body) => expect(optOutOf({ Body, To: '+12025550110' })).toBe(true),
  );

  it.each(['START', 'yes', 'UNSTOP'])('takes "%s" for its end', (Body) => expect(optOutOf({ Body, To: '+12025550110' })).toBe(false));

  it.each(['HELP', 'INFO', 'please stop', 'Stop!', '', 'alto'])('takes "%s" for neither', (Body) =>
    expect(optOutOf({ Body, To: '+12025550110' })).toBeUndefined(),
  );

  it('believes OptOutType before the text, whatever the words of the service are', () => {
    expect(optOutOf({ Body: 'BAJA', OptOutType: 'STOP' })).toBe(true);
    expect(optOutOf({ Body: 'STOP', OptOutType: 'HELP' })).toBeUndefined();
    expect(optOutOf({ Body: 'ALTA', OptOutType: 'START' })).toBe(false);
  });

  it('knows STOP, START and UNSTOP alone on a toll-free number', () => {
    expect(optOutOf({ Body: 'STOP', To: '+18005550110' })).toBe(true);
    expect(optOutOf({ Body: 'QUIT', To: '+18005550110' })).toBeUndefined();
    expect(optOutOf({ Body: 'UNSTOP', To: '+18885550110' })).toBe(false);
    expect(optOutOf({ Body: 'START', To: '+18885550110' })).toBe(false);
    expect(optOutOf({ Body: 'YES', To: '+18885550110' })).toBeUndefined();
  });
});
