#!/usr/bin/env node
// Must parse on any Node since 10, to say that it is too old: so no static import, no `import.meta`, no top-level await here.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error('Centralita needs Node.js 20.19 or newer; this is ' + process.version + '. Get a newer one at https://nodejs.org');
  process.exit(1);
}
void import('./launch.js');
