import { describe, expect, it } from '@jest/globals';
import { readCsv } from './csv.js';

const read = (text: string) => readCsv(text)?.records.map(({ line, fields }) => [line, ...Object.values(fields)]);

describe('readCsv', () => {
  it('reads records by the names of the header, and tells their lines', () => {
    expect(readCsv('\ufeffOrganization, address\r\n7,+1 202\r\n\r\n8,x')).toEqual({
      names: ['organization', 'address'],
      records: [
        { line: 2, fields: { organization: '7', address: '+1 202' }, surplus: [] },
        { line: 4, fields: { organization: '8', address: 'x' }, surplus: [] },
      ],
    });
  });

  it.each([
    [
      'quotes, with commas, quotes and lines in them',
      'a,b\n"1, ""one""","x\ny"\n2,z',
      [
        [2, '1, "one"', 'x\ny'],
        [4, '2', 'z'],
      ],
    ],
    ['a quote inside of text', 'a,b\n5" pipe,x', [[2, '5" pipe', 'x']]],
    ['semicolons', 'a;b\n1;2,5', [[2, '1', '2,5']]],
    [
      'records too short and too long',
      'a,b\n1\n1,2,3',
      [
        [2, '1', ''],
        [3, '1', '2'],
      ],
    ],
    ['a header alone', 'a,b\n', []],
  ])('reads %s', (_name, text, rows) => expect(read(text)).toEqual(rows));

  it.each([
    ['a,b\n1,2,3, ,4', ['3', '4']],
    ['a,b,\n1,2,3', ['3']],
    ['a,b,\n1,2,,\n', []],
    ['a;b\n1;2;3', ['3']],
    ['a,b\n1,"2,3"', []],
  ])('of %j tells what no column is for', (text, surplus) => {
    expect(readCsv(text)!.records.map((record) => record.surplus)).toEqual([surplus]);
  });

  it.each(['', '\n \n'])('is undefined for %j', (text) => expect(readCsv(text)).toBeUndefined());

  it('names the line whose quote is never closed', () => {
    expect(() => readCsv('a,b\n1,2\n3,"4\n5,6')).toThrow('line 3 opens a quote that is never closed');
    expect(() => readCsv('a,b\n"1\n2","3\n')).toThrow('line 3 opens a quote that is never closed');
  });
});
