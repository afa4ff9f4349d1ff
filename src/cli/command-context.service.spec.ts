import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from '../platform/config/read-config.js';
import { readContext } from './command-context.service.js';
import { locateServer } from './running-server.service.js';

describe('where a command runs', () => {
  let cwd: string;
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), text);
  };
  const own = process.env;
  beforeEach(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'command-context-'));
    process.env = {};
  });
  afterEach(() => {
    process.env = own;
    rmSync(cwd, { recursive: true, force: true });
  });

  it('the process wins over .env.local, that over .env, and an empty value says nothing', () => {
    process.env = { A: 'process', B: ' ' };
    write('.env.local', 'A=local\nB=local\nC="local # not a comment" # a comment\nE=');
    write('.env', 'A=common\nB=common\nC=common\nD=common\nE=common');
    expect(readContext(cwd).environment).toEqual({ A: 'process', B: 'local', C: 'local # not a comment', D: 'common', E: 'common' });
  });

  it('a file that cannot be read ends with one line that names it', () => {
    mkdirSync(path.join(cwd, '.env'));
    expect(() => readContext(cwd)).toThrow(ConfigError);
    expect(() => readContext(cwd)).toThrow(/^\S+\/\.env cannot be read \(EISDIR\).*$/);
  });

  it('the data folder is `data` of the working directory unless DATA_DIR says another', () => {
    expect(readContext(cwd).dataDir).toBe(path.join(cwd, 'data'));
    write('.env', 'DATA_DIR=../elsewhere');
    expect(readContext(cwd).dataDir).toBe(path.join(path.dirname(cwd), 'elsewhere'));
  });

  it('the server is where it noted, as long as its process lives', () => {
    write('data/server.json', JSON.stringify({ url: 'http://localhost:4100', publicUrl: 'https://hub.example.com/', pid: process.pid }));
    expect(locateServer(readContext(cwd))).toEqual({ url: 'http://localhost:4100', publicUrl: 'https://hub.example.com' });
  });

  it.each([
    ['none was left', undefined],
    ['its process is gone', JSON.stringify({ url: 'http://localhost:4100', publicUrl: 'http://localhost:4100', pid: 2 ** 30 })],
    ['it was half written', '{"url":'],
  ])('the server is at PORT and PUBLIC_URL where %s', (_, text) => {
    if (text) write('data/server.json', text);
    expect(locateServer(readContext(cwd))).toEqual({ url: 'http://localhost:3000', publicUrl: 'http://localhost:3000' });
    write('.env', 'PORT=4200\nPUBLIC_URL=https://hub.example.com/');
    expect(locateServer(readContext(cwd))).toEqual({ url: 'http://localhost:4200', publicUrl: 'https://hub.example.com' });
  });
});
