import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MediaHost, PNG } from '../../../test/support/media-host.js';
import { fetchFile } from './fetch-file.service.js';
import { MediaFailure } from './media-failure.js';

const LARGEST = 1_000_000;
const SECRET = 'Basic c2VjcmV0';

describe('Fetching a file', () => {
  let api: MediaHost;
  let storage: MediaHost;
  beforeEach(async () => {
    [api, storage] = [await MediaHost.start(), await MediaHost.start()];
  });
  afterEach(() => Promise.all([api.stop(), storage.stop()]));

  const ask = (url: string, hosts: readonly string[] = [api.origin, storage.origin], stop = new AbortController().signal) =>
    fetchFile({ url, headers: { authorization: SECRET }, hosts }, LARGEST, stop);
  const failing = (url: string, hosts?: readonly string[]) =>
    ask(url, hosts).then(
      () => 'fetched',
      (error: unknown) => (error instanceof MediaFailure ? error.kind : error),
    );

  it('sends the credentials to the first origin, and not on with a redirect to another, nor back from there', async () => {
    api.redirects('/file', `${storage.origin}/signed?secret=1`).serves('/again', PNG, 'image/png');
    storage.redirects('/signed?secret=1', `${api.origin}/again`);
    expect(await ask(`${api.origin}/file`)).toEqual({ bytes: PNG, contentType: 'image/png' });
    expect(api.asked).toEqual([
      { path: '/file', authorization: SECRET },
      { path: '/again', authorization: undefined },
    ]);
    expect(storage.asked).toEqual([{ path: '/signed?secret=1', authorization: undefined }]);
  });

  it('keeps them for a redirect within the origin', async () => {
    api.redirects('/file', '/there').serves('/there', PNG);
    await ask(`${api.origin}/file`);
    expect(api.asked.map(({ authorization }) => authorization)).toEqual([SECRET, SECRET]);
  });

  it.each([
    ['a port that is not configured', () => `${storage.origin}/inside`],
    ['the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a host that is not named', () => 'https://example.com/file'],
    ['a host whose name ends alike', () => 'https://eviltwiliocdn.com/file'],
    ['a named host by plain http', () => 'http://mms.twiliocdn.com/file'],
    ['a named host on another port', () => 'https://mms.twiliocdn.com:8443/file'],
    ['a named host with credentials', () => 'https://user:password@mms.twiliocdn.com/file'],
    ['a file of the machine', () => 'file:///etc/passwd'],
    ['what is no address', () => 'http://['],
  ])('asks nothing of %s, first or by a redirect', async (_what, target) => {
    api.redirects('/file', target());
    storage.serves('/inside', PNG);
    const hosts = [api.origin, '*.twiliocdn.com'];
    expect(await failing(target(), hosts)).toBe('FINAL');
    expect(await failing(`${api.origin}/file`, hosts)).toBe('FINAL');
    expect(storage.asked).toEqual([]);
  });

  it('asks nothing of a named host that resolves to a private address', async () => {
    expect(await failing('https://localhost/file', ['localhost'])).toBe('FINAL');
  });

  it('follows five redirects and no more', async () => {
    for (let n = 0; n < 7; n++) api.redirects(`/${n}`, `/${n + 1}`);
    api.serves('/6', PNG);
    expect((await ask(`${api.origin}/1`)).bytes).toEqual(PNG);
    expect(await failing(`${api.origin}/0`)).toBe('FINAL');
  });

  it('takes a file as large as allowed, and stops at the first byte more, announced or not', async () => {
    api.serves('/largest', Buffer.alloc(LARGEST));
    api.serves('/announced', Buffer.alloc(LARGEST + 1));
    let sent = 0;
    api.on('/endless', (_request, response) => {
      const write = () => {
        while (response.write(Buffer.alloc(65_536)) && sent < 50_000_000) sent += 65_536;
      };
      response.on('drain', write);
      write();
    });
    expect((await ask(`${api.origin}/largest`)).bytes).toHaveLength(LARGEST);
    expect(await failing(`${api.origin}/announced`)).toBe('FINAL');
    expect(await failing(`${api.origin}/endless`)).toBe('FINAL');
    expect(sent).toBeLessThan(20_000_000);
  });

  it.each([
    [401, 'REFUSED'],
    [403, 'REFUSED'],
    [404, 'MISSING'],
    [410, 'FINAL'],
    [400, 'FINAL'],
    [304, 'FINAL'],
    [429, 'UNREACHABLE'],
    [500, 'UNREACHABLE'],
    [503, 'UNREACHABLE'],
  ])('answered %d is %s', async (status, kind) => {
    api.on('/file', (_request, response) => void response.writeHead(status).end());
    expect(await failing(`${api.origin}/file`)).toBe(kind);
  });

  it('whose bytes have another hash than the provider told is tried again', async () => {
    api.serves('/file', PNG);
    const fetching = (sha256: string) =>
      fetchFile({ url: `${api.origin}/file`, headers: {}, hosts: [api.origin], sha256 }, LARGEST, new AbortController().signal);
    expect((await fetching(createHash('sha256').update(PNG).digest('hex'))).bytes).toEqual(PNG);
    await expect(fetching(createHash('sha256').update('another').digest('hex'))).rejects.toMatchObject({ kind: 'DAMAGED' });
  });

  it('that breaks off halfway, or meets nobody, is tried again', async () => {
    api.on('/file', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await failing(`${api.origin}/file`)).toBe('UNREACHABLE');
    expect(await failing('http://127.0.0.1:9/file', ['http://127.0.0.1:9'])).toBe('UNREACHABLE');
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    api.on('/file', () => stop.abort());
    await expect(ask(`${api.origin}/file`, undefined, stop.signal)).rejects.toThrow('could not be reached');
  });
});
