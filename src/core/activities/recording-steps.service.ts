import { Injectable } from '@nestjs/common';
import { Prisma } from '../../generated/prisma/client.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { newId } from '../../platform/database/new-id.service.js';
import { together } from '../../platform/database/together.sql.js';
import { type AskedIdentity, type KnownContacts } from '../contacts/known-contacts.js';
import { type ContactsJson, readContacts, withContacts } from '../contacts/read-contacts.sql.js';
import { type Strangers } from '../contacts/strangers.js';
import { lockHeads } from '../feed/feed-head.sql.js';
import { type FeedNotice } from '../feed/pub-sub.js';
import { OrganizationsConfig } from '../organizations/organizations.config.js';
import { type Known } from './known.js';
import { type Outcome } from './outcome.js';
import { knownOf, type KnownJson, organizationsOf, readKnown } from './read-known.sql.js';
import { type RecordPlan } from './record-plan.js';
import { planRecording } from './recording.js';
import { type SourcedDraft } from './sourced-draft.js';
import { writeRecording } from './write-recording.sql.js';

/** Statements of other rooms that commit with the recording, made of what became of each draft. */
export type Alongside = (outcomes: readonly Outcome[]) => Readonly<Record<string, Prisma.Sql>>;

/** What was written, and of whose feeds there is more to tell. */
export interface Recorded {
  readonly outcomes: readonly Outcome[];
  readonly notices: readonly FeedNotice[];
}

/** What a recording is made of, whichever way it goes: lock, read, decide, write. Each runs where it is told to, in a transaction or by itself. */
@Injectable()
export class RecordingSteps {
  constructor(private readonly organizations: OrganizationsConfig) {}

  async lock(tx: Queries, drafts: readonly SourcedDraft[], skipLocked: boolean): Promise<ReadonlySet<string>> {
    if (!drafts.length) return new Set();
    const wanted = organizationsOf(drafts, this.organizations.DEFAULT_ORGANIZATION);
    const rows = await tx.$queryRaw<{ organization_id: string }[]>(lockHeads(wanted, skipLocked));
    return new Set(rows.map((row) => row.organization_id));
  }

  /** `locked`: the organizations whose heads are held; undefined: all may be written, and the write finds out. */
  async read(client: Queries, drafts: readonly SourcedDraft[], locked: ReadonlySet<string> | undefined): Promise<Known> {
    const [row] = drafts.length ? await client.$queryRaw<[{ known: KnownJson }]>(readKnown(drafts)) : [];
    return knownOf(row?.known, locked, this.organizations.DEFAULT_ORGANIZATION);
  }

  /** Plans, and asks for the contacts it finds itself wanting, but for those that `strangers` says are likely nobody's. */
  async decide(client: Queries, drafts: readonly SourcedDraft[], known: Known, strangers?: Strangers): Promise<RecordPlan> {
    for (let contacts = known.contacts; ;) {
      const plan = planRecording(drafts, { ...known, contacts }, newId, new Date());
      if (!plan.contacts.missing.size) return plan;
      const missing = [...plan.contacts.missing.values()];
      contacts = strangers?.suppose(contacts, missing) ?? (await this.askFor(client, missing, contacts, strangers));
    }
  }

  private async askFor(
    client: Queries,
    missing: readonly AskedIdentity[],
    contacts: KnownContacts,
    strangers: Strangers | undefined,
  ): Promise<KnownContacts> {
    const [row] = await client.$queryRaw<[{ known: ContactsJson }]>(readContacts(missing));
    strangers?.met(row.known.found);
    return withContacts(contacts, row.known);
  }

  /** `standing`: what must hold, an expression that raises where it does not. */
  async write(
    client: Queries,
    plan: RecordPlan,
    alongside: Alongside,
    standing: Prisma.Sql = Prisma.sql`true`,
  ): Promise<Recorded & { readonly bases: ReadonlyMap<string, number> }> {
    const { outcomes, taken } = plan;
    const others = alongside(outcomes);
    if (!taken.length) {
      if (Object.keys(others).length) await client.$queryRaw(together(others));
      return { outcomes, notices: [], bases: new Map() };
    }
    const statement = writeRecording(plan, others, standing);
    const [{ bases }] = await client.$queryRaw<[{ bases: [organizationId: string, base: number][] }]>(statement);
    const counts = new Map(taken.map(({ organizationId, count }) => [organizationId, count]));
    const notices = bases.map(([organizationId, base]): FeedNotice => ({ organizationId, last: base + counts.get(organizationId)! }));
    return { outcomes, notices, bases: new Map(bases) };
  }
}
