import { describe, expect, it } from '@jest/globals';
import { signableUrls } from './signable-urls.js';

describe('signableUrls', () => {
  it('a plain URL has one other form: the one with the standard port', () => {
    expect(signableUrls('https://hub.example/a/b')).toEqual(['https://hub.example:443/a/b']);
    expect(signableUrls('http://hub.example/a')).toEqual(['http://hub.example:80/a']);
  });

  it('a port is taken off, and user info stays', () => {
    expect(signableUrls('https://me:s@hub.example:8443/a')).toEqual(['https://me:s@hub.example/a']);
  });

  it('the colons of an IPv6 address are no port', () => {
    expect(signableUrls('http://[::1]/a')).toEqual(['http://[::1]:80/a']);
    expect(signableUrls('http://[::1]:3000/a')).toEqual(['http://[::1]/a']);
  });

  it('a query is also tried as escaped anew', () => {
    expect(signableUrls("https://hub.example/a?b=it's+so")).toEqual([
      "https://hub.example:443/a?b=it's+so",
      'https://hub.example/a?b=it%27s+so',
      'https://hub.example:443/a?b=it%27s+so',
      "https://hub.example/a?b=it's%20so",
      "https://hub.example:443/a?b=it's%20so",
    ]);
  });

  it('what is no URL is survived', () => {
    expect(signableUrls('nothing')).toEqual(['nothing']);
  });
});
