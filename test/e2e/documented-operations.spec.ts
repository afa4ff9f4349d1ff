import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, getOperationAST, OperationTypeNode, parse, validate } from 'graphql';
import { Newcomer, ROOT } from '../support/command.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

const FILES = [
  'README.md',
  ...['docs', 'docs/guides', 'docs/decisions'].flatMap((folder) => readdirSync(path.join(ROOT, folder)).map((name) => `${folder}/${name}`)),
];
const blocksOf = (file: string, language: string) =>
  [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(new RegExp(`^ *\`\`\`${language}\\n([^]*?)^ *\`\`\`$`, 'gm'))].map(
    ([, block]) => block!,
  );
const OPERATIONS = FILES.filter((file) => file.endsWith('.md')).flatMap((file) =>
  blocksOf(file, 'graphql').map((block, i) => [file, i + 1, block] as const),
);

describe('The operations in the documents', () => {
  const schema = buildSchema(readFileSync(path.join(ROOT, 'schema.graphql'), 'utf8'));

  it.each(OPERATIONS)('%s, no. %i: is one that there is', (_, __, block) => {
    expect(validate(schema, parse(block)).map(({ message }) => message)).toEqual([]);
  });
});

describe('docs/sending.md, from its beginning to its end, in the sandbox', () => {
  let database: TestDatabase;
  let newcomer: Newcomer;
  beforeAll(async () => {
    database = await createDatabase();
    newcomer = await Newcomer.create();
    symlinkSync(newcomer.dataDir, path.join(newcomer.cwd, 'data'));
    await newcomer.start({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    newcomer.dispose();
    await database.drop();
  });

  const adminKey = () => readFileSync(path.join(newcomer.dataDir, 'admin-key'), 'utf8').trim();
  const ask = async (query: string, variables: object = {}, key = adminKey()) => {
    const response = await fetch(`${newcomer.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as { data: Record<string, any>; errors?: unknown }; // eslint-disable-line @typescript-eslint/no-explicit-any -- the shape is the query's
  };

  it('does what it says', async () => {
    const steps: [operation: string, outcome: unknown][] = [];
    const variables: Record<string, unknown> = {};
    expect((await newcomer.run(['simulate', 'whatsapp'])).code).toBe(0);
    const { data } = await ask('{ activities(organizationId: "1", first: 1) { edges { node { id } } } }');
    variables.received = data.activities.edges[0].node.id;
    const { stdout: draftKey } = await newcomer.run(['keys', 'create', '--organization', '1', '--scopes', 'READ,DRAFT']);
    const drafted = 'mutation { sendSms(input: { organizationId: "1", to: "+12025550149", body: "Dear Ana" }) { id status } }';
    variables.draft = (await ask(drafted, {}, draftKey.trim())).data.sendSms.id;

    for (const block of blocksOf('docs/sending.md', 'graphql')) {
      const operation = getOperationAST(parse(block))!;
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) continue;
      const answer = await ask(block, variables);
      expect([block, answer.errors]).toEqual([block, undefined]);
      const [[name, result]] = Object.entries(answer.data) as [[string, any]]; // eslint-disable-line @typescript-eslint/no-explicit-any -- the shape is the query's
      steps.push([name, Array.isArray(result) ? result.map(({ status, name }) => status ?? name) : (result.status ?? result.allowed)]);
      variables.id = result.id;
    }
    expect(steps).toEqual([
      ['sendSms', 'SENDING'],
      ['sendability', true],
      ['templates', expect.arrayContaining(['appointment_reminder'])],
      ['sendWhatsApp', 'SENDING'],
      ['sendWhatsApp', 'SENDING'],
      ['sendEmail', ['SENDING', 'SENDING']],
      ['placeCall', 'QUEUED'],
      ['sendSms', 'SCHEDULED'],
      ['cancelActivity', 'CANCELED'],
      ['approveActivity', expect.stringMatching(/^(QUEUED|SENDING)$/)],
    ]);
  });

  it('its upload is taken', async () => {
    writeFileSync(path.join(newcomer.cwd, 'photo.png'), Buffer.from('iVBORw0KGgo=', 'base64'));
    const [command] = blocksOf('docs/sending.md', 'sh');
    const { stdout } = await newcomer.shell(command!.replace('http://localhost:3000', newcomer.url));
    expect(JSON.parse(stdout)).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown });
  });
});
