import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { inboundCall } from './inbound-call.js';

const SIGNER = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'a token of this test', publicUrl: 'https://hub.example.com' };
const CALL = {
  from: '+12025550147',
  to: '+12025550110',
  callSid: `CA${'1'.repeat(32)}`,
  recordingSid: `RE${'2'.repeat(32)}`,
  durationSeconds: 42,
  endedAt: new Date('2026-11-24T08:31:12Z'),
  idempotencyTokens: ['t1', 't2', 't3', 't4'],
} as const;

describe('an inbound call as Twilio tells it', () => {
  const { channel, externalId, deliveries } = inboundCall(CALL, SIGNER);
  const told = deliveries.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

  it('is four requests to the door of calls, each of which holds before Twilio’s own validator', () => {
    expect([channel, externalId]).toEqual(['VOICE', CALL.callSid]);
    for (const [i, { path, headers }] of deliveries.entries()) {
      expect([path, told[i]!.CallSid]).toEqual(['/api/webhooks/voip/twilio', CALL.callSid]);
      expect(validateRequest(SIGNER.authToken, headers['X-Twilio-Signature'] ?? '', SIGNER.publicUrl + path, told[i]!)).toBe(true);
    }
    expect(new Set(deliveries.map(({ headers }) => headers['I-Twilio-Idempotency-Token'])).size).toBe(4);
  });

  it('rings, is answered, and is completed', () => {
    expect(told.map(({ CallStatus }) => CallStatus)).toEqual(['ringing', 'in-progress', undefined, 'completed']);
  });

  it('has a recording that names no party', () => {
    expect(told[2]).toMatchObject({ RecordingSid: CALL.recordingSid, RecordingStatus: 'completed', RecordingDuration: '37' });
    for (const name of ['From', 'To', 'Direction']) expect(told[2]).not.toHaveProperty(name);
  });

  it('ends with its length in seconds, as billed in minutes, and the time in RFC 2822', () => {
    const end = { CallDuration: '42', Duration: '1', SequenceNumber: '0', Timestamp: 'Tue, 24 Nov 2026 08:31:12 +0000' };
    expect(told[3]).toMatchObject(end);
  });

  it('has a recording of no length where it is shorter than the greeting', () => {
    const { deliveries } = inboundCall({ ...CALL, durationSeconds: 2 }, SIGNER);
    expect(new URLSearchParams(deliveries[2]!.body).get('RecordingDuration')).toBe('0');
  });
});
