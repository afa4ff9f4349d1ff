import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { watchedBody } from './watched-body.js';

const BROKEN = 'The connection was closed before the body had come.';

describe('A watched body', () => {
  it('is the same as it came', async () => {
    const pieces: string[] = [];
    const body = new PassThrough();
    const watched = watchedBody(body, (piece) => void pieces.push(piece.toString()));
    body.write('a');
    body.end('b');
    expect([await text(watched), pieces]).toEqual(['ab', ['a', 'b']]);
  });

  it('ends where it is refused', async () => {
    const body = new PassThrough();
    body.end('a');
    await expect(text(watchedBody(body, () => new Error('too much')))).rejects.toThrow('too much');
  });

  it('ends where its connection closes before it, without an error or with one', async () => {
    for (const error of [undefined, new Error('aborted')]) {
      const body = new PassThrough();
      const watched = watchedBody(body, () => undefined);
      body.write('a');
      setImmediate(() => body.destroy(error));
      await expect(text(watched)).rejects.toThrow(error?.message ?? BROKEN);
    }
  });

  it('ends where its connection was closed before it was looked at', async () => {
    const body = new PassThrough();
    body.destroy();
    await expect(text(watchedBody(body, () => undefined))).rejects.toThrow(BROKEN);
  });

  it('whose end nobody reads harms nobody', async () => {
    const body = new PassThrough();
    watchedBody(body, () => undefined);
    body.destroy(new Error('reset'));
    await new Promise((done) => setImmediate(done));
  });
});
