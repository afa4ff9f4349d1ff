/**
 * Servers of tests, many in one process: what costs most of a start, the loading of the product, is done once. global-setup.js starts it with the path of a Unix
 * socket, `TestServer` asks it there: `POST /` with an environment starts a server, `DELETE /<its port>` stops it. It ends with whoever started it.
 */
import http from 'node:http';
import { text } from 'node:stream/consumers';

const servers = new Map();
// Each listens for the signals that would stop it.
process.setMaxListeners(0);

const answers = {
  async POST(request) {
    const environment = JSON.parse(await text(request));
    await import('../../dist/platform/logging/quiet-prisma.service.js');
    const { start } = await import('../../dist/main.js');
    servers.set(`/${environment.PORT}`, (await start(environment)).app);
  },
  async DELETE({ url }) {
    await servers.get(url)?.close();
    servers.delete(url);
  },
};

http
  .createServer(async (request, response) => {
    try {
      await answers[request.method](request);
      response.end();
    } catch (error) {
      response.writeHead(500).end(error.stack);
    }
  })
  .listen(process.argv[2]);
process.stdin.resume().once('end', () => process.exit());
