import { isPublicLink } from './public-link.js';

describe('A link that a provider is to fetch', () => {
  it.each([
    'https://example.com/a.png',
    'https://example.com:8443/a.png?b=c',
    'https://8.8.8.8/a',
    'https://[2606:4700::1111]/a',
    'https://notlocalhost.example',
  ])('may be %s', (link) => expect(isPublicLink(link)).toBe(true));

  it.each([
    'http://example.com/a.png',
    'a.png',
    'https://example.com/a b.png',
    'https://user:pw@example.com/x.png',
    'https://user@example.com/x.png',
    'https://localhost/x.png',
    'https://localhost./x.png',
    'https://media.localhost:8443/x.png',
    'https://intranet/x.png',
    'https://media.internal/x.png',
    'https://nas.local/x.png',
    'https://127.0.0.1/x.png',
    'https://0x7f.1/x.png',
    'https://2130706433/x.png',
    'https://10.1.2.3/x.png',
    'https://172.16.0.1/x.png',
    'https://192.168.1.1./x.png',
    'https://169.254.169.254/latest',
    'https://[::1]/x.png',
    'https://[::ffff:127.0.0.1]/x.png',
    'https://[fd00::1]/x.png',
  ])('may not be %s', (link) => expect(isPublicLink(link)).toBe(false));
});
