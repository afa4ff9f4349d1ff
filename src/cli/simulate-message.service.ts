import { randomBytes, randomUUID } from 'node:crypto';
import { isSandboxActive, readSandboxSecrets } from '../sandbox/sandbox-secrets.service.js';
import { activityLines } from './activity-lines.js';
import { type ActivityListener, listenForActivity } from './activity-listener.service.js';
import { type CommandContext, readContext } from './command-context.service.js';
import { CommandError } from './command-error.js';
import { curlCommand } from './curl-command.js';
import { composeInboundMessage, type MessageChannel, type TwilioCredentials } from './inbound-message.js';
import { type OrganizationWithSenders, type OurNumber, ourNumbers } from './our-number.js';
import { type ProviderDelivery } from './provider-delivery.js';
import { ask, connect, type Connection, locateServer, request, type ServerAddress } from './running-server.service.js';

export interface SimulateMessageOptions {
  readonly from: string;
  readonly to?: string;
  readonly body: string;
  readonly curl?: boolean;
}

const ARRIVAL_TIMEOUT_MS = 10_000;

/** Plays Twilio: one signed inbound message to the running server, shown as it comes back through a live subscription. Throws CommandError. */
export async function simulateMessage(channel: MessageChannel, options: SimulateMessageOptions): Promise<void> {
  const context = readContext();
  if (options.curl) {
    const to = options.to ?? (await chooseNumber(await connect(context), channel)).number;
    const address = locateServer(context);
    console.log(curlCommand(address.url, compose(context, address, { ...options, channel, to })));
    return;
  }
  const connection = await connect(context);
  const ours = await chooseNumber(connection, channel, options.to);
  const delivery = compose(context, connection, { ...options, channel, to: ours.number });
  const { organizationId } = ours;
  const listener = listenForActivity(connection, {
    organizationId,
    channel,
    after: await readHead(connection, organizationId),
    externalId: delivery.externalId,
  });
  try {
    await within(
      5000,
      listener.live,
      () => `The WebSocket to ${connection.url}/graphql opened, and no subscription became live within 5 s.`,
    );
    await deliver(connection, delivery, listener);
  } finally {
    listener.close();
  }
}

async function deliver(connection: Connection, delivery: ProviderDelivery, listener: ActivityListener): Promise<void> {
  const sentAtMs = performance.now();
  const response = await request(connection, delivery.path, { method: 'POST', headers: delivery.headers, body: delivery.body });
  const said = (await response.text()).trim();
  if (!response.ok) throw new CommandError(refusal(response.status, said));
  const { activity, arrivedAtMs } = await within(ARRIVAL_TIMEOUT_MS, listener.arrival, () =>
    missing(connection, delivery, response.status),
  );
  console.log(`Received in ${Math.max(1, Math.round(arrivedAtMs - sentAtMs))} ms:\n${activityLines(activity)}`);
}

function compose(
  context: CommandContext,
  { publicUrl }: ServerAddress,
  message: { channel: MessageChannel; from: string; to: string; body: string },
): ProviderDelivery {
  const ids = { messageSid: `SM${randomBytes(16).toString('hex')}`, idempotencyToken: randomUUID() };
  return composeInboundMessage({ ...message, ...ids }, publicUrl, readCredentials(context));
}

/** What the server verifies Twilio with: the sandbox's where that stands in, else the real one of the environment. */
function readCredentials({ environment, dataDir }: CommandContext): TwilioCredentials {
  const sandbox = isSandboxActive(environment);
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = (sandbox ? readSandboxSecrets(dataDir) : environment) ?? {};
  if (accountSid && authToken) return { accountSid, authToken };
  throw new CommandError(
    sandbox
      ? `There are no sandbox secrets in ${dataDir}: start Centralita there once, or set DATA_DIR as the server has it.`
      : 'Twilio is off here, so nothing can be signed: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN as the server has them, or SANDBOX=true for both.',
  );
}

/** `to` if it is one of ours, else the first of our numbers. */
async function chooseNumber(connection: Connection, channel: MessageChannel, to?: string): Promise<OurNumber> {
  const { viewer } = await ask<{ viewer: { organizations: OrganizationWithSenders[] } }>(
    connection,
    '{ viewer { organizations { id senders { channel address provider } } } }',
  );
  const numbers = ourNumbers(viewer.organizations, channel);
  const chosen = to === undefined ? numbers[0] : numbers.find(({ number }) => number === to);
  if (chosen) return chosen;
  if (numbers.length === 0)
    throw new CommandError(
      `No organization has a number that receives ${channel} through Twilio. Give it one with the mutation createSender.`,
    );
  throw new CommandError(
    `${to} belongs to no organization here. These do: ${numbers
      .slice(0, 5)
      .map(({ number }) => number)
      .join(', ')}${numbers.length > 5 ? ', …' : ''}`,
  );
}

async function readHead(connection: Connection, organizationId: string): Promise<string> {
  const query = 'query ($organizationId: ID!) { activities(organizationId: $organizationId, first: 1) { feedCursor } }';
  const { activities } = await ask<{ activities: { feedCursor: string } }>(connection, query, { organizationId });
  return activities.feedCursor;
}

function refusal(status: number, said: string): string {
  const advice: Record<number, string> = {
    403: 'The signature did not hold: TWILIO_AUTH_TOKEN, PUBLIC_URL and DATA_DIR must be the same here as at the server.',
    404: 'Twilio is off at this server: it was started without TWILIO_AUTH_TOKEN, and without the sandbox.',
    503: "The server could not store it: look at its log, and at /health/ready. Twilio's delivery would be repeated.",
  };
  return [`The server answered ${status}${said && `: ${said.slice(0, 500)}`}`, advice[status]].filter(Boolean).join('\n');
}

/** Why a delivery that was taken made no activity: what its ledger says. */
async function missing(connection: Connection, delivery: ProviderDelivery, status: number): Promise<string> {
  type Kept = { state: string; error: string | null; bodyText: string | null };
  const query = '{ deliveries(first: 50) { edges { node { state error bodyText } } } }';
  const found = await ask<{ deliveries: { edges: { node: Kept }[] } }>(connection, query)
    .then(({ deliveries }) => deliveries.edges.map(({ node }) => node).find(({ bodyText }) => bodyText?.includes(delivery.externalId)))
    .catch(() => undefined);
  const ledger = found ? `It is kept as ${found.state}${found.error ? `: ${found.error}` : ''}.` : 'It is not among the newest deliveries.';
  return `The server took the delivery (${status}), and no activity came within ${ARRIVAL_TIMEOUT_MS / 1000} s.\n${ledger} Look at the server's log for ${delivery.externalId}, and at the query \`deliveries\`.`;
}

/** The promise's value, or a CommandError with what `late` says. */
async function within<T>(limitMs: number, promise: Promise<T>, late: () => string | Promise<string>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), limitMs)));
  const first = await Promise.race([promise.then((value) => ({ value })), timeout]).finally(() => clearTimeout(timer));
  if (first === 'late') throw new CommandError(await late());
  return first.value;
}
