import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Channel, Provider } from '../core/adapters/channel.js';
import { readSenderAddress } from '../core/organizations/sender-address.js';
import { readContext } from './command-context.service.js';
import { CommandError } from './command-error.js';
import { type CsvRecord, type CsvTable, readCsv, UnclosedQuote } from './csv.js';
import { ask, connect, type Connection, Refused } from './running-server.service.js';

const WANTED = ['organization', 'channel', 'address'];
const RATE_PAUSE_MS = 1_000;

/** What is to be of one line, or what is wrong with it. */
type Wanted = { organizationId: string; channel: Channel; address: string; provider: Provider; label: string | null };
type Problem = { readonly field: string; readonly problem: string };

/**
 * Makes the senders of a CSV file, and the organizations they name, by the running server; what is there already is left as it is. A line
 * that cannot be says why on stderr, and the others go on. Throws CommandError where any could not be.
 */
export async function importSenders(file: string): Promise<void> {
  const records = readRecords(file);
  const importing = new Import(await connect(readContext()));
  let failed = 0;
  for (const record of records) {
    const problem = await importing.add(record);
    if (!problem) continue;
    failed++;
    console.error(`line ${record.line}, ${problem.field}: ${problem.problem}`);
  }
  const { senders, organizations, there } = importing;
  console.log(`${senders} senders and ${organizations} organizations made, ${there} senders there already, ${failed} lines failed.`);
  if (failed) throw new CommandError('Correct these lines and run it again: what was made is left as it is.');
}

function readRecords(file: string): readonly CsvRecord[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new CommandError(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, { cause });
  }
  if (!isUtf8(bytes)) throw new CommandError(`${file} is not in UTF-8, and what it says would be garbled: save it as "CSV UTF-8".`);
  const table = readTable(file, bytes.toString('utf8'));
  const header = 'the first line must name the columns: organization,channel,address, and if wanted provider,label';
  if (!table) throw new CommandError(`${file} is empty: ${header}.`);
  const missing = WANTED.filter((name) => !table.names.includes(name));
  if (missing.length) throw new CommandError(`${file} has no column ${missing.join(', ')}: ${header}.`);
  const twice = table.names.find((name, i) => name && table.names.indexOf(name) < i);
  if (twice !== undefined) throw new CommandError(`${file} has the column ${twice} twice: ${header}.`);
  return table.records;
}

function readTable(file: string, text: string): CsvTable | undefined {
  try {
    return readCsv(text);
  } catch (cause) {
    if (cause instanceof UnclosedQuote) throw new CommandError(`${file}: ${cause.message}.`, { cause });
    throw cause;
  }
}

class Import {
  senders = 0;
  organizations = 0;
  there = 0;
  private readonly known = new Set<string>();

  constructor(private readonly connection: Connection) {}

  /** Undefined where all is well. */
  async add(record: CsvRecord): Promise<Problem | undefined> {
    const wanted = readLine(record);
    if ('problem' in wanted) return wanted;
    try {
      await this.ensureOrganization(wanted.organizationId);
      await this.ensureSender(wanted);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { field: error.field ?? 'line', problem: error.reason };
    }
  }

  private async ensureOrganization(id: string): Promise<void> {
    if (this.known.has(id)) return;
    if (!(await this.sendersOf(id))) {
      try {
        await this.ask('mutation ($id: ID!, $name: String!) { createOrganization(id: $id, name: $name) { id } }', { id, name: id });
      } catch (error) {
        throw error instanceof Refused && error.field === 'id'
          ? new Refused(this.connection, inField(error, 'organization'), error.code)
          : error;
      }
      this.organizations++;
    }
    this.known.add(id);
  }

  private async ensureSender(wanted: Wanted): Promise<void> {
    const query = `mutation ($organizationId: ID!, $channel: Channel!, $address: String!, $provider: Provider, $label: String) {
      createSender(organizationId: $organizationId, channel: $channel, address: $address, provider: $provider, label: $label) { id }
    }`;
    try {
      await this.ask(query, wanted);
      this.senders++;
    } catch (error) {
      const own = error instanceof Refused && error.field === 'address' ? await this.sendersOf(wanted.organizationId) : undefined;
      if (!own?.some(({ channel, address }) => channel === wanted.channel && address === wanted.address)) throw error;
      this.there++;
    }
  }

  /** Undefined where there is no such organization. */
  private async sendersOf(id: string): Promise<readonly { channel: string; address: string }[] | undefined> {
    type Node = { id: string; senders: { channel: string; address: string }[] };
    for (let after: string | null = null; ;) {
      const {
        organizations,
      }: { organizations: { edges: { node: Node }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } = await this.ask(
        `query ($search: String!, $after: String) {
            organizations(search: $search, first: 200, after: $after) { edges { node { id senders { channel address } } } pageInfo { hasNextPage endCursor } }
          }`,
        { search: id, after },
      );
      const found = organizations.edges.find(({ node }) => node.id === id);
      if (found || !organizations.pageInfo.hasNextPage) return found?.node.senders;
      after = organizations.pageInfo.endCursor;
    }
  }

  /** A file may be long: the server's limit of rate is waited for. */
  private async ask<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    for (;;) {
      try {
        return await ask<T>(this.connection, query, variables);
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'RATE_LIMITED') throw error;
        await sleep(RATE_PAUSE_MS);
      }
    }
  }
}

function inField({ reason: message }: Refused, field: string) {
  return { message, extensions: { field } };
}

function readLine({ fields, surplus }: CsvRecord): Wanted | Problem {
  if (surplus.length)
    return {
      field: 'columns',
      problem: 'the line has more values than the first has columns: put one with the separator in it in quotes.',
    };
  const { organization = '', address = '', label } = fields;
  const channel = (fields.channel ?? '').toUpperCase();
  const provider = (fields.provider ?? '').toUpperCase();
  if (!organization || organization.length > 100)
    return { field: 'organization', problem: 'organization must be an id of at most 100 characters.' };
  if (!isOne(Channel, channel)) return { field: 'channel', problem: `channel must be ${Object.keys(Channel).join(', ')}.` };
  if (provider && !isOne(Provider, provider))
    return { field: 'provider', problem: `provider must be ${Object.keys(Provider).join(', ')}.` };
  const read = readSenderAddress(channel, address, provider ? (provider as Provider) : undefined);
  return 'problem' in read ? read : { organizationId: organization, channel, ...read, label: label || null };
}

function isOne<T extends string>(names: Readonly<Record<string, T>>, name: string): name is T {
  return Object.hasOwn(names, name);
}
