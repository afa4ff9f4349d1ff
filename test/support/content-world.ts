import { randomBytes } from 'node:crypto';
import { readSigningKey } from '../factories/sendgrid.js';
import { send, type SendOptions } from '../factories/sends.js';
import { ProviderStub } from './provider-stub.js';
import { startSendingWorld } from './sending-world.js';
import { reached, requestsTo } from './sent.js';

/** A sending world whose SendGrid takes whatever it is given and keeps it, with what looks at what leaves. */
export async function startContentWorld() {
  const sendGrid = await ProviderStub.start();
  sendGrid.answer = () => ({ status: 202, headers: { 'x-message-id': randomBytes(11).toString('base64url') } });
  const sending = await startSendingWorld({ SENDGRID_BASE_URL: sendGrid.url });
  const { world, server, standIn, norte } = sending;
  const sendGridKeys = { privateKey: readSigningKey(world.secrets.SENDGRID_SIGNING_KEY) };
  beforeEach(() => standIn.configure({ stepMs: 10 }));
  afterAll(() => sendGrid.close());

  const upload = (bytes: Buffer, type: string, { organization = norte.id, key = norte.key } = {}) =>
    fetch(`${server.url}/media?organizationId=${organization}`, {
      method: 'POST',
      headers: { 'content-type': type, ...(key && { authorization: `Bearer ${key}` }) },
      body: new Uint8Array(bytes),
    });
  const uploaded = async (bytes: Buffer, type: string) => ((await (await upload(bytes, type)).json()) as { id: string }).id;
  const fetched = async (link: string) => {
    const response = await fetch(link.replace(server.publicUrl, server.url));
    return { status: response.status, type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
  };
  /** What SendGrid was asked, for that recipient. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is SendGrid's
  const mails = (to: string): any[] =>
    sendGrid.requests.map(({ body }) => JSON.parse(body)).filter(({ personalizations }) => personalizations[0].to[0].email === to);
  const mail = (to: string, options: SendOptions = {}) => send(server, norte, 'EMAIL', to, options);
  const mailSent = async (to: string, input: object) => {
    const { id, text } = await mail(to, { input: { ...input } });
    if (!id) throw new Error(text);
    await reached(server, norte.key, id, 'SENT');
    const [request, ...others] = mails(to);
    expect(others).toEqual([]);
    return { id, request };
  };
  const receivedFrom = async (from: string) =>
    (
      await server.database.query<{ id: string; externalId: string }>(
        'select id, external_id as "externalId" from activity where "from" = $1',
        [from],
      )
    )[0]!;
  const parametersOf = (to: string) => requestsTo(standIn, to)[0]!.parameters as Record<string, string>;
  const problemOf = async (answer: ReturnType<typeof send>) => {
    const { errors } = await answer;
    return errors && [errors[0]!.extensions.code, errors[0]!.extensions.field];
  };
  return { ...sending, sendGridKeys, upload, uploaded, fetched, mails, mail, mailSent, receivedFrom, parametersOf, problemOf };
}
