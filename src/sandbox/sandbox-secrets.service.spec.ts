import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from '../platform/config/read-config.js';
import { readSandboxSecrets, SENDGRID_SIGNING_KEY, sandboxLayer, withSandbox } from './sandbox-secrets.service.js';

describe('the secrets of the sandbox', () => {
  let base: string;
  let dataDir: string;
  const file = () => path.join(dataDir, 'sandbox.json');
  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), 'sandbox-secrets-'));
    dataDir = path.join(base, 'new/data');
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('are random, made at the first start and the same at the next', () => {
    const first = sandboxLayer({}, dataDir);
    expect(first).toEqual({
      TWILIO_ACCOUNT_SID: expect.stringMatching(/^AC[0-9a-f]{32}$/),
      TWILIO_AUTH_TOKEN: expect.stringMatching(/^[0-9a-f]{32}$/),
      WHATSAPP_APP_SECRET: expect.stringMatching(/^[0-9a-f]{32}$/),
      WHATSAPP_VERIFY_TOKEN: expect.stringMatching(/^[0-9a-f]{32}$/),
      WHATSAPP_ACCESS_TOKEN: expect.stringMatching(/^EAA[0-9a-f]{64}$/),
      SENDGRID_API_KEY: expect.stringMatching(/^SG\.[\w-]{22}\.[\w-]{43}$/),
      SENDGRID_WEBHOOK_KEY: expect.stringMatching(/^[A-Za-z0-9+/]{122}==$/),
    });
    expect(sandboxLayer({}, dataDir)).toEqual(first);
    expect(sandboxLayer({}, path.join(base, 'other'))).not.toEqual(first);
  });

  it('of SendGrid are a pair: what signs is kept for `simulate` and in no environment, what verifies is the variable', () => {
    const layer = sandboxLayer({}, dataDir);
    const { [SENDGRID_SIGNING_KEY]: signing, ...others } = readSandboxSecrets(dataDir)!;
    expect(others).toEqual(layer);
    const privateKey = createPrivateKey({ key: Buffer.from(signing!, 'base64'), format: 'der', type: 'pkcs8' });
    const publicKey = createPublicKey({ key: Buffer.from(layer.SENDGRID_WEBHOOK_KEY!, 'base64'), format: 'der', type: 'spki' });
    const bytes = Buffer.from('[]');
    expect(verify('sha256', bytes, publicKey, sign('sha256', bytes, privateKey))).toBe(true);
  });

  it('are readable by their owner only, and nothing is left beside them', () => {
    sandboxLayer({}, dataDir);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dataDir)).toEqual(['sandbox.json']);
  });

  it.each([
    'TWILIO_ACCOUNT_SID',
    'TWILIO_AUTH_TOKEN',
    'SENDGRID_API_KEY',
    'SENDGRID_WEBHOOK_KEY',
    'SENDGRID_INBOUND_TOKEN',
    'WHATSAPP_APP_SECRET',
    'WHATSAPP_ACCESS_TOKEN',
  ])('are not made once %s is set', (name) => {
    expect(withSandbox({ [name]: 'real' }, dataDir)).toEqual({ environment: { [name]: 'real' }, active: false });
    expect(existsSync(dataDir)).toBe(false);
  });

  it('win over real credentials with SANDBOX=true', () => {
    const { environment, active } = withSandbox(
      { SANDBOX: 'true', TWILIO_AUTH_TOKEN: 'real', SENDGRID_API_KEY: 'real', PORT: '1' },
      dataDir,
    );
    expect(active).toBe(true);
    expect(environment).toMatchObject({ ...sandboxLayer({}, dataDir), PORT: '1' });
    expect(Object.values(environment)).not.toContain('real');
  });

  it('come with the ids that sending wants, but for those that the operator has', () => {
    const { environment } = withSandbox({ WHATSAPP_PHONE_NUMBER_ID: '200000000000000' }, dataDir);
    expect(environment).toMatchObject({ WHATSAPP_PHONE_NUMBER_ID: '200000000000000', WHATSAPP_BUSINESS_ACCOUNT_ID: '102290129340398' });
  });

  it('are not made with SANDBOX=false', () => {
    expect(withSandbox({ SANDBOX: 'false' }, dataDir)).toEqual({ environment: { SANDBOX: 'false' }, active: false });
    expect(existsSync(dataDir)).toBe(false);
  });

  it('end with one line where SANDBOX is another word', () => {
    expect(() => sandboxLayer({ SANDBOX: 'yes' }, dataDir)).toThrow(new ConfigError(['SANDBOX must be true or false']));
  });

  it('that only one who looks on asks for are not made', () => {
    expect(readSandboxSecrets(dataDir)).toBeUndefined();
    expect(existsSync(dataDir)).toBe(false);
  });

  it('that an earlier version kept are kept, and the missing ones are added', () => {
    const TWILIO_AUTH_TOKEN = '0'.repeat(32);
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file(), JSON.stringify({ TWILIO_AUTH_TOKEN, OF_A_LATER_VERSION: 'kept' }));
    const layer = sandboxLayer({}, dataDir);
    expect(layer).toEqual({
      TWILIO_AUTH_TOKEN,
      TWILIO_ACCOUNT_SID: expect.stringMatching(/^AC/),
      SENDGRID_API_KEY: expect.stringMatching(/^SG\./),
      SENDGRID_WEBHOOK_KEY: expect.any(String),
      WHATSAPP_APP_SECRET: expect.any(String),
      WHATSAPP_VERIFY_TOKEN: expect.any(String),
      WHATSAPP_ACCESS_TOKEN: expect.any(String),
    });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      TWILIO_AUTH_TOKEN,
      TWILIO_ACCOUNT_SID: layer.TWILIO_ACCOUNT_SID,
      SENDGRID_API_KEY: layer.SENDGRID_API_KEY,
      SENDGRID_SIGNING_KEY: expect.any(String),
      WHATSAPP_APP_SECRET: layer.WHATSAPP_APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: layer.WHATSAPP_VERIFY_TOKEN,
      WHATSAPP_ACCESS_TOKEN: layer.WHATSAPP_ACCESS_TOKEN,
      OF_A_LATER_VERSION: 'kept',
    });
    expect(sandboxLayer({}, dataDir)).toEqual(layer);
  });

  const noKey = JSON.stringify({
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: '0'.repeat(32),
    WHATSAPP_APP_SECRET: '0'.repeat(32),
    WHATSAPP_VERIFY_TOKEN: '0'.repeat(32),
    WHATSAPP_ACCESS_TOKEN: `EAA${'0'.repeat(64)}`,
    SENDGRID_API_KEY: `SG.${'0'.repeat(22)}.${'0'.repeat(43)}`,
    SENDGRID_SIGNING_KEY: 'A'.repeat(184),
  });
  it.each(['', '{', '[]', 'null', '{"TWILIO_AUTH_TOKEN":"short"}', '{"TWILIO_AUTH_TOKEN":1}', noKey])(
    'in a damaged file (%s) end with one line that names it',
    (text) => {
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(file(), text);
      expect(() => sandboxLayer({}, dataDir)).toThrow(
        new ConfigError([`${file()} is damaged. Delete it: the next start makes the sandbox new secrets.`]),
      );
    },
  );

  it('that cannot be kept end with one line that says where', () => {
    writeFileSync(path.join(base, 'new'), 'a file where a folder should be');
    expect(() => sandboxLayer({}, dataDir)).toThrow(/^DATA_DIR must be a folder/);
  });
});
