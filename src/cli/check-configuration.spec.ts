import { checkConfiguration, webhooksToPaste } from './check-configuration.js';

const WEBHOOK_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==';

const linesOf = (environment: Record<string, string>, provider: string) =>
  checkConfiguration(environment)
    .filter(({ text }) => text.startsWith(provider))
    .map(({ kind, text }) => `${kind} ${text}`);

describe('What `doctor` says of a provider', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'Twilio',
      { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'a-token-that-is-secret' },
      ['OK Twilio: on; TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN set', 'OK Twilio, sending: on'],
    ],
    [
      'SendGrid',
      { SENDGRID_WEBHOOK_KEY: WEBHOOK_KEY },
      ['OK SendGrid: on; SENDGRID_WEBHOOK_KEY set', 'OFF SendGrid, sending: off. To turn it on set SENDGRID_API_KEY'],
    ],
    [
      'Meta',
      { WHATSAPP_APP_SECRET: 'a-secret-of-the-app', WHATSAPP_VERIFY_TOKEN: 'a-word-of-ours' },
      ['OK Meta: on; WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN set', 'OFF Meta, sending: off. To turn it on set WHATSAPP_ACCESS_TOKEN'],
    ],
    [
      'SendGrid',
      { SENDGRID_API_KEY: 'SG.a-key-that-is-secret' },
      [
        'OFF SendGrid: off. To turn it on set SENDGRID_WEBHOOK_KEY (SENDGRID_API_KEY set)',
        'OFF SendGrid, sending: on, but what becomes of what it sends is not heard while its webhooks are off',
      ],
    ],
    [
      'SendGrid',
      { SENDGRID_INBOUND_TOKEN: 'a-token-that-is-secret' },
      [
        'OFF SendGrid: on for inbound mail alone. To turn its events on set SENDGRID_WEBHOOK_KEY (SENDGRID_INBOUND_TOKEN set)',
        'OFF SendGrid, sending: off. To turn it on set SENDGRID_API_KEY',
      ],
    ],
    ['Meta', {}, ['OFF Meta: off. To turn it on set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN (nothing set)']],
  ])('%s, of which is set %j: whether it receives, and whether it sends', (provider, environment, lines) => {
    expect(linesOf(environment, provider)).toEqual(lines);
  });

  it('tells what is set from what the sandbox lends', () => {
    const given = { WHATSAPP_VERIFY_TOKEN: 'a-word-of-ours' };
    const findings = checkConfiguration({ WHATSAPP_APP_SECRET: '0'.repeat(32), ...given }, given);
    expect(findings.map(({ text }) => text)).toContain('Meta: on; WHATSAPP_VERIFY_TOKEN set, WHATSAPP_APP_SECRET lent by the sandbox');
  });

  it('names a bad value that the sandbox stands before', () => {
    const given = { WHATSAPP_VERIFY_TOKEN: 'abc' };
    const findings = checkConfiguration({ WHATSAPP_APP_SECRET: '0'.repeat(32), WHATSAPP_VERIFY_TOKEN: '0'.repeat(32) }, given);
    expect(findings.filter(({ kind }) => kind === 'FIX')).toEqual([
      { kind: 'FIX', text: expect.stringMatching(/^Meta: WHATSAPP_VERIFY_TOKEN/) },
    ]);
  });
});

describe('What `doctor` has to paste of SendGrid', () => {
  it.each<[Record<string, string>, string[]]>([
    [{}, []],
    [{ SENDGRID_WEBHOOK_KEY: WEBHOOK_KEY }, ['/api/webhooks/email/sendgrid', '/api/webhooks/email/sendgrid/inbound']],
    [{ SENDGRID_INBOUND_TOKEN: 'a-token-that-is-secret' }, ['/api/webhooks/email/sendgrid/inbound?token=<SENDGRID_INBOUND_TOKEN>']],
    [
      { SENDGRID_WEBHOOK_KEY: WEBHOOK_KEY, SENDGRID_INBOUND_TOKEN: 'a-token-that-is-secret' },
      ['/api/webhooks/email/sendgrid', '/api/webhooks/email/sendgrid/inbound?token=<SENDGRID_INBOUND_TOKEN>'],
    ],
  ])('with %j: the doors that are open, and never the token', (environment, paths) => {
    expect(webhooksToPaste(environment).map(([, , path]) => path)).toEqual(paths);
  });
});
