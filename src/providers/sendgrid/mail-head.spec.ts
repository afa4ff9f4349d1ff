import { boundedHead, withBoundedHead } from './mail-head.js';

const long = (name: string, characters: number) => `${name}: ${'a@b.example, '.repeat(characters / 13)}`;
const lengthsOf = (head: string) =>
  Object.fromEntries(head.split(/\r\n(?![ \t])/).map((line) => [line.split(':')[0], Math.round(line.length / 1_024)]));

describe('The header lines of a mail', () => {
  it('stay as they are where they are as long as those of any mail', () => {
    const head = `From: ana@cliente.example\n${long('To', 30_000)}\r\n\tbea@cliente.example\nSubject: hola`;
    expect(boundedHead(head)).toBe(head);
    expect(withBoundedHead(Buffer.from(`${head}\n\nhola`)).toString()).toBe(`${head}\n\nhola`);
  });

  it('with addresses have 64 kB together, the first the most', () => {
    const head = ['From: ana@cliente.example', long('Cc', 50_000), long('To', 50_000), long('Bcc', 50_000), 'Subject: hola'].join('\r\n');
    expect(lengthsOf(boundedHead(head))).toEqual({ From: 0, Cc: 49, To: 15, Subject: 0 });
  });

  it('that nobody reads have 128 kB together, and those that say of what parts it is, whose and which are always there', () => {
    const others = Array.from({ length: 10 }, (_, i) => long(`X-${i}`, 60_000));
    const head = [
      ...others,
      long('Cc', 104_000),
      'From: ana@cliente.example',
      'Message-ID: <1@x>',
      'Content-Type: multipart/mixed; boundary=b',
    ].join('\n');
    expect(lengthsOf(boundedHead(head))).toEqual({ 'X-0': 59, 'X-1': 59, 'X-2': 11, Cc: 64, From: 0, 'Message-ID': 0, 'Content-Type': 0 });
  });

  it('are cut in a whole message, and nothing behind them', () => {
    for (const [line, end] of [
      ['\r\n', '\r\n\r\n'],
      ['\n', '\n\n'],
      ['\r\n', '\n\r\n'],
    ] as const) {
      const behind = `${end}${'Cc: a@b.example, '.repeat(100_000)}\n\nó`;
      const message = withBoundedHead(Buffer.from(`From: añá@x${line}${long('Cc', 900_000)}${behind}`));
      expect(message.toString().startsWith('From: añá@x\r\nCc: a@b.example, ')).toBe(true);
      expect([message.length - Buffer.byteLength(behind) < 66_000, message.toString().endsWith(behind)]).toEqual([true, true]);
    }
  });
});
