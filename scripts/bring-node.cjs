/**
 * After `npm ci` in a clone: brings the Node of scripts/node where this machine's is older, and one is made for it. It is no dependency of the whole,
 * for npm would put it first on the PATH of every script. Where it cannot be had `npm start` runs on this machine's; docs/decisions/0020.
 */
const { spawnSync } = require('child_process');
const { readFileSync } = require('fs');
const path = require('path');
const { FOLDER, PACKAGE, isNewEnough, whichNode } = require('./which-node.cjs');

const INSTALL_MS = 5 * 60 * 1000;

const read = (file) => JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));
const version = read('package.json').optionalDependencies[PACKAGE];

if (version !== undefined && !isNewEnough() && !isThere()) {
  const had = install() && whichNode() !== process.execPath;
  const machines = `this machine's ${process.version}`;
  console.log(
    had ? `npm start runs on Node ${version} and not on ${machines}.` : `Node ${version} is not to be had: npm start runs on ${machines}.`,
  );
}

function isThere() {
  try {
    return read(`node_modules/${PACKAGE}/package.json`).version === version;
  } catch {
    return false;
  }
}

/** By the npm that runs us, with its settings. */
function install() {
  const npm = process.env.npm_execpath;
  if (!npm) return false;
  const words = [npm, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return spawnSync(process.execPath, words, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'], timeout: INSTALL_MS }).status === 0;
}
