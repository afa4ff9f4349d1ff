import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ADVISORY_LOCKS } from '../../platform/database/advisory-locks.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { Log } from '../../platform/logging/log.service.js';
import { SendersService } from './senders.service.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { OrganizationsConfig } from './organizations.config.js';
import { insertOrganization } from './organizations.service.js';
import { readSenderAddress } from './sender-address.js';

/** Injects the first organization's addresses. */
export const SEEDS = Symbol('SEEDS');
export interface Seeds {
  readonly senders: readonly SeedSender[];
  /** Those it must not have any more. */
  readonly retired: readonly Pick<SeedSender, 'channel' | 'address'>[];
}
export type SeedSender = { readonly channel: Channel; readonly address: string; readonly provider: Provider; readonly variable: string };

const FIRST = '1';

/**
 * What an empty database begins with: organization `1`. At every start, an address that the environment names and nobody owns
 * is given to it, and what the sandbox made up goes where the sandbox is none; DEFAULT_ORGANIZATION is there.
 */
@Injectable()
export class SeedService implements OnApplicationBootstrap {
  constructor(
    private readonly database: DatabaseService,
    private readonly senders: SendersService,
    private readonly config: OrganizationsConfig,
    @Inject(SEEDS) private readonly seeds: Seeds,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const first = await this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`select pg_advisory_xact_lock(${ADVISORY_LOCKS.SEED})`;
      if ((await tx.organization.count()) === 0) await insertOrganization(tx, FIRST, 'My organization');
      const wanted = this.config.DEFAULT_ORGANIZATION;
      if (wanted && !(await tx.organization.findUnique({ where: { id: wanted } }))) await insertOrganization(tx, wanted, wanted);
      return tx.organization.findUnique({ where: { id: FIRST } });
    });
    if (!first) return;
    const { count } = await this.database.prisma.sender.deleteMany({
      where: { organizationId: first.id, OR: this.seeds.retired.map(({ channel, address }) => ({ channel, address })) },
    });
    if (count) this.log.info('organization.senders_retired', { organizationId: first.id, senders: count });
    const given: string[] = [];
    for (const seed of this.seeds.senders) if (await this.give(first.id, seed)) given.push(seed.channel);
    if (given.length) this.log.info('organization.senders_seeded', { organizationId: first.id, channels: given });
  }

  /** Whether it was nobody's. */
  private async give(organizationId: string, { channel, address, provider, variable }: SeedSender): Promise<boolean> {
    const read = readSenderAddress(channel, address, provider);
    if ('address' in read) return (await this.senders.claim({ organizationId, channel, ...read })) !== undefined;
    this.log.warn('organization.seed_refused', { variable, problem: read.problem });
    return false;
  }
}
