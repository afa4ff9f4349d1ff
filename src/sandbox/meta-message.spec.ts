import { createHmac } from 'node:crypto';
import { metaMessage } from './meta-message.js';

const MESSAGE = {
  from: '+12025550147',
  phoneNumberId: '106540352242922',
  body: '¿Qué tal? 👋 </b> "sí"',
  wamid: 'wamid.AAAA',
  sentAt: new Date('2026-11-24T08:31:12.900Z'),
};

describe('an inbound message as Meta notifies of it', () => {
  const { externalId, deliveries } = metaMessage(MESSAGE, 'the secret of this test');
  const { path, headers, body } = deliveries[0]!;

  it('is signed with the secret over the very bytes', () => {
    expect(path).toBe('/api/webhooks/whatsapp/meta');
    expect(headers['X-Hub-Signature-256']).toBe(`sha256=${createHmac('sha256', 'the secret of this test').update(body).digest('hex')}`);
  });

  it('escapes slashes and what is not ASCII, and says the same', () => {
    expect(body).toMatch(/^[\x20-\x7e]+$/);
    expect(body).toContain(String.raw`\u00bfQu\u00e9 tal? \ud83d\udc4b <\/b>`);
    expect(JSON.parse(body).entry[0].changes[0]).toMatchObject({
      field: 'messages',
      value: {
        metadata: { phone_number_id: MESSAGE.phoneNumberId },
        contacts: [{ wa_id: '12025550147' }],
        messages: [{ id: externalId, from: '12025550147', timestamp: '1795509072', type: 'text', text: { body: MESSAGE.body } }],
      },
    });
  });
});
