import { describe, expect, it } from '@jest/globals';
import { cpuMsOf } from '../../../test/support/cpu.js';
import { textOfHtml } from './mail-text.js';

describe('textOfHtml', () => {
  it('is what a reader would see, with the addresses of links', () => {
    expect(textOfHtml('<style>p{}</style><p>Hola,<br>una <a href="https://norte.example">oferta</a></p><img src="cid:x" alt="logo">')).toBe(
      'Hola,\nuna oferta [https://norte.example]',
    );
  });

  it.each([
    ['<table><tr><td>Price</td><td>10</td></tr><tr><td>Tax</td><td>2</td></tr></table>', 'Price 10\nTax 2'],
    [
      '<table><thead><tr><th>Item</th><th></th><th>Sum</th></tr></thead><tbody>\n<tr>\n<td>Tea</td>\n<td><b>2</b></td></tr></table>',
      'Item Sum\nTea 2',
    ],
    ['Before<table><tr><td>a<br>b</td><td>c</td></tr></table>after', 'Before\na\nb c\n\nafter'],
  ])('the rows of a table are lines of their own, and their cells are parted: %s', (html, text) => {
    expect(textOfHtml(html)).toBe(text);
  });

  it('an answer that quotes fifty others is read to its end', () => {
    const quoted = '<div><div><blockquote><div><div>'.repeat(50);
    expect(textOfHtml(`${quoted}Hola${'</div></div></blockquote></div></div>'.repeat(50)}<p>Ana</p>`)).toMatch(/Ana$/);
  });

  it('tables that lay out a newsletter leave one blank line between its parts', () => {
    const spacer = '<tr><td height="20">&nbsp;</td></tr>';
    const part = (content: string) =>
      `<tr><td><table><tr><td><table>${spacer}<tr><td>${content}</td></tr>${spacer}</table></td></tr></table></td></tr>`;
    const html = `<table>${spacer}${part('<img src="https://norte.example/logo.png">')}${part('<h1>Hola</h1><p>Una oferta.</p>')}${spacer}${part('Norte')}</table>`;
    expect(textOfHtml(html)).toBe('HOLA\n\nUna oferta.\n\nNorte');
  });

  it('of more elements than are read, the first are', () => {
    const many = '<p>a</p>'.repeat(70_000);
    expect(textOfHtml(many).split('\n\n')).toHaveLength(60_000);
  });

  it('nesting without end, a large table and blanks without end come to an end', async () => {
    const spent = await cpuMsOf(() => {
      for (const opened of ['<div>', '<svg>', '<ol><li>x']) textOfHtml(opened.repeat(150_000));
      textOfHtml(`<table>${'<tr><td>Price</td><td>10</td></tr>'.repeat(50_000)}</table>`);
      textOfHtml(`<table><tr><td>${'&nbsp;'.repeat(300_000)}x</td></tr></table>`);
    });
    expect(spent).toBeLessThan(5_000);
  });

  it('quotations and lists are marked, a list within another too', () => {
    expect(textOfHtml('<blockquote>a<br>b<blockquote>c</blockquote></blockquote>')).toBe('> a\n> b\n>\n> > c');
    expect(textOfHtml('<ol start="9"><li>a<ul><li>b</li></ul></li><li>c</li></ol>')).toBe(' 9.  a\n     * b\n 10. c');
  });

  it.each(['type="i" start="1e9"', 'type="i" start="4000"', 'start="-1e300"', 'start="x"', 'start=""', 'type="a" start="0"'])(
    'a list numbered by %s is one in plain numbers',
    (attributes) => expect(textOfHtml(`<ol ${attributes}><li>Please pay</ol>`)).toMatch(/^ -?\d+\. Please pay$/),
  );

  it('a quotation of blank lines without end comes to an end, and loses those around what it says', async () => {
    const blank = '\n'.repeat(15_000);
    const spent = await cpuMsOf(() =>
      expect(textOfHtml(`<blockquote><pre>${blank}a${blank}b${blank}</pre></blockquote>c`)).toMatch(/^> a\n>\n[^]*\n>\n> b\n\nc$/),
    );
    expect(spent).toBeLessThan(5_000);
  });

  it('a list by letters has them, and a blank line at the begin of a quotation goes whatever it is made of', () => {
    expect(textOfHtml('<ol type="a"><li>tea<li>mate</ol><ol type="A" start="26"><li>z<li>end</ol>')).toBe(
      ' a. tea\n b. mate\n\n Z.  z\n 27. end',
    );
    expect(textOfHtml('<blockquote><p>&nbsp;</p><p>a</p><p>&nbsp;</p></blockquote>')).toBe('> a');
  });

  it.each(['<blockquote>', '<ul><li>', '<ol><li>'].flatMap((opened) => ['a\n', '\n', '&#10;'].map((line) => [opened, line] as const)))(
    'a text of many lines within 45 %s (%j) comes to an end soon, and is no hundred times as long',
    async (opened, line) => {
      let text = '';
      const spent = await cpuMsOf(() => (text = textOfHtml(`${opened.repeat(45)}<pre>${line.repeat(900_000 / line.length)}z`)));
      expect([text.length < 20_000_000, text.includes('z'), spent < 2_000]).toEqual([true, true, true]);
    },
  );
});
