import { describe, expect, it } from '@jest/globals';
import { type AskedIdentity, type KnownContacts } from './known-contacts.js';
import { Strangers } from './strangers.js';

const ANA = { id: 'ana', name: null, profileName: null, profileOrder: '' };
const asked = (count: number, organizationId = 'norte'): AskedIdentity[] =>
  Array.from({ length: count }, (_, i) => ({ organizationId, kind: 'PHONE', value: `+1202555${1000 + i}` }));
const known = (): KnownContacts => new Map([['norte', { merges: 3, contacts: new Map([['PHONE +12025550147', ANA]]) }]]);
const nobody = (count: number) => Array.from({ length: count }, () => ({ contact: null }));

describe('An identity that this process has not seen', () => {
  it('is asked about as long as few strangers were met in a row', () => {
    const strangers = new Strangers();
    expect(strangers.suppose(known(), asked(1))).toBeUndefined();
    strangers.met(nobody(39));
    expect(strangers.suppose(known(), asked(10))).toBeUndefined();
  });

  it('is supposed to be nobody’s after four times as many strangers, beside what is known already', () => {
    const strangers = new Strangers();
    strangers.met(nobody(40));
    const before = known();
    const supposed = strangers.suppose(before, asked(10))!.get('norte')!;
    expect(supposed).toEqual({
      merges: 3,
      contacts: new Map(asked(10).map(({ kind, value }) => [`${kind} ${value}`, null])),
      before: before.get('norte'),
    });
    expect(before).toEqual(known());
  });

  it('is asked about again once one was somebody’s, or a supposition was wrong', () => {
    const strangers = new Strangers();
    strangers.met([...nobody(40), { contact: ANA }, ...nobody(3)]);
    expect(strangers.suppose(known(), asked(1))).toBeUndefined();
    strangers.met(nobody(1));
    expect(strangers.suppose(known(), asked(1))).toBeDefined();
    strangers.mistaken();
    expect(strangers.suppose(known(), asked(1))).toBeUndefined();
  });

  it('is asked about where nothing is known of its organization', () => {
    const strangers = new Strangers();
    strangers.met(nobody(40));
    expect(strangers.suppose(known(), [...asked(1), ...asked(1, 'sur')])).toBeUndefined();
  });
});
