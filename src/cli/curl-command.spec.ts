import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { curlCommand, quoted } from './curl-command.js';

describe('a curl command', () => {
  it('shows a shell exactly the words it was made of', () => {
    const headers = { 'X-Twilio-Signature': 'a+b/c=', 'X-Odd': `$HOME "two" 'one' \`id\` \\ !! *` };
    const command = curlCommand('http://localhost:3000', {
      tells: 'a message came',
      path: '/api/webhooks/sms/twilio',
      headers,
      body: "Body=it's&To=%2B1",
    });
    const words = execFileSync('bash', ['-c', command.replace(/^curl/, `printf '%s\\0'`)])
      .toString()
      .split('\0')
      .slice(0, -1);
    expect(words).toEqual([
      '--silent',
      '--show-error',
      '--include',
      'http://localhost:3000/api/webhooks/sms/twilio',
      '--header',
      'X-Twilio-Signature: a+b/c=',
      '--header',
      `X-Odd: ${headers['X-Odd']}`,
      '--data-raw',
      "Body=it's&To=%2B1",
    ]);
  });

  it('hands curl exactly the bytes of a body with CRLF, whatever else is in it', () => {
    const body = `--b\r\nname="it's"\r\n\r\n50 % \\r \\0101 \\\\ $HOME\n\r\n--b--\r\n`;
    const command = curlCommand('http://localhost:3000', { tells: 'a mail came', path: '/', headers: {}, body });
    expect(command).not.toContain('\r');
    expect(execFileSync('sh', ['-c', `curl() { cat; }; ${command}`]).toString()).toBe(body);
  });

  it('quotes any text into one word of the shell that is this text', () => {
    const texts = fc.sample(
      fc.string({ unit: fc.oneof(fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '!'), fc.string({ minLength: 1, maxLength: 1 })) }),
      200,
    );
    const safe = texts.map((text) => text.replaceAll('\0', ''));
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${safe.map(quoted).join(' ')}`])
      .toString()
      .split('\0')
      .slice(0, -1);
    expect(words).toEqual(safe);
  });
});
