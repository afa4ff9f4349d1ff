import { Prisma } from '../../generated/prisma/client.js';
import { type Channel, type Provider } from '../adapters/channel.js';

/** An attempt that the provider may have, and whose id there we do not know. */
export interface OpenAttempt {
  readonly activityId: string;
  readonly organizationId: string;
  readonly channel: Channel;
  readonly from: string;
  readonly to: string;
  /** Whom a call rings first, in place of `to`. */
  readonly agent: string | null;
  readonly body: string | null;
  readonly attemptedAt: Date;
  /** Under way; else nobody knows how it ended. */
  readonly underWay: boolean;
  /** Of somebody who was erased: neither address nor text is left of it. */
  readonly erased: boolean;
}

/** The version before kept no content of an attempt that was lost, and read what its sender may have called so: until none of its rows is looked for. */
const AGENT = Prisma.sql`
  coalesce(i.content #>> '{call,agent}',
    case when i.content = '{}' and a.channel = 'VOICE' and a.metadata ->> 'agent' ~ '^\\+[1-9]\\d{6,14}$' then a.metadata ->> 'agent' end)`;

/** Those of an account at a provider that began since then. What has begun before a list was read is among those read after it. */
export function readOpenAttempts(provider: Provider, accountId: string, since: Date): Prisma.Sql {
  return Prisma.sql`
    select a.id as "activityId", a.organization_id as "organizationId", a.channel, a."from", a."to", ${AGENT} as agent, a.body,
      i.attempted_at as "attemptedAt", i.state = 'ATTEMPTED' as "underWay", a.erased_at is not null as erased
    from send_item as i join activity as a on a.id = i.activity_id
    where (i.state = 'ATTEMPTED' or i.state = 'UNKNOWN') and i.account_id = ${accountId} and i.attempted_at >= ${since.toISOString()}::timestamptz
      and a.provider = ${provider} and a.external_id is null
    order by i.attempted_at, a.id`;
}
