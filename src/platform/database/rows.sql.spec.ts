import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { EmbeddedPostgres } from './embedded-postgres.service.js';
import { rowsOf } from './rows.sql.js';
import { isDataError } from './sql-state.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** What somebody may write into a message, as PostgreSQL can keep it. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }).filter((one) => !/[\0\p{Surrogate}]/u.test(one)),
  fc.string({ unit: 'binary' }).filter((one) => !/[\0\p{Surrogate}]/u.test(one)),
  fc.constantFrom('', 'NULL', 'null', '{}', '{a,b}', '"', '\\', '\\"', "'", ',', ' a ', 'a\nb', '\r\n', '\t', '🙂'),
);
/** JSON.parse, by which the client reads a row back, can mistake an escaped key for one with a backslash: https://github.com/nodejs/node/issues/63785 */
const key = text.filter((one) => !one.includes('\\'));
const row = fc.record({
  id: fc.option(fc.uuid()),
  words: fc.option(text),
  count: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  seq: fc.option(fc.maxSafeInteger()),
  sure: fc.option(fc.boolean()),
  at: fc.option(fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })),
  said: fc.option(fc.oneof(fc.dictionary(key, fc.oneof(text, fc.integer(), fc.constant(null))), fc.array(text))),
  names: fc.option(fc.array(text)),
  ids: fc.option(fc.array(fc.uuid())),
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
const NOTHING: Row = {
  id: null,
  words: null,
  count: null,
  seq: null,
  sure: null,
  at: null,
  said: null,
  names: null,
  ids: null,
};
const rows = rowsOf<Row>({
  id: ['uuid', (one) => one.id],
  words: ['text', (one) => one.words],
  count: ['integer', (one) => one.count],
  seq: ['bigint', (one) => one.seq],
  sure: ['boolean', (one) => one.sure],
  at: ['timestamptz', (one) => one.at],
  said: ['jsonb', (one) => one.said],
  names: ['text[]', (one) => one.names],
  ids: ['uuid[]', (one) => one.ids],
});
const times = rowsOf<string>({ at: ['timestamptz', (at) => at] });

describe('rowsOf', () => {
  let folder: string;
  let embedded: EmbeddedPostgres;
  let client: pg.Client;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'centralita-'));
    embedded = await EmbeddedPostgres.start(folder, quiet);
    client = new pg.Client({ ...embedded.connection });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await embedded.stop();
    rmSync(folder, { recursive: true });
  });

  it('gives PostgreSQL every row as it is, whatever was written in it', () =>
    fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (list) => {
        const { text, values } = rows(list);
        const result = await client.query<Row>({ name: 'rows', text: `select * from ${text} as x`, values });
        expect(result.rows.map((one) => ({ ...one, seq: one.seq === null ? null : Number(one.seq) }))).toEqual(list);
      }),
    ));

  it.each<[what: string, words: string, said: string[]]>([
    ['a text', 'a\0b', []],
    ['JSON', '', ['a\0b']],
    ['JSON', '', ['a\ud800b']],
  ])(
    'is refused as bad data where %s holds what PostgreSQL cannot, so that its neighbours are tried without it',
    async (_, words, said) => {
      const { text, values } = rows([{ ...NOTHING, words, said }]);
      const refusal: unknown = await client.query({ text: `select * from ${text} as x`, values }).catch((error: unknown) => error);
      expect(isDataError(refusal)).toBe(true);
    },
  );

  it('gives it rows that are larger than most groups', async () => {
    const list = [{ ...NOTHING, words: 'ü'.repeat(700_000) }, NOTHING];
    const { text, values } = rows(list);
    expect((await client.query<Row>({ text: `select * from ${text} as x`, values })).rows).toEqual(list);
  });

  it.each(['2026-11-27T05:24:24.233Z', '2026-11-27T05:24:24.233+00:00', '0001-02-03T04:05:06.789+00:00', '9999-12-31T23:59:59.999Z'])(
    'reads the time %s, as we or PostgreSQL write it, to the millisecond',
    async (at) => {
      const { text, values } = times([at]);
      expect((await client.query<{ at: Date }>({ text: `select * from ${text} as x`, values })).rows).toEqual([{ at: new Date(at) }]);
    },
  );

  it.each<[what: string, make: () => unknown]>([
    ['an id that is no UUID', () => rows([{ ...NOTHING, id: '01a21b76-402a-7181-a0d2-53021feb875g' }])],
    ['an id with another hyphen', () => rows([{ ...NOTHING, id: '01a21b764-02a-7181-a0d2-53021feb8750' }])],
    ['an id without hyphens', () => rows([{ ...NOTHING, id: '01a21b76402a7181a0d253021feb8750zzzz' }])],
    ['an id that is cut off', () => rows([{ ...NOTHING, id: '01a21b76-402a-7181-a0d2' }])],
    ['a time that is none', () => times(['yesterday'])],
    ['a number that is none', () => rows([{ ...NOTHING, seq: NaN }])],
    ['a part of a number', () => rows([{ ...NOTHING, count: 1.5 }])],
    ['a number that is no integer of PostgreSQL', () => rows([{ ...NOTHING, count: 2 ** 31 }])],
    ['a number for a text', () => rows([{ ...NOTHING, words: 1 as unknown as string }])],
    ['a text for a boolean', () => rows([{ ...NOTHING, sure: 'false' as unknown as boolean }])],
  ])('throws an error of ours for %s, which is kept by itself and refused by nobody else', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ name: expect.stringMatching(/^(Range|Type)Error$/) }) as Error);
  });

  it('is the same text for any rows, so that it is prepared once', () => {
    expect(rows([NOTHING]).text).toBe(rows([NOTHING, NOTHING]).text);
  });
});
