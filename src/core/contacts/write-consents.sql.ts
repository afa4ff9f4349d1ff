import { Prisma } from '../../generated/prisma/client.js';
import { type Heard, type NewConsent } from './consent.js';

/** The newest counts. Of several about one address in one statement, the newest. */
export function writeConsents(consents: readonly NewConsent[]): Prisma.Sql {
  return Prisma.sql`
    insert into consent (organization_id, channel, sender, address_hash, opted_out, reason, at)
    select distinct on ("organizationId", channel, sender, "addressHash") "organizationId", channel, sender, "addressHash", "optedOut", reason, at
    from json_to_recordset(${JSON.stringify(consents)}::json) as x(
      "organizationId" text, channel text, sender text, "addressHash" text, "optedOut" boolean, reason text, at timestamptz)
    order by "organizationId", channel, sender, "addressHash", at desc, "optedOut" desc
    on conflict (organization_id, channel, sender, address_hash) do update set opted_out = excluded.opted_out, reason = excluded.reason, at = excluded.at
    where (excluded.at, excluded.opted_out) > (consent.at, consent.opted_out)`;
}

/** What a person says to us, which is newer than all that was heard of the address: also where another process's clock, or ours before it was set, was ahead. */
export function sayConsent({ organizationId, channel, sender, addressHash, optedOut, reason, at }: NewConsent): Prisma.Sql {
  return Prisma.sql`
    insert into consent (organization_id, channel, sender, address_hash, opted_out, reason, at)
    select ${organizationId}, ${channel}, ${sender}, ${addressHash}, ${optedOut}, ${reason},
      greatest(${at.toISOString()}::timestamptz, (
        select max(heard.at) + interval '1 millisecond' from consent as heard
        where heard.organization_id = ${organizationId} and heard.channel = ${channel} and heard.address_hash = ${addressHash}))
    on conflict (organization_id, channel, sender, address_hash) do update
    set opted_out = excluded.opted_out, reason = excluded.reason, at = greatest(excluded.at, consent.at + interval '1 millisecond')`;
}

/** The newest counts. */
export function writeHeard(heard: readonly Heard[]): Prisma.Sql {
  return Prisma.sql`
    insert into last_heard (organization_id, channel, sender, address_hash, at)
    select "organizationId", channel, sender, "addressHash", max(at)
    from json_to_recordset(${JSON.stringify(heard)}::json) as x("organizationId" text, channel text, sender text, "addressHash" text, at timestamptz)
    group by "organizationId", channel, sender, "addressHash"
    on conflict (organization_id, channel, sender, address_hash) do update set at = excluded.at where excluded.at > last_heard.at`;
}
