import { activityLines } from './activity-lines.js';
import { type ActivityListener, listenForActivity, readHead, within } from './activity-listener.service.js';
import { CommandError } from './command-error.js';
import { type HeardActivity, type HeardItem } from './heard-item.js';
import { type ProviderDelivery, type SimulatedLife, type SimulatedProvider } from '../sandbox/provider-delivery.js';
import { ask, type Connection, request } from './running-server.service.js';

const ARRIVAL_TIMEOUT_MS = 10_000;

/** What a person is told of a provider whose delivery was refused. */
const OF_PROVIDER: Readonly<Record<SimulatedProvider, { readonly name: string; readonly secret: string }>> = {
  TWILIO: { name: 'Twilio', secret: 'TWILIO_AUTH_TOKEN' },
  META: { name: 'Meta', secret: 'WHATSAPP_APP_SECRET' },
  SENDGRID: { name: 'SendGrid', secret: 'SENDGRID_WEBHOOK_KEY' },
};

/**
 * Delivers what a life's provider tells, one after the other in the order of `told` (which may repeat some), and shows what a live
 * subscription hears of it, until it has heard as much as happened. Throws CommandError.
 */
export async function playLife(
  connection: Connection,
  organizationId: string,
  life: SimulatedLife,
  told: readonly ProviderDelivery[],
): Promise<void> {
  const stage = new Stage(life);
  const listener = listenForActivity(connection, {
    channel: life.channel,
    organizationId,
    after: await readHead(connection, organizationId),
    hear: (item) => bare(item.activity.externalId) === bare(life.externalId) && stage.hear(item),
  });
  try {
    await listener.live;
    stage.open(told);
    for (const delivery of told) {
      stage.tell(delivery);
      await deliver(connection, life, delivery);
    }
    stage.close(await arrivalOf(connection, life, listener));
  } finally {
    listener.close();
  }
}

/** What a person sees of a life: one delivery as the activity it made, several as a dialog. */
class Stage {
  private readonly isDialog: boolean;
  private readonly told = new Set<ProviderDelivery>();
  private heard = 0;
  private openedAtMs = 0;

  constructor(private readonly life: SimulatedLife) {
    this.isDialog = life.deliveries.length > 1;
  }

  open(told: readonly ProviderDelivery[]): void {
    this.openedAtMs = performance.now();
    if (!this.isDialog) return;
    const [count, again] = [told.length, told.length - this.life.deliveries.length];
    const repeats = again ? `, ${again} of them for the second time` : '';
    console.log(
      `${OF_PROVIDER[this.life.provider].name} tells it (→) in ${count} deliveries, shuffled${repeats}; the subscription hears (←):\n`,
    );
  }

  tell(delivery: ProviderDelivery): void {
    if (this.isDialog) this.line(performance.now(), '→', this.told.has(delivery) ? `${delivery.tells} (again)` : delivery.tells);
    this.told.add(delivery);
  }

  /** Whether it has heard as much as happened. A file that was fetched meanwhile is not of the life. */
  hear({ kind, event, activity, atMs }: HeardItem): boolean {
    const what = event ? [event.kind, event.status].filter(Boolean).join(' ') : activity.status;
    if (this.isDialog) this.line(atMs, '←', `${kind}: ${what}`);
    if (event?.kind !== 'ATTACHMENT') this.heard++;
    return this.heard === this.life.deliveries.length;
  }

  close({ activity, atMs }: HeardItem): void {
    const { status, durationSeconds, attachments } = activity;
    const after = durationSeconds === null ? '' : ` after ${durationSeconds} s`;
    console.log(this.isDialog ? `\nIt ends as ${status}${after}:` : `Received in ${Math.max(1, Math.round(atMs - this.openedAtMs))} ms:`);
    console.log(activityLines({ ...activity, error: null, attachments: filesOf(activity) }));
    if (attachments.length)
      console.log(
        '\nIts files are made up, as is all of it: the sandbox has samples to serve for them, Twilio itself has none, and they end as FAILED.',
      );
  }

  private line(atMs: number, arrow: '→' | '←', text: string): void {
    console.log(`${String(Math.round(atMs - this.openedAtMs)).padStart(6)} ms  ${arrow} ${text}`);
  }
}

/** A Message-ID is the same with and without its angle brackets. */
const bare = (id: string | null) => id?.replace(/^<(.*)>$/, '$1');

function filesOf({ attachments }: HeardActivity): string | null {
  return attachments.length ? attachments.map(({ contentType, state }) => `${contentType}, ${state}`).join('\n') : null;
}

async function deliver(connection: Connection, { provider }: SimulatedLife, { path, headers, body }: ProviderDelivery): Promise<void> {
  const response = await request(connection, path, { method: 'POST', headers, body });
  const said = (await response.text()).trim();
  if (!response.ok) throw new CommandError(refusal(provider, response.status, said));
}

function arrivalOf(connection: Connection, life: SimulatedLife, listener: ActivityListener): Promise<HeardItem> {
  return within(ARRIVAL_TIMEOUT_MS, listener.fulfilled, () => missing(connection, life));
}

function refusal(provider: SimulatedProvider, status: number, said: string): string {
  const { name, secret } = OF_PROVIDER[provider];
  const advice: Record<number, string> = {
    403: `The signature did not hold: ${secret}, PUBLIC_URL and DATA_DIR must be the same here as at the server.`,
    404: `${name} is off at this server: it was started without ${secret}, and without the sandbox.`,
    503: `The server could not store it: look at its log, and at /health/ready.`,
  };
  return [`The server answered ${status}${said && `: ${said.slice(0, 500)}`}`, advice[status]].filter(Boolean).join('\n');
}

/** Why deliveries that were taken made no activity, or less of one: what the ledger says. */
async function missing(connection: Connection, { externalId }: SimulatedLife): Promise<string> {
  type Kept = { state: string; error: string | null; bodyText: string | null };
  const query = '{ deliveries(first: 50) { edges { node { state error bodyText } } } }';
  const kept = await ask<{ deliveries: { edges: { node: Kept }[] } }>(connection, query)
    .then(({ deliveries }) => deliveries.edges.map(({ node }) => node).filter(({ bodyText }) => bodyText?.includes(externalId)))
    .catch(() => []);
  const words = kept.map(({ state, error }) => `It is kept as ${state}${error ? `: ${error.replace(/\.$/, '')}` : ''}.`);
  const ledger = words.length ? [...new Set(words)].join(' ') : 'It is not among the newest deliveries.';
  return (
    `The server took it all, and within ${ARRIVAL_TIMEOUT_MS / 1000} s the subscription did not hear all of it.\n` +
    `${ledger} Look at the server's log for ${externalId}, and at the query \`deliveries\`.`
  );
}
