import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo } from 'node:net';

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A bucket as S3 serves it: objects in memory, for whoever signs with its key. Source: AWS, Signature Version 4 for API requests. */
export class Bucket {
  readonly objects = new Map<string, { bytes: Buffer; contentType: string | undefined }>();
  readonly refused: string[] = [];
  /** While it is away it answers 503 to all. */
  away = false;
  readonly accessKeyId = 'AKIATEST';
  readonly secretAccessKey = 'a/secret/of+the+bucket';
  readonly region = 'eu-west-1';

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<Bucket> {
    const server = http.createServer();
    const bucket = new Bucket(server);
    server.on('request', (request, response) => void bucket.serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return bucket;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const [bytes, path] = [Buffer.concat(parts), request.url!];
    if (this.away) return void response.writeHead(503).end();
    if (!this.isSigned(request, bytes)) {
      this.refused.push(`${request.method} ${path}`);
      return void response.writeHead(403).end();
    }
    const object = this.objects.get(path);
    if (request.method === 'PUT') this.objects.set(path, { bytes, contentType: request.headers['content-type'] });
    if (request.method === 'DELETE') this.objects.delete(path);
    if (request.method !== 'GET') return void response.writeHead(request.method === 'PUT' ? 200 : 204).end();
    if (!object) return void response.writeHead(404).end();
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) return void response.writeHead(200).end(object.bytes);
    response.writeHead(206).end(object.bytes.subarray(Number(from), Number(to) + 1));
  }

  private isSigned({ method, url, headers }: http.IncomingMessage, bytes: Buffer): boolean {
    const [, credential = '', signed = '', signature] =
      /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '') ?? [];
    const [id, day, ...scope] = credential.split('/');
    const time = String(headers['x-amz-date']);
    const hash = String(headers['x-amz-content-sha256']);
    if (id !== this.accessKeyId || scope.join('/') !== `${this.region}/s3/aws4_request` || !time.startsWith(day!)) return false;
    if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(bytes)) return false;
    const names = signed.split(';');
    const lines = names.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
    const canonical = [method, url, '', lines, signed, hash].join('\n');
    const key = [day!, this.region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${this.secretAccessKey}`);
    const toSign = ['AWS4-HMAC-SHA256', time, [day, ...scope].join('/'), sha256(canonical)].join('\n');
    return names.includes('host') && hmac(key, toSign).toString('hex') === signature;
  }
}
