import { bodyOf, type FixtureActivity, type FixtureCase } from '../fixtures/read-cases.js';
import { ask, ACTIVITY, allActivities } from '../support/graphql.js';
import { type Answer, post } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { createKey } from './organization.js';

/** The tables of what the administrator made; all others hold what deliveries made. */
const KEPT = ['_prisma_migrations', 'api_key', 'feed_epoch', 'feed_head', 'media_key', 'organization', 'sender'];

/** A server with the fixtures' secrets, and the organizations and senders they speak of. */
export class FixtureWorld {
  private readonly rotating = new Map<string, TestServer>();

  private constructor(
    readonly server: TestServer,
    private readonly keys: ReadonlyMap<string, string>,
  ) {}

  static async start(all: readonly FixtureCase[]): Promise<FixtureWorld> {
    const usual = all.find(({ secret }) => secret.authToken && !secret.authTokenSecondary)!;
    const server = await TestServer.start({ env: environmentOf(usual) });
    const senders = new Map(all.flatMap((fixture) => fixture.senders).map((sender) => [`${sender.channel} ${sender.address}`, sender]));
    const keys = new Map<string, string>();
    for (const id of new Set([...senders.values()].map((sender) => sender.organization))) {
      await ask(server, server.adminKey, 'mutation($id: ID!) { createOrganization(id: $id, name: "of the fixtures") { id } }', { id });
      keys.set(id, await createKey(server, id));
    }
    for (const { organization, channel, address, provider } of senders.values())
      await ask(
        server,
        server.adminKey,
        'mutation($o: ID!, $c: Channel!, $a: String!, $p: Provider!) { createSender(organizationId: $o, channel: $c, address: $a, provider: $p) { id } }',
        { o: organization, c: channel, a: address, p: provider },
      );
    return new FixtureWorld(server, keys);
  }

  /** The request as the fixture has it, to a server with the fixture's secrets. */
  async send(fixture: FixtureCase): Promise<Answer> {
    const server = fixture.secret.authTokenSecondary ? await this.whileRotating(fixture) : this.server;
    return post(server, {
      method: fixture.method,
      path: fixture.path!,
      headers: fixture.headers,
      body: fixture.method === 'GET' ? undefined : bodyOf(fixture),
    });
  }

  /** Every activity there is. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
  async activities(): Promise<any[]> {
    const all = await Promise.all([...this.keys].map(([id, key]) => allActivities(this.server, key, id, ACTIVITY)));
    return all.flat();
  }

  /** Whether the feeds of all organizations are as at the beginning. */
  async feedsAreEmpty(): Promise<boolean> {
    const [row] = await this.server.database.query<{ seq: string }>('select coalesce(sum(seq), 0)::text as seq from feed_head');
    return row!.seq === '0';
  }

  /** Takes away all that deliveries made. */
  async clear(): Promise<void> {
    const { database } = this.server;
    const tables = await database.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> all($1)`,
      [KEPT],
    );
    await database.query(`truncate ${tables.map(({ name }) => name).join(', ')}`);
    await database.query('update feed_head set seq = 0');
  }

  async dispose(): Promise<void> {
    for (const server of this.rotating.values()) await server.dispose();
    await this.server.dispose();
  }

  private async whileRotating(fixture: FixtureCase): Promise<TestServer> {
    const secrets = JSON.stringify(fixture.secret);
    const server = this.rotating.get(secrets) ?? (await TestServer.start({ besides: this.server, env: environmentOf(fixture) }));
    this.rotating.set(secrets, server);
    return server;
  }
}

/** What of `activity` is not as the fixture says; nothing where all is. A null is not checked. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
export function differences(activity: any, expected: FixtureActivity): string[] {
  const {
    organization,
    bodyContains,
    bodyLacks,
    attachments,
    error,
    body,
    metadataHas,
    contactName,
    parentExternalId,
    attachmentsCount,
    ...plain
  } = expected;
  const exact = { ...plain, organizationId: organization, ...(bodyContains == null && bodyLacks == null && { body }) };
  const told = Object.entries(exact).flatMap(([field, value]) =>
    value == null || field === 'mayBeFolded' || activity[field] === value ? [] : [`${field}: ${activity[field]}, not ${String(value)}`],
  );
  if (bodyContains != null && !activity.body.includes(bodyContains)) told.push(`body lacks ${bodyContains}`);
  if (bodyLacks != null && activity.body.includes(bodyLacks)) told.push(`body contains ${bodyLacks}`);
  if (error?.code !== undefined && activity.error?.code !== error.code) told.push(`error ${activity.error?.code}, not ${error.code}`);
  // Until there are contacts, the name that came is where the provider put it.
  const metadata = {
    ...metadataHas,
    ...(contactName && { ProfileName: contactName }),
    ...(parentExternalId && { ParentCallSid: parentExternalId }),
  };
  for (const [name, value] of Object.entries(metadata))
    if (activity.metadata[name] !== value) told.push(`metadata.${name}: ${activity.metadata[name]}, not ${value}`);
  const types = (list: readonly { contentType: string }[]) => list.map((one) => one.contentType).sort();
  if (attachmentsCount !== undefined && activity.attachments.length !== attachmentsCount)
    told.push(`${activity.attachments.length} attachments`);
  if (attachments && types(activity.attachments).join() !== types(attachments).join())
    told.push(`attachments ${types(activity.attachments).join()}`);
  return told;
}

function environmentOf({ secret, publicUrl }: FixtureCase): Record<string, string | undefined> {
  return {
    PUBLIC_URL: publicUrl,
    TWILIO_ACCOUNT_SID: secret.accountSid,
    TWILIO_AUTH_TOKEN: secret.authToken,
    TWILIO_AUTH_TOKEN_SECONDARY: secret.authTokenSecondary,
  };
}
