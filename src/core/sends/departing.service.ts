import { Injectable } from '@nestjs/common';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { StillHeld, Turnstile } from '../../platform/database/turnstile.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { Log } from '../../platform/logging/log.service.js';
import { type Decision, RecorderService } from '../activities/recorder.service.js';
import { EpochService } from '../feed/epoch.service.js';
import { type Departure } from './departure.js';
import { DeparturesService } from './departures.service.js';
import { type DueItem, type FoundItem, readDue, readTurns } from './due-items.sql.js';
import { Pacing, senderOf } from './pacing.js';
import { planDepartures } from './plan-departures.js';
import { factsAskedAgainOf, factsAskedOf, type FactsRow, readFacts } from './send-facts.sql.js';
import { SendingAddressesService } from './sending-addresses.service.js';
import { SendsConfig } from './sends.config.js';
import { endItems, noteAttempts, postponeItems, type Turn, writeTurns } from './write-sends.sql.js';

/**
 * Lets leave what is due of an organization. Each attempt is noted under the organization's lock before it begins; one that was noted and has no
 * outcome is never begun again.
 */
@Injectable()
export class DepartingService {
  constructor(
    private readonly recorder: RecorderService,
    private readonly addresses: SendingAddressesService,
    private readonly departures: DeparturesService,
    private readonly turnstile: Turnstile,
    private readonly epoch: EpochService,
    private readonly jobs: JobsService,
    private readonly config: SendsConfig,
    private readonly log: Log,
  ) {}

  /** What left. Undefined where another holds the organization, which is left for the next look: the others must not wait for it. */
  async letLeave(organizationId: string, found: readonly FoundItem[]): Promise<readonly Departure[] | undefined> {
    try {
      const accounts = await this.accountsOf(organizationId, found);
      const departures = await this.turnstile.pass(organizationId, () =>
        this.recorder.recordDecided(organizationId, (tx) => this.decide(tx, accounts), true),
      );
      this.departures.leave(departures);
      return departures;
    } catch (error) {
      if (!(error instanceof StillHeld)) this.log.warn('send.due_not_noted', { organizationId, reason: reasonOf(error) });
      return undefined;
    }
  }

  /** By activity, what each would be sent by now; undefined where nothing can send it. Read before the lock: it takes a connection of its own. */
  private async accountsOf(organizationId: string, found: readonly FoundItem[]): Promise<ReadonlyMap<string, string | undefined>> {
    const accounts = new Map<string, string | undefined>();
    for (const { activityId, channel, provider } of found) {
      const account = await this.addresses.accountOf(organizationId, channel, provider);
      accounts.set(activityId, 'accountId' in account ? account.accountId : undefined);
    }
    return accounts;
  }

  private async decide(tx: Queries, accounts: ReadonlyMap<string, string | undefined>): Promise<Decision<readonly Departure[]>> {
    // A restored backup has as due what left since it was made, until a new epoch doubts it.
    if (!(await this.epoch.holds(tx))) throw new Error('the database may be a restored one');
    const now = new Date();
    const [due] = await tx.$queryRaw<[{ items: DueItem[] | null }]>(readDue([...accounts.keys()], now));
    const items = due.items ?? [];
    const [row] = await tx.$queryRaw<[FactsRow]>(readFacts(items.map(askedOf)));
    const { perSecond } = this.config;
    const pacing = new Pacing(perSecond, perSecond === undefined ? [] : await tx.$queryRaw<Turn[]>(readTurns(items.map(senderOf))));
    const leaveBy = items.map(({ activityId }) => accounts.get(activityId));
    const { drafts, departures, postponed, ended } = planDepartures(items, row.facts ?? [], leaveBy, {
      pacing,
      room: this.departures.room(),
      now,
    });
    const noted = departures.map(({ activityId, accountId }) => ({ activityId, accountId }));
    return {
      drafts,
      alongside: () => ({
        ...(noted.length && { noted: noteAttempts(noted, this.jobs.processName) }),
        ...(postponed.length && { postponed: postponeItems(postponed) }),
        ...(ended.length && { ended: endItems(ended) }),
        ...(pacing.written.size && { turns: writeTurns([...pacing.written.values()]) }),
      }),
      result: departures,
    };
  }
}

/** What waited its turn, or is tried again, was judged at its time: what its writer sent after it must not stop it. */
function askedOf(item: DueItem) {
  return item.paced || item.attempts > 0 ? factsAskedOf(item) : factsAskedAgainOf(item);
}
