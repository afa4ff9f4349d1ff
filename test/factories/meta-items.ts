import { expect } from '@jest/globals';
import { type ActivityDraft } from '../../src/core/adapters/activity-draft.js';
import { normalizeNotification } from '../../src/providers/meta/normalize-notification.js';

/** What Meta's notifications are made of, and what they become. */
const NUMBER = { display_phone_number: '12025550130', phone_number_id: '201122334455667' };
export const ANA = { profile: { name: 'Ana' }, wa_id: '12025550147', user_id: 'US.1349' };
export const TEXT = {
  from: '12025550147',
  from_user_id: 'US.1349',
  id: 'wamid.A',
  timestamp: '1795510200',
  type: 'text',
  text: { body: 'hola' },
};
export const ECHO = {
  from: '12025550130',
  to: '12025550147',
  id: 'wamid.E',
  timestamp: '1795510200',
  type: 'text',
  text: { body: 'dime' },
};
export const SENT = { id: 'wamid.S', status: 'sent', timestamp: '1795510205', recipient_id: '12025550147', recipient_user_id: 'US.1349' };
export const AT = new Date('2026-11-24T08:50:00.000Z');

export const change = (value: object, field = 'messages') => ({
  field,
  value: { messaging_product: 'whatsapp', metadata: NUMBER, ...value },
});
export const notification = (...changes: unknown[]) => ({ object: 'whatsapp_business_account', entry: [{ id: '1', changes }] });
export const messages = (...list: unknown[]) => normalizeNotification(notification(change({ contacts: [ANA], messages: list })));
export const statuses = (...list: unknown[]) => normalizeNotification(notification(change({ statuses: list })));
export const echoes = (...list: unknown[]) => normalizeNotification(notification(change({ message_echoes: list }, 'smb_message_echoes')));

/** The one draft of a delivery that is understood whole. */
export function only({ drafts, problems }: ReturnType<typeof normalizeNotification>): ActivityDraft {
  expect(problems).toEqual([]);
  expect(drafts).toHaveLength(1);
  return drafts[0]!;
}

/** A message of this type, with this content. */
export const message = (type: string, content?: object, more: object = {}) =>
  only(messages({ ...TEXT, text: undefined, type, ...(content && { [type]: content }), ...more }));
