import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Prisma } from '../../generated/prisma/client.js';
import { ADVISORY_LOCKS } from '../../platform/database/advisory-locks.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { Log } from '../../platform/logging/log.service.js';
import { EPOCH_BYTES } from './cursor.js';

/** A restored database may have much to mend. */
export const EPOCH_TRANSACTION = { maxWait: 5_000, timeout: 60_000 };

/** The feed's epoch: a random value for one database on one timeline. After a restore a new one begins, and old cursors end. */
@Injectable()
export class EpochService implements OnModuleInit {
  private bytes: Buffer | undefined;
  private readonly listeners: (() => void)[] = [];
  private readonly restorers: Prisma.Sql[] = [];

  constructor(
    private readonly database: DatabaseService,
    private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
  }

  /** Six bytes. */
  get current(): Buffer {
    if (!this.bytes) throw new Error('The epoch is read at the start');
    return this.bytes;
  }

  /** Called when a new epoch began while we ran: the database is another one now. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** A statement that goes with the beginning of a new epoch on a database that had another: it may be a backup, and older than what happened. */
  whenRestored(restorer: Prisma.Sql): void {
    this.restorers.push(restorer);
  }

  /** Whether the database still is the one this process knows: a read in the transaction of what must not be done in another. */
  async holds(tx: Queries): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ holds: boolean }[]>(Prisma.sql`
      select kept.epoch = ${this.current} and kept.system_identifier = here.system_identifier and kept.timeline = here.timeline as holds
      from feed_epoch as kept cross join (${IDENTITY}) as here where kept.id = 1`);
    return row?.holds ?? false;
  }

  /** Looks at the database again: after a lost connection it may be another one. */
  async refresh(): Promise<void> {
    const { epoch, began } = await this.database.prisma.$transaction((tx) => ensureEpoch(tx, this.restorers), EPOCH_TRANSACTION);
    const changed = this.bytes !== undefined && !this.bytes.equals(epoch);
    this.bytes = epoch;
    if (began) this.log.info('feed.epoch_began');
    if (changed) for (const listener of this.listeners) listener();
  }
}

interface Identity {
  system_identifier: string;
  timeline: number;
}

/** The epoch of this database; a new one where it has none, was restored, or `begin` says so. */
export async function ensureEpoch(
  tx: Prisma.TransactionClient,
  restorers: readonly Prisma.Sql[],
  begin = false,
): Promise<{ epoch: Buffer; began: boolean }> {
  await tx.$executeRaw`select pg_advisory_xact_lock(${ADVISORY_LOCKS.EPOCH})`;
  const { system_identifier: systemIdentifier, timeline } = await identify(tx);
  const kept = await tx.feedEpoch.findUnique({ where: { id: 1 } });
  if (kept && !begin && kept.systemIdentifier === systemIdentifier && kept.timeline === timeline)
    return { epoch: Buffer.from(kept.epoch), began: false };
  const row = { epoch: new Uint8Array(randomBytes(EPOCH_BYTES)), systemIdentifier, timeline };
  await tx.feedEpoch.upsert({ where: { id: 1 }, create: { id: 1, ...row }, update: row });
  if (kept && restorers.length) {
    // Whoever decides on anything meanwhile has done so, or will see it.
    await tx.$executeRaw`select from feed_head order by organization_id for update`;
    for (const restorer of restorers) await tx.$executeRaw(restorer);
  }
  return { epoch: Buffer.from(row.epoch), began: true };
}

/**
 * Which cluster this is and on which timeline: a promoted standby and a restored backup differ. By the WAL, since the control file
 * tells a new timeline only after the next checkpoint.
 */
const IDENTITY = Prisma.sql`
  select (select system_identifier::text from pg_control_system()) as system_identifier,
    ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int as timeline`;

async function identify(tx: Prisma.TransactionClient): Promise<Identity> {
  const [row] = await tx.$queryRaw<Identity[]>(IDENTITY);
  return row!;
}
