/**
 * The Node that `npm start` runs on: this machine's, or where that is older than 24 the one that `npm ci` brought. As a program it prints the path.
 * Parses on any Node, for it runs before anything has said that this one is too old.
 */
const { spawnSync } = require('child_process');
const path = require('path');

const NEW_ENOUGH = 24;
const FOLDER = path.join(__dirname, 'node');
const PACKAGE = `node-${process.platform}-${process.arch}`;

const isNewEnough = () => parseInt(process.versions.node, 10) >= NEW_ENOUGH;

/** The path of the Node to run on. */
function whichNode() {
  if (isNewEnough()) return process.execPath;
  const brought = path.join(FOLDER, 'node_modules', PACKAGE, 'bin/node');
  // It may want another C library than this machine has (Alpine).
  return spawnSync(brought, ['--version']).status === 0 ? brought : process.execPath;
}

module.exports = { FOLDER, PACKAGE, isNewEnough, whichNode };
if (require.main === module) console.log(whichNode());
