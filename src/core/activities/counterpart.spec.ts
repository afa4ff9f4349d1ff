import { describe, expect, it } from '@jest/globals';
import { type ActivityDraft } from '../adapters/activity-draft.js';
import { identitiesOf } from './counterpart.js';

describe('identitiesOf', () => {
  const row = { channel: 'EMAIL', direction: 'INBOUND', from: 'web@norte.example', to: 'web@norte.example' } as const;
  const party = { identities: [{ kind: 'EMAIL', value: 'Ana@cliente.example' }] } as const;
  const ana = { kind: 'EMAIL', value: 'ana@cliente.example' };
  const valuesOf = (draft: Partial<ActivityDraft>) => identitiesOf(row, draft as ActivityDraft);

  it('whoever a mail is from has its address as well as what else is said of them', () => {
    expect(valuesOf({ party })).toEqual([{ kind: 'EMAIL', value: 'web@norte.example' }, ana]);
  });

  it('who wrote by an address that is ours has not that one', () => {
    expect(valuesOf({ party: { ...party, byAnother: true } })).toEqual([ana]);
  });
});
