import { describe, expect, it } from '@jest/globals';
import { readRange } from './byte-range.js';
import { contentDisposition } from './content-disposition.js';
import { isPublicAddress } from './public-lookup.service.js';
import { expiryOf, isSigned, signedPath } from './signed-link.js';

describe('A range', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-', { start: 0, end: 99 }],
    ['bytes=10-19', { start: 10, end: 19 }],
    ['bytes=90-1000', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    ['bytes=99-99', { start: 99, end: 99 }],
    ['bytes=100-', 'UNSATISFIABLE'],
    ['bytes=-0', 'UNSATISFIABLE'],
    ['bytes=20-10', undefined],
    ['bytes=0-1,5-6', undefined],
    ['bytes=-', undefined],
    ['items=0-1', undefined],
  ])('%s of 100 bytes', (header, range) => expect(readRange(header, 100)).toEqual(range));
  it('of an empty file is none', () => {
    expect(readRange('bytes=0-', 0)).toBe('UNSATISFIABLE');
    expect(readRange('bytes=-5', 0)).toBe('UNSATISFIABLE');
  });
});

describe('The disposition of a file', () => {
  it.each([
    [null, 'inline'],
    ['menu.pdf', 'inline; filename="menu.pdf"'],
    ['año "1" (a).pdf', `inline; filename="a_o _1_ (a).pdf"; filename*=UTF-8''a%C3%B1o%20%221%22%20%28a%29.pdf`],
    ['../../etc/passwd', 'inline; filename="passwd"'],
    ['C:\\temp\\x.txt', 'inline; filename="x.txt"'],
    ['a\r\nset-cookie: x', 'inline; filename="aset-cookie: x"'],
    ['100%.txt', `inline; filename="100_.txt"; filename*=UTF-8''100%25.txt`],
    ['\r\n', 'inline'],
  ])('named %j', (name, header) => expect(contentDisposition('inline', name)).toBe(header));
});

describe('A signed link', () => {
  const key = Buffer.alloc(32, 7);
  const now = new Date('2026-11-25T10:03:00Z');
  const expiresAt = expiryOf(now);
  const queryOf = (path: string) => Object.fromEntries(new URL(path, 'http://x').searchParams);
  const query = queryOf(signedPath(key, 'a', expiresAt));

  it('has its parameters in alphabetical order, and lives for an hour and a little', () => {
    expect(signedPath(key, 'a', expiresAt)).toMatch(/^\/media\/a\?expires=\d+&signature=[\w-]{43}$/);
    expect(expiresAt).toEqual(new Date('2026-11-25T11:10:00Z'));
    expect(expiryOf(new Date('2026-11-25T10:09:59Z'))).toEqual(expiresAt); // the same link, so that it is fetched once
  });

  it('lives for as long as is asked, and opens the file until then', () => {
    const tomorrow = expiryOf(now, 24 * 60 * 60_000);
    expect(tomorrow).toEqual(new Date('2026-11-26T10:10:00Z'));
    const longer = queryOf(signedPath(key, 'a', tomorrow));
    expect(isSigned(key, 'a', longer, new Date(tomorrow.getTime() - 1))).toBe(true);
    expect(isSigned(key, 'a', longer, tomorrow)).toBe(false);
  });

  it('opens one file until it expires, and with nothing changed', () => {
    expect(isSigned(key, 'a', query, now)).toBe(true);
    expect(isSigned(key, 'a', query, new Date(expiresAt.getTime() - 1))).toBe(true);
    expect(isSigned(key, 'a', query, expiresAt)).toBe(false);
    expect(isSigned(key, 'b', query, now)).toBe(false);
    expect(isSigned(Buffer.alloc(32, 8), 'a', query, now)).toBe(false);
    expect(isSigned(key, 'a', { ...query, expires: String(Number(query.expires) + 1) }, now)).toBe(false);
    for (const signature of ['', 'x', `${query.signature}x`, [query.signature], undefined, `A${query.signature!.slice(1)}`])
      if (signature !== query.signature) expect(isSigned(key, 'a', { ...query, signature }, now)).toBe(false);
    for (const expires of ['', '-1', '9e99', ['1'], undefined, '99999999999999999'])
      expect(isSigned(key, 'a', { ...query, expires }, now)).toBe(false);
  });
});

describe('A public address', () => {
  it.each(['8.8.8.8', '54.231.0.1', '172.32.0.1', '2600:1f18::1'])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));
});
