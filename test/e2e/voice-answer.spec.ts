import { randomBytes } from 'node:crypto';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { form, type Signer } from '../factories/twilio.js';
import { allActivities, ask, gql } from '../support/graphql.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';

const PATH = '/api/webhooks/voip/twilio';
const UPDATE = `mutation($id: ID!, $label: String, $voice: VoiceAnswerInput) {
  updateSender(id: $id, label: $label, voice: $voice) { id label reconciledUntil recoveredCount voice { greeting forwardTo voicemail record } }
}`;
const PERSON = '+34600111222';

describe('What an inbound call hears', () => {
  let server: TestServer;
  let norte: TestOrganization;
  let sur: TestOrganization;
  /** Their numbers for calls. */
  let ours: { readonly id: string; readonly number: string };
  let theirs: { readonly id: string; readonly number: string };

  beforeAll(async () => {
    server = await TestServer.start({ env: { SECRETS_KEY: randomBytes(32).toString('hex') } });
    [norte, sur] = [await createOrganization(server, 'norte'), await createOrganization(server, 'sur')];
    [ours, theirs] = [await createVoice(norte), await createVoice(sur)];
  });
  afterAll(() => server.dispose());

  async function createVoice({ id, number }: TestOrganization, address = number) {
    const query = 'mutation($o: ID!, $a: String!) { createSender(organizationId: $o, channel: VOICE, address: $a) { id } }';
    const { createSender } = await ask(server, server.adminKey, query, { o: id, a: address });
    return { id: createSender.id as string, number: address };
  }
  const update = async (variables: Record<string, unknown>) => (await ask(server, server.adminKey, UPDATE, variables)).updateSender;
  const call = async (parameters: Record<string, string> = {}, signer: Signer = server) => {
    const base = { AccountSid: signer.accountSid, From: PERSON, To: ours.number, CallStatus: 'ringing', Direction: 'inbound' };
    const answer = await post(server, form(signer, { CallSid: `CA${randomBytes(16).toString('hex')}`, ...base, ...parameters }, PATH));
    expect([answer.status, answer.contentType]).toEqual([200, expect.stringContaining('text/xml')]);
    return answer.text;
  };

  it('is a greeting and voicemail until its sender says otherwise, and again once that is taken away', async () => {
    expect(await call()).toMatch(/<Say [^>]*>Thank you[^<]*<\/Say><Record /);
    expect(await update({ id: ours.id, voice: { greeting: 'Clínica <Norte>' } })).toMatchObject({
      voice: { greeting: 'Clínica <Norte>', forwardTo: null, voicemail: true, record: false },
      reconciledUntil: null,
      recoveredCount: 0,
    });
    expect(await call()).toContain('Clínica &lt;Norte&gt;');
    expect(await call({ To: theirs.number })).toContain('Thank you');
    expect(await update({ id: ours.id, label: 'recepción' })).toMatchObject({ label: 'recepción', voice: { greeting: 'Clínica <Norte>' } });
    expect(await update({ id: ours.id, voice: null })).toMatchObject({ label: 'recepción', voice: null });
    expect(await call()).toContain('Thank you');
  });

  it('rings the number it is forwarded to, and is voicemail where nobody takes it', async () => {
    await update({ id: ours.id, voice: { forwardTo: '+1 202 555 0147', record: true } });
    const [parent, child] = [`CA${randomBytes(16).toString('hex')}`, `CA${randomBytes(16).toString('hex')}`];
    const rung = await call({ CallSid: parent });
    const back = `${server.publicUrl}${PATH}#rc=5&amp;rp=all`;
    expect(rung).toContain(`<Dial action="${back}"`);
    expect(rung).toContain('+12025550147</Number>');
    const leg = { CallSid: child, ParentCallSid: parent, AccountSid: server.accountSid, From: PERSON, To: '+12025550147' };
    const told = form(server, { ...leg, CallStatus: 'no-answer', Direction: 'outbound-dial', SequenceNumber: '2' }, PATH);
    expect((await post(server, told)).status).toBe(204);
    expect(await call({ CallSid: parent, CallStatus: 'in-progress', DialCallSid: child, DialCallStatus: 'no-answer' })).toContain(
      '<Record ',
    );
    const found = await allActivities(server, norte.key, norte.id, 'externalId status to');
    expect(found).toContainEqual({ externalId: child, status: 'NO_ANSWER', to: '+12025550147' });

    await update({ id: ours.id, voice: { forwardTo: '+12025550147', voicemail: false } });
    const goodbye = await call({ CallStatus: 'in-progress', DialCallStatus: 'busy' });
    expect(goodbye).toMatch(/<Say [^>]*>[^<]*Goodbye\.<\/Say><Hangup\/>/);
    expect(goodbye).not.toContain('<Record');
  });

  it('never rings a number that calls come in by, even one that became ours later', async () => {
    const answer = await gql(server, server.adminKey, UPDATE, { id: ours.id, voice: { forwardTo: theirs.number } });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'forwardTo' });
    await update({ id: ours.id, voice: { forwardTo: '+12025550188' } });
    expect(await call()).toContain('<Dial');
    await createVoice(sur, '+12025550188');
    expect(await call()).toMatch(/<Say .*<Record /);
  });

  it("is the default where another organization's account signed the call", async () => {
    await update({ id: ours.id, voice: { greeting: 'Only for ours.' } });
    const account = {
      accountSid: `AC${randomBytes(16).toString('hex')}`,
      authToken: randomBytes(16).toString('hex'),
      publicUrl: server.publicUrl,
    };
    await ask(
      server,
      server.adminKey,
      'mutation($o: ID!, $a: String!, $s: JSON!) { createProviderAccount(organizationId: $o, provider: TWILIO, accountId: $a, secrets: $s) { id } }',
      { o: sur.id, a: account.accountSid, s: { authToken: account.authToken } },
    );
    expect(await call()).toContain('Only for ours.');
    expect(await call({}, account)).not.toContain('Only for ours.');
  });

  it.each<[Record<string, unknown>, string]>([
    [{ voice: { forwardTo: 'reception' } }, 'forwardTo'],
    [{ voice: { greeting: 'x'.repeat(1001) } }, 'greeting'],
    [{ voice: { voicemail: 'no' } }, 'voicemail'],
    [{ label: 'x'.repeat(201) }, 'label'],
  ])('cannot be %j', async (given, field) => {
    const answer = await gql(server, server.adminKey, UPDATE, { id: ours.id, ...given });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field });
  });

  it('is of a sender of VOICE, and of one that is there', async () => {
    const { viewer } = await ask(server, norte.key, '{ viewer { organizations { senders { id channel } } } }');
    const sms = viewer.organizations[0].senders.find((sender: { channel: string }) => sender.channel === 'SMS');
    const answer = await gql(server, server.adminKey, UPDATE, { id: sms.id, voice: { greeting: 'x' } });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'voice' });
    for (const id of ['nobody', '01890000-0000-7000-8000-000000000000'])
      expect((await gql(server, server.adminKey, UPDATE, { id, label: 'x' })).code).toBe('NOT_FOUND');
  });
});
