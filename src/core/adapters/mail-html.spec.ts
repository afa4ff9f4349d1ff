import { describe, expect, it } from '@jest/globals';
import { cpuMsOf } from '../../../test/support/cpu.js';
import { sanitizeMailHtml } from './mail-html.js';

const keys = new Map([['ii_1', 'attachment1']]);
const sanitize = (html: string) => sanitizeMailHtml(html, (id) => keys.get(id));

describe('sanitizeMailHtml', () => {
  it.each([
    '<script>alert(1)</script>',
    '<style>body{background:url(https://spy.example)}</style>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:alert(1)">x</a>',
    '<iframe src="https://evil.example"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="https://evil.example"></object><embed src="https://evil.example">',
    '<form action="https://evil.example"><input name=p><button formaction="javascript:alert(1)">x</button></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example">',
    '<img src="data:image/svg+xml;base64,PHN2Zz48c2NyaXB0Lz48L3N2Zz4=">',
    '<table background="https://evil.example/x.png"></table>',
    '<div style="background:url(https://evil.example)">x</div>',
    '<div style="background-color:expression(alert(1))">x</div>',
    '<div style="width:calc(1px); position:fixed; top:0; z-index:9; behavior:url(x)">x</div>',
    '<p id="location" class="x" onclick="alert(1)" onmouseover=alert(1)>x</p>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<!--<img src=x onerror=alert(1)>--><![CDATA[<script>alert(1)</script>]]>',
    '<video src="https://evil.example" onerror=alert(1)></video>',
    '<textarea><img src=x onerror=alert(1)></textarea>',
    '<img srcset="https://evil.example/1.png 1x">',
  ])('of %s nothing that runs, asks a server or leaves its place is left', (html) => {
    expect(sanitize(html)).not.toMatch(
      /<\s*\/?(?:script|style|svg|math|iframe|object|embed|form|input|button|meta|base|link|video|textarea)|\son\w+=|javascript:|vbscript:|svg\+xml|expression|url\(|position|z-index|behavior|calc|\sid=|\sclass=|srcset|background=|\ssrc="?(?:https?:|x)/i,
    );
  });

  it('what people write with stays', () => {
    const html =
      '<h1 style="color:#333;font-size:18px">Hola</h1><p dir="ltr">Una <b>prueba</b>,<br />sí.</p><table border="1"><tbody><tr><td colspan="2">1</td></tr></tbody></table><ul><li>a</li></ul>';
    expect(sanitize(html)).toBe(html);
  });

  it('links open elsewhere and do not say where they were clicked', () => {
    expect(sanitize('<a href="https://norte.example/?a=1" target="_self" rel="opener">x</a>')).toBe(
      '<a href="https://norte.example/?a=1" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    );
    expect(sanitize('<a href="mailto:a@b.example">x</a>')).toContain('href="mailto:a@b.example"');
    expect(sanitize('<a href="//evil.example">x</a>')).not.toContain('evil');
  });

  it("an image of the mail itself refers to its attachment's key, and one that it does not bring to nothing", () => {
    expect(sanitize('<img src="cid:ii_1" alt="firma">')).toBe('<img alt="firma" src="cid:attachment1" />');
    expect(sanitize('<img src="cid:ii%5F1">')).toBe('<img src="cid:attachment1" />');
    expect(sanitize('<img src="cid:other">')).toBe('<img />');
  });

  it('a remote image is not loaded, and says where it would be', () => {
    expect(sanitize('<img src="https://spy.example/p.gif?who=ana" width="1">')).toBe(
      '<img width="1" data-remote-src="https://spy.example/p.gif?who=ana" />',
    );
    expect(sanitize('<img data-remote-src="javascript:alert(1)">')).toBe('<img />');
  });

  it('a length of many digits comes to an end, and the lengths that people write stay', async () => {
    const spent = await cpuMsOf(() => {
      for (const style of [`margin:${'1'.repeat(500)}x`, `padding:${'1.'.repeat(200)}x`, `width:${'1px '.repeat(2_000)}x`])
        expect(sanitize(`<p style="${style}">x</p>`)).toBe('<p>x</p>');
    });
    expect(spent).toBeLessThan(1_000);
    const styles = 'margin:0 auto;padding:.5em 1.25px 10% 3pt;line-height:normal;width:600px';
    expect(sanitize(`<p style="${styles}">x</p>`)).toBe(`<p style="${styles}">x</p>`);
  });

  it('nesting without end and tags without end come to an end', async () => {
    const spent = await cpuMsOf(() => {
      for (const opened of ['<div>', '<a href=x>y', '<div><!--</div>-->']) sanitize(opened.repeat(150_000));
      sanitize('<div>'.repeat(4_999) + '</x>'.repeat(240_000));
      sanitize(`${'<div>'.repeat(499)}hola${'</x>'.repeat(240_000)}`);
      sanitize(`<a href="${'x'.repeat(500_000)}`);
    });
    expect(spent).toBeLessThan(5_000);
  });

  it('of more elements than are read, the first are', () => {
    expect(sanitize('<p>a</p>'.repeat(70_000))).toBe('<p>a</p>'.repeat(60_000));
  });

  it.each(['margin-top:-2000px', 'margin:0 -9px', 'text-indent:-1em', 'width:99999px'])(
    'of style %s nothing is left, which covers another',
    (style) => {
      expect(sanitize(`<p style="${style};color:red">x</p>`)).toBe('<p style="color:red">x</p>');
    },
  );
});
