import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../platform/config/read-config.js';
import { GraphMedia } from './graph-media.service.js';
import { graphUrl } from './graph-url.js';
import { MetaConfig } from './meta.config.js';

const TOKEN = 'EAAfx0000000000000000000000000000';

describe('GraphMedia', () => {
  let graph: Server;
  let base: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let asked: IncomingMessage[];
  beforeEach(async () => {
    asked = [];
    graph = createServer((request, response) => {
      asked.push(request);
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(graph, 'listening');
    base = `http://127.0.0.1:${(graph.address() as AddressInfo).port}`;
  });
  afterEach(() => void graph.close());

  const files = () => new GraphMedia(readConfig(MetaConfig, { WHATSAPP_BASE_URL: base }));

  it('asks Meta with the token and a User-Agent where a media id lies, and lets only Meta’s hosts be asked for the file', async () => {
    const url = 'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1180033445566778&ext=1';
    answer = (_, response) => response.end(JSON.stringify({ url, mime_type: 'image/jpeg', id: '1180033445566778' }));
    const headers = { authorization: `Bearer ${TOKEN}`, 'user-agent': 'Centralita' };
    expect(await files().locate('/1180033445566778', TOKEN)).toEqual({
      url,
      headers,
      hosts: ['lookaside.fbsbx.com', '*.fbcdn.net', '*.whatsapp.net', base],
    });
    expect(asked[0]).toMatchObject({ method: 'GET', url: '/v26.0/1180033445566778', headers });
  });

  it('tells the hash that Meta says now, else what the message said', async () => {
    const [hash, said] = ['a'.repeat(64), 'b'.repeat(64)];
    const told = async (sha256?: string) => {
      answer = (_, response) => response.end(JSON.stringify({ url: 'https://lookaside.fbsbx.com/1', sha256 }));
      return (await files().locate('/1', TOKEN, said)).sha256;
    };
    expect([await told(hash), await told(), await told('no hash')]).toEqual([hash, said, said]);
  });

  it.each<[string, number, object | undefined, string, number]>([
    ['an unknown id', 400, { error: { message: 'Object with ID does not exist', code: 100 } }, 'does not exist (100)', 400],
    ['an expired token', 400, { error: { message: 'Session has expired', code: 190 } }, 'Session has expired (190)', 401],
    ['a limit', 400, { error: { message: 'Rate limit hit', code: 80007 } }, 'Rate limit hit (80007)', 503],
    ['what passes', 400, { error: { message: 'Try again', code: 2, is_transient: true } }, 'Try again (2)', 503],
    ['a status alone', 504, undefined, 'HTTP 504', 504],
    ['no address', 200, { id: '1' }, 'HTTP 200', 502],
  ])('says what Meta said where the answer is %s, and no token', async (_what, httpStatus, body, sentence, status) => {
    answer = (_, response) => response.writeHead(httpStatus).end(body ? JSON.stringify(body) : '<html>');
    const failure = (await files()
      .locate('/1', TOKEN)
      .catch((error: unknown) => error)) as Error & { status: number };
    expect([failure.message, failure.status]).toEqual([expect.stringContaining(sentence), status]);
    expect(failure.message).not.toContain(TOKEN);
  });

  it('takes the token nowhere else', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    await expect(files().locate('/1', TOKEN)).rejects.toThrow();
    expect(asked).toHaveLength(1);
  });
});

describe('graphUrl', () => {
  it.each([
    [undefined, 'https://graph.facebook.com/v26.0/1'],
    ['https://graph.facebook.com/v25.0', 'https://graph.facebook.com/v25.0/1'],
    ['https://graph.facebook.com/v25.0/', 'https://graph.facebook.com/v25.0/1'],
    ['http://localhost:3000/sandbox', 'http://localhost:3000/sandbox/v26.0/1'],
  ])('of %s is %s', (base, url) => {
    expect(graphUrl(base, '/1').href).toBe(url);
  });
});
