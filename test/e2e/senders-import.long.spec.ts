import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inboundSms } from '../factories/twilio.js';
import { Newcomer } from '../support/command.js';
import { ask, deliveries } from '../support/graphql.js';
import { post } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';

const CSV = `organization,channel,address,provider,label
7,SMS,+1 (202) 555-0110,,"Norte, recepción"
7,voice,+12025550110
7,EMAIL,Norte.Example
9,WHATSAPP,123456789012345,META
9,FAX,+12025550111
9,SMS,not a number at all
,SMS,+12025550112
9,SMS,+12025550113,SENDGRID
9,SMS,+12025550110
no good id,SMS,+12025550114
9,SMS,+12025550116,,Sur, ventas
`;

describe('`centralita senders import`', () => {
  let server: ServerProcess;
  let command: Newcomer;
  beforeAll(async () => {
    server = await ServerProcess.start();
    command = await Newcomer.create();
  });
  afterAll(async () => {
    command.dispose();
    await server.dispose();
  });

  const run = (text: string | Buffer) => {
    writeFileSync(path.join(command.cwd, 'senders.csv'), text);
    return command.run(['senders', 'import', 'senders.csv'], { PORT: String(server.port), ADMIN_API_KEY: server.adminKey });
  };

  it('makes what it can, names line and field of what it cannot, and exits 1', async () => {
    await post(server, inboundSms(server, { to: '+12025550110', body: 'waits for its sender' }));
    const { code, stdout, stderr } = await run(CSV);
    expect(stdout).toBe('4 senders and 2 organizations made, 0 senders there already, 7 lines failed.\n');
    expect([code, stderr.split('\n').map((line) => line.split(':')[0])]).toEqual([
      1,
      [
        'line 6, channel',
        'line 7, address',
        'line 8, organization',
        'line 9, provider',
        'line 10, address',
        'line 11, organization',
        'line 12, columns',
        'Correct these lines and run it again',
        '',
      ],
    ]);
    const { organizations } = await ask(
      server,
      server.adminKey,
      '{ organizations { edges { node { id senders { channel address provider label } } } } }',
    );
    const made = organizations.edges.map((edge: { node: { id: string } }) => edge.node).filter(({ id }: { id: string }) => id !== '1');
    expect(made).toEqual([
      {
        id: '7',
        senders: [
          { channel: 'SMS', address: '+12025550110', provider: 'TWILIO', label: 'Norte, recepción' },
          { channel: 'VOICE', address: '+12025550110', provider: 'TWILIO', label: null },
          { channel: 'EMAIL', address: 'norte.example', provider: 'SENDGRID', label: null },
        ],
      },
      { id: '9', senders: [{ channel: 'WHATSAPP', address: '123456789012345', provider: 'META', label: null }] },
    ]);
    expect((await deliveries(server)).map(({ state }) => state)).toEqual(['PROCESSED']);
  });

  it('makes nothing twice: run again, only what is new is made, and where all is well it exits 0', async () => {
    const good = CSV.split('\n').slice(0, 5).join('\n');
    expect(await run(good)).toEqual({
      code: 0,
      stderr: '',
      stdout: '0 senders and 0 organizations made, 4 senders there already, 0 lines failed.\n',
    });
    expect(await run(`${good}\n9,SMS,+12025550115\n`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 senders and 0 organ/) as string,
    });
  });

  it.each([
    ['without its columns', 'organization,number\n7,+12025550110', 'channel, address'],
    ['that is empty', '', 'first line'],
    ['that ends inside of a quote', 'organization,channel,address\n7,SMS,"+1', 'line 2 opens a quote'],
    ['that has a column twice', 'organization,channel,address,address\n7,SMS,+1,+2', 'the column address twice'],
  ])('a file %s is refused whole', async (_name, text, words) => {
    expect(await run(text)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(words) as string });
  });

  it('a file as a spreadsheet of old writes it is refused whole, before a name is garbled', async () => {
    const { code, stderr } = await run(Buffer.from('organization,channel,address,label\n1,SMS,+12025550123,Recepción\n', 'latin1'));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^senders\.csv is not in UTF-8/)]);
  });

  it('a file that is not there is named', async () => {
    expect(await command.run(['senders', 'import', 'nowhere.csv'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nowhere.csv') as string,
    });
  });
});
