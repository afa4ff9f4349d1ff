import { randomBytes } from 'node:crypto';
import { createKey } from '../factories/organization.js';
import { inboundMail } from '../factories/sendgrid.js';
import { startContentWorld } from '../support/content-world.js';
import { ask, gql } from '../support/graphql.js';
import { deliver } from '../support/post.js';

const { server, norte, sur, sendGridKeys, mail, mailSent } = await startContentWorld();

const SENDER = 'mutation($o: ID!, $a: String!) { createSender(organizationId: $o, channel: EMAIL, address: $a) { address } }';

describe('A domain with letters of its own', () => {
  // Two spellings of one name: its own letters, and those of the DNS.
  const own = `bücher-${randomBytes(4).toString('hex')}.example`;
  const dns = new URL(`http://${own}`).hostname;
  const receive = async (to: string) => {
    const id = `${randomBytes(8).toString('hex')}@cliente.example`;
    const envelope = JSON.stringify({ to: [to], from: 'ana@cliente.example' });
    const headers = `From: ana@cliente.example\r\nTo: ${to}\r\nMessage-ID: <${id}>\r\n`;
    await deliver(server, inboundMail(sendGridKeys, { headers, to, from: 'ana@cliente.example', subject: 'Hola', text: 'Hola', envelope }));
    return (await server.database.query<{ o: string }>('select organization_id as o from activity where external_id = $1', [id])).map(
      ({ o }) => o,
    );
  };

  it('is one sender by either spelling, and nobody else’s', async () => {
    const made = await ask(server, server.adminKey, SENDER, { o: norte.id, a: dns.toUpperCase() });
    expect(made).toEqual({ createSender: { address: own } });
    for (const address of [own, dns])
      expect((await gql(server, server.adminKey, SENDER, { o: sur.id, a: address })).text).toContain('owned already');
    expect((await gql(server, server.adminKey, SENDER, { o: sur.id, a: `info@${dns}` })).data.createSender).toEqual({
      address: `info@${own}`,
    });
  });

  it('takes what comes in by either', async () => {
    expect([await receive(`hola@${own}`), await receive(`hola@${dns}`)]).toEqual([[norte.id], [norte.id]]);
    expect([await receive(`info@${own}`), await receive(`info+1@${dns}`)]).toEqual([[sur.id], [sur.id]]);
  });

  it('is sent from by either, as it was written', async () => {
    for (const from of [`hola@${own}`, `hola@${dns}`])
      expect((await mailSent(`${randomBytes(4).toString('hex')}@cliente.example`, { from })).request.from).toEqual({ email: from });
    for (const from of [`info@${own}`, `info@${dns}`])
      expect((await mail('ana@cliente.example', { input: { from } })).text).toContain('from must be');
  });
});

describe('A person', () => {
  it('that a list names in both spellings is there twice, and in copy of its own mail once', async () => {
    const [ana, same] = ['ana@españa.example', 'ANA@xn--espaa-rta.example'];
    const send = 'mutation($i: SendEmailInput!) { sendEmail(input: $i) { id } }';
    const twice = await gql(server, norte.key, send, { i: { organizationId: norte.id, to: [ana, same], subject: 'Hola', text: 'Hola' } });
    expect(twice.errors![0]!.message).toContain('to.1 is there twice');
    const { request } = await mailSent(ana, { cc: [same, 'eva@cliente.example'] });
    expect(request.personalizations[0].cc).toEqual([{ email: 'eva@cliente.example' }]);
  });

  it('is not rung by an agent who is that person', async () => {
    const key = await createKey(server, norte.id);
    const number = '+5215512345678';
    const call = 'mutation($i: PlaceCallInput!) { placeCall(input: $i) { id } }';
    const { errors } = await gql(server, key, call, { i: { organizationId: norte.id, to: number, agent: number.replace('+521', '+52') } });
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'agent' });
  });
});
