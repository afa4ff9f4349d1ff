import { randomUUID } from 'node:crypto';
import { activityLines } from './activity-lines.js';
import { readContext } from './command-context.service.js';
import { CommandError } from './command-error.js';
import { type HeardActivity } from './heard-item.js';
import { type OrganizationWithSenders } from './our-address.js';
import { ask, connect, type Connection, Refused } from './running-server.service.js';
import { readSendInput, readWait, saidOfOption, type SendKind, type SendOptions, SENDS } from './send-input.js';
import { SendWatch } from './send-watch.service.js';
import { sendingOrganization } from './sending-organization.js';

const FIELDS = 'id organizationId channel status from to subject body externalId error { code message hint }';

/** Sends by the running server, and shows each step as a live subscription hears it. Throws CommandError, also where it did not go well. */
export async function send(kind: SendKind, options: SendOptions): Promise<void> {
  const input = readSendInput(kind, options, new Date());
  const waitMs = readWait(options);
  const connection = await connect(readContext());
  const { channel } = SENDS[kind];
  const organizationId = options.organization ?? (await findOrganization(connection, channel, options.from));
  const watch = waitMs === undefined ? undefined : await SendWatch.open(connection, organizationId, channel);
  try {
    const startedMs = performance.now();
    const accepted = await post(connection, kind, { ...input, organizationId, idempotencyKey: options.idempotencyKey ?? randomUUID() });
    console.log(`Accepted in ${Math.max(1, Math.round(performance.now() - startedMs))} ms:`);
    console.log(accepted.map((activity) => activityLines({ ...activity, error: null })).join('\n\n'));
    await watch?.follow(accepted, startedMs, waitMs!);
  } finally {
    watch?.close();
  }
}

async function post(
  connection: Connection,
  kind: SendKind,
  input: Readonly<Record<string, unknown>> & { readonly idempotencyKey: string },
): Promise<HeardActivity[]> {
  const { mutation, inputType } = SENDS[kind];
  try {
    const answer = await ask<Record<string, HeardActivity | HeardActivity[]>>(
      connection,
      `mutation ($input: ${inputType}!) { accepted: ${mutation}(input: $input) { ${FIELDS} } }`,
      { input },
    );
    return [answer.accepted!].flat();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error instanceof Refused && error.code !== 'INTERNAL') {
      const whose = error.to === undefined ? '' : `${error.to}: `;
      throw new CommandError(`Not sent: ${whose}${saidOfOption(error.reason, error.field)} (${error.code})`, { cause: error });
    }
    throw new CommandError(
      `${error.message}\nIt may have been accepted. Run it again with --idempotency-key ${input.idempotencyKey}: it is sent once.`,
      { cause: error },
    );
  }
}

async function findOrganization(connection: Connection, channel: string, from: string | undefined): Promise<string> {
  const { viewer } = await ask<{ viewer: { organizations: OrganizationWithSenders[] } }>(
    connection,
    '{ viewer { organizations { id senders { channel address provider } } } }',
  );
  const found = sendingOrganization(viewer.organizations, channel, from);
  if (found === undefined) throw new CommandError('Several organizations could send it, or none: say which with --organization.');
  return found;
}
