import { Prisma } from '../../generated/prisma/client.js';
import { Channel } from '../adapters/channel.js';
import { type DraftIdentity } from '../adapters/activity-draft.js';
import { type OutboundContent, type OutboundMail } from '../adapters/outbound.js';
import { addressHashOf, GROUP } from '../contacts/consent.js';
import { identityOf } from '../contacts/identity.js';
import { type ContactsJson, readContacts } from '../contacts/read-contacts.sql.js';
import { type KeptContent } from './departure.js';
import { erasedKeyOf } from './erased-key.sql.js';
import { APPROVED } from './own-draft.js';
import { readTurns } from './due-items.sql.js';
import { type SendFacts } from './send-rules.js';
import { type Sender } from './write-sends.sql.js';

/** What is asked of one recipient of a send. */
export interface FactsAsked {
  readonly organizationId: string;
  readonly channel: Channel;
  /** The address of ours, as opt-outs and windows name it. */
  readonly sender: string;
  readonly addressHash: string;
  /** Who is written to beside the recipient; undefined where nobody is. */
  readonly copies?: readonly CopyAsked[] | undefined;
  /** Who it is, and whose conversation; null where the address identifies nobody. */
  readonly identity: DraftIdentity | null;
  /** The seq the writer had seen; undefined: any. */
  readonly seenSeq?: number | undefined;
  /** The activity of ours that is asked for, where there is one already: no news to its writer. */
  readonly activityId?: string;
}

export interface CopyAsked {
  readonly address: string;
  readonly addressHash: string;
}

/** Whether a word is about what leaves from that sender. */
const isAbout = Prisma.sql`(c.sender in ('', x.sender) or (c.opted_out and starts_with(c.sender, ${GROUP})))`;

/** What the words of whoever is asked about are kept by, an array: on WhatsApp, where a number and a user id may be one person, of each name that their contact has, hashed as `addressHashOf` does it: an id of digits as a number. */
const hashesOf = (asked: readonly Pick<FactsAsked, 'channel'>[]): Prisma.Sql =>
  asked.some(({ channel }) => channel === Channel.WHATSAPP)
    ? Prisma.sql`array(
        select x."addressHash" union all
        select encode(sha256(convert_to(other.organization_id || E'\n' || case other.kind when 'WHATSAPP_ID' then 'PHONE' else other.kind end || ' ' || other.value, 'UTF8')), 'hex')
        from contact_identity as named join contact_identity as other on other.contact_id = named.contact_id
        where x.channel = ${Channel.WHATSAPP} and named.organization_id = x."organizationId" and named.kind = x.kind and named.value = x.value)`
    : Prisma.sql`array[x."addressHash"]`;

/** The newest word kept by any of `hashes`, by a sender, a kind of mails or all of the channel of `x`: of such words the newest counts. */
const newestConsent = (hashes: Prisma.Sql): Prisma.Sql => Prisma.sql`
  select c.opted_out as "optedOut", c.reason, c.at from consent as c
  where c.organization_id = x."organizationId" and c.channel = x.channel and c.address_hash = any(${hashes}) and ${isAbout}
  order by c.at desc, c.opted_out desc limit 1`;

/** The first in copy who may not be written to. */
const refusedCopy = Prisma.sql`, 'copy', (
  select json_build_object('address', y.one->>'address', 'optedOut', true, 'reason', said.reason, 'at', said.at)
  from json_array_elements(x.copies) with ordinality as y(one, nth) cross join lateral (${newestConsent(Prisma.sql`array[y.one->>'addressHash']`)}) as said
  where said."optedOut" order by y.nth limit 1)`;

/** Where in the feed a draft was approved; null where it was not, or is no draft. */
const approvedAt = Prisma.sql`(select e.seq from event as e where a.milestones ? 'DRAFT' and e.activity_id = a.id and e.key = ${APPROVED})`;

/**
 * What each recipient is judged by, in the order asked, as one JSON: `facts`. To be read under the organization's lock. A draft is written when it
 * is approved, and what was taken back never was.
 */
export function readFacts(asked: readonly FactsAsked[]): Prisma.Sql {
  const rows = asked.map(({ identity, ...rest }, n) => ({ n, ...rest, kind: identity?.kind, value: identity?.value }));
  return Prisma.sql`
    select json_agg(json_build_object(
      'consent', (select row_to_json(said) from (${newestConsent(Prisma.sql`x.hashes`)}) as said),
      'heardAt', (
        select max(h.at) from last_heard as h
        where h.organization_id = x."organizationId" and h.channel = x.channel and h.address_hash = any(x.hashes) and h.sender = x.sender),
      'newer', (
        select json_build_object('activityId', a.id, 'at', a.occurred_at) from activity as a
        cross join lateral (select greatest(a.created_seq, ${approvedAt}) as seq) as said
        where x."seenSeq" is not null and said.seq > x."seenSeq" and a.erased_at is null and a.status <> 'DRAFT'
          and not (a.direction = 'OUTBOUND' and a.status = 'CANCELED') and a.contact_id = (
            select i.contact_id from contact_identity as i where i.organization_id = x."organizationId" and i.kind = x.kind and i.value = x.value)
          and not exists (
            select 1 from send_item as own join send as s on s.id = own.send_id where own.activity_id = x."activityId" and a.id = any(s.activity_ids))
        order by said.seq desc limit 1)
      ${asked.some(({ copies }) => copies) ? refusedCopy : Prisma.empty}
    ) order by x.n) as facts
    from (select x.*, ${hashesOf(asked)} as hashes from json_to_recordset(${JSON.stringify(rows)}::json) as x(
      n integer, "organizationId" text, channel text, sender text, "addressHash" text, copies json, kind text, value text, "seenSeq" bigint, "activityId" uuid)) as x`;
}

/** What is asked of somebody who would be written to. */
export function factsAskedOf({ organizationId, channel, from, to, content }: Addressed): FactsAsked {
  const addressHash = addressHashOf(organizationId, channel, to);
  const identity = identityOf(channel, to) ?? null;
  return { organizationId, channel, sender: from, addressHash, copies: copiesAsked(organizationId, channel, content), identity };
}

/** What is asked of everybody in copy. */
export function copiesAsked(organizationId: string, channel: Channel, content: OutboundContent | undefined): FactsAsked['copies'] {
  const { cc, bcc } = content?.mail ?? NO_COPIES;
  if (!cc.length && !bcc.length) return undefined;
  return [...cc, ...bcc].map((address) => ({ address, addressHash: addressHashOf(organizationId, channel, address) }));
}

const NO_COPIES: Pick<OutboundMail, 'cc' | 'bcc'> = { cc: [], bcc: [] };

/** The same of an activity that was accepted, and whether anybody wrote since its writer looked. */
export function factsAskedAgainOf(activity: Addressed & { readonly activityId: string; readonly content: KeptContent }): FactsAsked {
  const { activityId, content } = activity;
  return { ...factsAskedOf(activity), seenSeq: content.seenSeq, activityId };
}

interface Addressed {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly from: string;
  readonly to: string;
  /** What would be sent, where that is known. */
  readonly content?: OutboundContent;
}

export type FactsRow = { readonly facts: SendFacts[] | null };

/** A send that an idempotency key names. */
export interface KnownSend {
  readonly organizationId: string;
  readonly idempotencyKey: string;
  /** Hexadecimal. */
  readonly inputHash: string;
  readonly activityIds: readonly string[];
}

type AskedKey = Pick<KnownSend, 'organizationId' | 'idempotencyKey'>;

/** The sends that those keys name, also where everybody they were for is erased. */
export function readKnownSends(keys: readonly AskedKey[]): Prisma.Sql {
  const rows = keys.flatMap(({ organizationId, idempotencyKey }) =>
    [idempotencyKey, erasedKeyOf(organizationId, idempotencyKey)].map((kept) => ({ organizationId, idempotencyKey, kept })),
  );
  return Prisma.sql`
    select x."organizationId", x."idempotencyKey", encode(s.input_hash, 'hex') as "inputHash", s.activity_ids as "activityIds"
    from json_to_recordset(${JSON.stringify(rows)}::json) as x("organizationId" text, "idempotencyKey" text, kept text)
    join send as s on s.organization_id = x."organizationId" and s.idempotency_key = x.kept`;
}

/**
 * That no send of theirs was for somebody erased since, an expression that raises a serialization failure where one was: the unique index tells of the
 * others.
 */
export function noneErased(organizationId: string, keys: readonly AskedKey[]): Prisma.Sql {
  if (!keys.length) return Prisma.sql`true`;
  const erased = keys.map(({ idempotencyKey }) => erasedKeyOf(organizationId, idempotencyKey));
  return Prisma.sql`require_all((
    select count(*) from send where organization_id = ${organizationId} and idempotency_key = any(${erased}::text[])), 0::bigint)`;
}

/** That nothing was said against any of them or of those in copy, an expression that raises a serialization failure where something was. */
export function nobodyOptedOut(asked: readonly FactsAsked[]): Prisma.Sql {
  const rows = asked.flatMap(({ organizationId, channel, sender, addressHash, identity, copies = [] }) => [
    { organizationId, channel, sender, addressHash, ...(identity && { kind: identity.kind, value: identity.value }) },
    ...copies.map((copy) => ({ organizationId, channel, sender, addressHash: copy.addressHash })),
  ]);
  return Prisma.sql`require_all((
    select count(*) from json_to_recordset(${JSON.stringify(rows)}::json) as x("organizationId" text, channel text, sender text, "addressHash" text, kind text, value text)
    join consent as c on c.organization_id = x."organizationId" and c.channel = x.channel and ${isAbout} and c.address_hash = any(${hashesOf(asked)})
    where c.opted_out), 0::bigint)`;
}

/** All that sends are judged by and stand on, in one snapshot. */
export interface SendsSnapshot {
  /** Of the organization's head. */
  readonly seq: number;
  readonly known: readonly KnownSend[] | null;
  readonly facts: SendFacts[] | null;
  readonly contacts: ContactsJson;
  readonly turns: readonly (Sender & { readonly nextAt: string; readonly freeAt: string | null })[] | null;
}

export interface SnapshotAsked {
  readonly organizationId: string;
  readonly keys: readonly AskedKey[];
  readonly recipients: readonly FactsAsked[];
  /** Those that are paced. */
  readonly senders: readonly Sender[];
}

/** As one JSON: `found`. */
export function readSnapshot({ organizationId, keys, recipients, senders }: SnapshotAsked): Prisma.Sql {
  const identities = recipients.flatMap(({ organizationId, identity }) => (identity ? [{ organizationId, ...identity }] : []));
  const none = Prisma.sql`null::json`;
  return Prisma.sql`
    select json_build_object(
      'seq', (select seq from feed_head where organization_id = ${organizationId}),
      'known', ${keys.length ? Prisma.sql`(select json_agg(known) from (${readKnownSends(keys)}) as known)` : none},
      'facts', (select facts from (${readFacts(recipients)}) as judged),
      'contacts', (select known from (${readContacts(identities)}) as contacts),
      'turns', ${senders.length ? Prisma.sql`(select json_agg(turns) from (${readTurns(senders)}) as turns)` : none}
    ) as found`;
}
