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

  const files = (environment: Record<string, string> = {}) =>
    new GraphMedia(readConfig(MetaConfig, { WHATSAPP_BASE_URL: base, WHATSAPP_ACCESS_TOKEN: TOKEN, ...environment }));

  it('asks Meta with the token and a User-Agent where a media id lies, and lets only Meta’s hosts be asked for the file', async () => {
    const url = 'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1180033445566778&ext=1';
    answer = (_, response) => response.end(JSON.stringify({ url, mime_type: 'image/jpeg', id: '1180033445566778' }));
    const headers = { authorization: `Bearer ${TOKEN}`, 'user-agent': 'Centralita' };
    expect(await files().locate('/1180033445566778')).toEqual({
      url,
      headers,
      hosts: ['lookaside.fbsbx.com', '*.fbcdn.net', '*.whatsapp.net', '127.0.0.1'],
    });
    expect(asked[0]).toMatchObject({ method: 'GET', url: '/v26.0/1180033445566778', headers });
  });

  it.each([
    ['an error of Meta', 400, { error: { message: 'Object with ID does not exist', code: 100 } }, 'Object with ID does not exist (100)'],
    ['a status alone', 502, undefined, 'HTTP 502'],
    ['no address', 200, { id: '1' }, 'HTTP 200'],
  ])('says what Meta said where the answer is %s, and no token', async (_what, status, body, sentence) => {
    answer = (_, response) => response.writeHead(status).end(JSON.stringify(body) ?? '<html>');
    const failure = await files()
      .locate('/1')
      .catch((error: unknown) => String(error));
    expect(failure).toContain(sentence);
    expect(failure).not.toContain(TOKEN);
  });

  it('takes the token nowhere else', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    await expect(files().locate('/1')).rejects.toThrow();
    expect(asked).toHaveLength(1);
  });

  it('without a token asks nobody', async () => {
    const media = new GraphMedia(readConfig(MetaConfig, { WHATSAPP_BASE_URL: base }));
    await expect(media.locate('/1')).rejects.toThrow('WHATSAPP_ACCESS_TOKEN is not set');
    expect(asked).toEqual([]);
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
