import { bodyOf, type FixtureActivity, type FixtureCase } from '../fixtures/read-cases.js';
import { ask, ACTIVITY, allActivities } from '../support/graphql.js';
import { type Answer, post } from '../support/post.js';
import { type ServerKind, TestServer } from '../support/server.js';
import { createKey } from './organization.js';
import { readSigningKey, signatureHeaders } from './sendgrid.js';
import { insertSentEmails } from './sent-email.js';

/** The tables of what the administrator made; all others hold what deliveries made. */
const KEPT = ['_prisma_migrations', 'api_key', 'feed_epoch', 'feed_head', 'media_key', 'organization', 'provider_account', 'sender'];

/** A server with the fixtures' secrets, and the organizations and senders they speak of. */
export class FixtureWorld<Server extends TestServer = TestServer> {
  private readonly rotating = new Map<string, TestServer>();

  private constructor(
    readonly server: Server,
    private readonly keys: ReadonlyMap<string, string>,
  ) {}

  static async start<Server extends TestServer = TestServer>(
    all: readonly FixtureCase[],
    more: Readonly<Record<string, string>> = {},
    kind = TestServer as unknown as ServerKind<Server>,
  ): Promise<FixtureWorld<Server>> {
    const usual = all.filter(({ secret }) => !secret.authTokenSecondary).reverse();
    const server = await kind.start({ env: Object.assign({}, ...usual.map(environmentOf), more) as Record<string, string> });
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

  /** The activities that must be there before it. */
  async prepare({ given = [] }: FixtureCase): Promise<void> {
    if (given.length) await insertSentEmails(this.server.database, given);
  }

  /** The request as the fixture has it, to a server with the fixture's secrets; what is dated is as old as it was. */
  async send(fixture: FixtureCase): Promise<Answer> {
    const server = fixture.secret.authTokenSecondary ? await this.whileRotating(fixture) : this.server;
    return post(server, {
      method: fixture.method,
      path: fixture.path!,
      headers: { ...fixture.headers, ...signedAnew(fixture) },
      body: fixture.method === 'GET' ? undefined : bodyOf(fixture),
    });
  }

  /** Every activity there is. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
  async activities(): Promise<any[]> {
    const all = await Promise.all([...this.keys].map(([id, key]) => allActivities(this.server, key, id, ACTIVITY)));
    return all.flat();
  }

  /** How many events all feeds have. */
  async events(): Promise<number> {
    const [row] = await this.server.database.query<{ seq: number }>('select coalesce(sum(seq), 0)::int as seq from feed_head');
    return row!.seq;
  }

  /** Takes away all that deliveries made. */
  async clear(): Promise<void> {
    const { database } = this.server;
    const tables = await database.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> all($1)`,
      [KEPT],
    );
    // The server looks for lost attempts meanwhile: who locks tables in another order may be chosen to give way.
    const truncate = `truncate ${tables.map(({ name }) => name).join(', ')}`;
    const gaveWay = (error: unknown) => (error as { code?: string }).code === '40P01';
    await database.query(truncate).catch((error: unknown) => (gaveWay(error) ? database.query(truncate) : Promise.reject(error as Error)));
    await database.query('update feed_head set seq = 0, merges = merges + 1');
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
// oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
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
    bodyCompare,
    xMessageId,
    externalId,
    occurredAt,
    ...plain
  } = expected;
  const exact = {
    ...plain,
    organizationId: organization,
    externalId: xMessageId ?? externalId,
    ...(bodyContains == null && bodyLacks == null && { body: bodyCompare ? body?.trim() : body }),
  };
  const is = { ...activity, ...(bodyCompare && { body: activity.body?.trim() }) };
  const told = Object.entries(exact).flatMap(([field, value]) =>
    value == null || field === 'mayBeFolded' || is[field] === value ? [] : [`${field}: ${is[field]}, not ${String(value)}`],
  );
  if (occurredAt && Date.parse(activity.occurredAt) !== Date.parse(occurredAt))
    told.push(`occurredAt ${activity.occurredAt}, not ${occurredAt}`);
  if (bodyContains != null && !activity.body.includes(bodyContains)) told.push(`body lacks ${bodyContains}`);
  if (bodyLacks != null && activity.body.includes(bodyLacks)) told.push(`body contains ${bodyLacks}`);
  if (error?.code !== undefined && activity.error?.code !== error.code) told.push(`error ${activity.error?.code}, not ${error.code}`);
  if (contactName != null && activity.contact?.name !== contactName) told.push(`contact ${activity.contact?.name}, not ${contactName}`);
  if (error?.message !== undefined && !activity.error?.message?.includes(error.message)) told.push(`error ${activity.error?.message}`);
  const metadata = {
    ...metadataHas,
    ...(parentExternalId && { ParentCallSid: parentExternalId }),
  };
  for (const [name, value] of Object.entries(metadata))
    if (!hasMember(activity.metadata, name, value)) told.push(`metadata lacks ${name}: ${String(value)}`);
  const files = (list: NonNullable<FixtureActivity['attachments']>) =>
    list
      .map(({ contentType, fileName = null, sizeBytes = null }) => [contentType, fileName, sizeBytes].join(' '))
      .sort()
      .join();
  if (attachmentsCount !== undefined && activity.attachments.length !== attachmentsCount)
    told.push(`${activity.attachments.length} attachments`);
  if (attachments && files(activity.attachments) !== files(attachments)) told.push(`attachments ${files(activity.attachments)}`);
  return told;
}

/** At any depth. */
function hasMember(value: unknown, name: string, wanted: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => (key === name && member === wanted) || hasMember(member, name, wanted));
}

function environmentOf({ secret, publicUrl }: FixtureCase): Record<string, string> {
  const variables = {
    PUBLIC_URL: publicUrl,
    TWILIO_ACCOUNT_SID: secret.accountSid,
    TWILIO_AUTH_TOKEN: secret.authToken,
    TWILIO_AUTH_TOKEN_SECONDARY: secret.authTokenSecondary,
    WHATSAPP_APP_SECRET: secret.appSecret,
    WHATSAPP_VERIFY_TOKEN: secret.verifyToken,
    SENDGRID_WEBHOOK_KEY: secret.verificationPublicKey,
  };
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** A good signature of SendGrid's, made of the same bytes now. A bad one stays as it is, but for one that is too old: it would be good. */
function signedAnew(fixture: FixtureCase): Record<string, string> {
  const { signingPrivateKeyPkcs8: key } = fixture.secret;
  const timestamp = Number(fixture.headers['x-twilio-email-event-webhook-timestamp']);
  if (!key || !timestamp || !(fixture.expect.verified || fixture.name.endsWith('old-timestamp'))) return {};
  return signatureHeaders(readSigningKey(key), bodyOf(fixture), Date.parse(fixture.receivedAt) / 1000 - timestamp);
}
