import { createOrganization, createSender, type TestOrganization } from '../factories/organization.js';
import { allActivities, ask } from './graphql.js';
import { type ServerKind, type ServerOptions, TestServer } from './server.js';
import { startServerWithStandIn, type StandInWorld } from './stand-in.js';
import { until } from './until.js';

const SHAPE = `id externalId origin direction status from to body channel durationSeconds occurredAt revision error { code } metadata
  milestones { status at } attachments { id contentType state } events { id kind status } contact { id }`;

let people = 0;
/** Somebody of their own for each test. */
export const person = (): string => `+1202555${String(2000 + people++).padStart(4, '0')}`;

/** A server that asks its provider each second what it may have missed, and a provider that calls nobody. */
export class Recovery<Server extends TestServer = TestServer> {
  private constructor(
    private readonly world: StandInWorld & { readonly server: Server },
    /** Another account at Twilio, which the server does not know yet. */
    readonly other: { readonly sid: string; readonly token: string },
  ) {}

  static async start<Server extends TestServer = TestServer>(
    kind = TestServer as unknown as ServerKind<Server>,
    options: ServerOptions = {},
  ): Promise<Recovery<Server>> {
    const other = { sid: `AC${'e'.repeat(32)}`, token: 'f'.repeat(32) };
    const env = { RECONCILE_EVERY_SECONDS: '1', SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'), ...options.env };
    const standIn = { twilioAccounts: { [other.sid]: other.token }, stepMs: 1, webhooks: false };
    return new Recovery(await startServerWithStandIn({ ...options, env, standIn }, kind), other);
  }

  get server(): Server {
    return this.world.server;
  }

  get standIn(): StandInWorld['standIn'] {
    return this.world.standIn;
  }

  /** The environment of a server that uses the same provider. */
  get environment(): StandInWorld['environment'] {
    return this.world.environment;
  }

  async stop(): Promise<void> {
    await this.standIn.stop();
    await this.server.dispose();
  }

  /** With one number for texts, WhatsApp and calls. */
  async organization(name: string): Promise<TestOrganization> {
    const made = await createOrganization(this.server, name);
    for (const channel of ['WHATSAPP', 'VOICE']) await createSender(this.server, made.id, made.number, channel);
    return made;
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
  async all({ id, key }: TestOrganization): Promise<any[]> {
    return allActivities(this.server, key, id, SHAPE);
  }

  /** Those that the provider knows by that id. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
  async of(organization: TestOrganization, externalId: string): Promise<any[]> {
    return (await this.all(organization)).filter((activity) => activity.externalId === externalId);
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
  async one(organization: TestOrganization, id: string): Promise<any> {
    return (await this.all(organization)).find((activity) => activity.id === id);
  }

  async senders({ key }: TestOrganization): Promise<{ channel: string; reconciledUntil: string | null; recoveredCount: number }[]> {
    const { viewer } = await ask(
      this.server,
      key,
      '{ viewer { organizations { senders { channel address reconciledUntil recoveredCount } } } }',
    );
    return viewer.organizations[0].senders;
  }

  /** How many were recovered, by channel. */
  async recovered(organization: TestOrganization): Promise<Record<string, number>> {
    return Object.fromEntries((await this.senders(organization)).map(({ channel, recoveredCount }) => [channel, recoveredCount]));
  }

  /** Resolves once all that the provider lists by now was compared for these senders. */
  async compared(organization: TestOrganization): Promise<void> {
    await this.standIn.settle();
    // What changed in the last fifth of a second is left to its webhook.
    const since = Date.now() + 250;
    await until(async () => (await this.senders(organization)).every(({ reconciledUntil }) => Date.parse(reconciledUntil ?? '') > since), {
      ms: 30_000,
      what: 'a comparison',
    });
  }

  /** How many events there are. */
  async eventCount(): Promise<number> {
    const [row] = await this.server.database.query<{ n: number }>('select count(*)::int as n from event');
    return row!.n;
  }

  async sendSms({ id, key }: TestOrganization, input: { readonly to: string; readonly body: string }): Promise<string> {
    const mutation = 'mutation($i: SendSmsInput!) { sendSms(input: $i) { id } }';
    return (await ask(this.server, key, mutation, { i: { organizationId: id, ...input } })).sendSms.id;
  }

  async placeCall({ id, key }: TestOrganization, input: object): Promise<string> {
    const mutation = 'mutation($i: PlaceCallInput!) { placeCall(input: $i) { id } }';
    return (await ask(this.server, key, mutation, { i: { organizationId: id, ...input } })).placeCall.id;
  }

  /** Resolves once it has that status. */
  async reaches(organization: TestOrganization, id: string, status: string): Promise<void> {
    await until(async () => (await this.one(organization, id)).status === status, { ms: 30_000, what: `${status} of ${id}` });
  }
}
