import { hash } from 'node:crypto';
import { type SuppressionReason } from '../adapters/activity-draft.js';
import { type Channel } from '../adapters/channel.js';
import { identityName, identityOf } from './identity.js';

/** Whether an address may be written to, as somebody said at a time. */
export interface NewConsent {
  readonly organizationId: string;
  readonly channel: Channel;
  /** The address of ours it is about; empty: every one of the channel; or a kind of mails (`groupName`). */
  readonly sender: string;
  readonly addressHash: string;
  readonly optedOut: boolean;
  /** What an email provider said against the address; empty where a person said it. */
  readonly reason: SuppressionReason | '';
  readonly at: Date;
}

/** That a person wrote to an address of ours. */
export interface Heard {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly sender: string;
  readonly addressHash: string;
  readonly at: Date;
}

/** What stands in a sender's place where a word is about one kind of mails: who left it is written to by none, and whoever comes back to it takes back that alone. */
export const GROUP = 'group ';
export const groupName = (group: string): string => GROUP + group;

/** What consent is kept by: of an address that identifies nobody, the address itself. */
export function addressHashOf(organizationId: string, channel: Channel, address: string): string {
  const identity = identityOf(channel, address);
  return hash('sha256', `${organizationId}\n${identity ? identityName(identity) : address}`, 'hex');
}
