import { Channel } from '../adapters/channel.js';
import { Origin } from '../adapters/origin.js';
import { addressHashOf, groupName, type Heard, type NewConsent } from '../contacts/consent.js';
import { identityOf, normalizeIdentities } from '../contacts/identity.js';
import { type ActivityRow } from './activity-row.js';
import { oursOf } from './counterpart.js';
import { type SourcedDraft } from './sourced-draft.js';

/** When it was said: as it says, or as somebody said before it; else, and at the latest, when we heard of it. */
export function timeOf({ draft: { event }, receivedAt }: SourcedDraft, before: ActivityRow | undefined): Date {
  const told = event.status === null ? undefined : before?.milestones[event.status];
  // Of a shell nobody knows any more which events it had: what comes again is no newer for it.
  const isTold = told && (told[1] === 0 || before?.erasedAt);
  const at = event.occurredAt ?? (isTold ? new Date(told[0]) : receivedAt);
  // A clock that is ahead must not outdo what is said later, nor open WhatsApp's window for years.
  return at > receivedAt ? receivedAt : at;
}

/** What it says of whether somebody may be written to. */
export function consentsOf(organizationId: string, { draft }: SourcedDraft, at: Date): NewConsent[] {
  if (!draft.consent) return [];
  const { sender, service, group, address, optedOut, reason = '' } = draft.consent;
  const { channel, party } = draft;
  // Whoever is known by several names is the same person by each.
  const names = [address, ...normalizeIdentities(party?.identities ?? []).map(({ value }) => value)];
  const hashes = [...new Set(names.map((name) => addressHashOf(organizationId, channel, name)))];
  const senders = [group === undefined ? (sender ?? '') : groupName(group), ...(service === undefined ? [] : [service])];
  return senders.flatMap((one) =>
    hashes.map((addressHash) => ({ organizationId, channel, sender: one, addressHash, optedOut, reason, at })),
  );
}

/**
 * On WhatsApp, where the time counts: a message that came in, or a reaction that was not taken back, each to us alone and not in a group. What the
 * owner reacts with in the phone app is nothing heard.
 */
export function heardOf(organizationId: string, { draft, origin }: SourcedDraft, at: Date, about: ActivityRow | undefined): Heard[] {
  const { channel, ours, facts, event, reaction, party, inGroup } = draft;
  const sender = ours[0] ?? reaction?.to ?? (reaction && about && oursOf(about));
  const wrote = facts.direction === 'INBOUND' && event.status === 'RECEIVED';
  if (channel !== Channel.WHATSAPP || inGroup || !sender || origin === Origin.API || !(wrote || reaction?.emoji)) return [];
  const from = reaction?.from ?? facts.from;
  const writer = from === undefined ? undefined : identityOf(channel, from);
  const known = normalizeIdentities(party?.identities ?? []);
  if (reaction && party && !known.some(({ value }) => value === writer?.value)) return [];
  const identities = [writer, ...known];
  const hashes = new Set(identities.filter((one) => one !== undefined).map((one) => addressHashOf(organizationId, channel, one.value)));
  return [...hashes].map((addressHash) => ({ organizationId, channel, sender, addressHash, at }));
}
