// The extension under development in the web worker extension host. No parameter of the workbench's URL does that, so the
// page's configuration is changed before its scripts read it, and the checkout is served over HTTP (the worker fetches it).
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { root } from './root.mjs';

const types = { '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };

/** Serves a folder read-only on a free port of 127.0.0.1. */
async function serve(dir) {
  const server = createServer((request, response) => {
    const file = join(dir, decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    response.setHeader('Access-Control-Allow-Origin', '*');
    (file === dir || file.startsWith(dir + sep) ? readFile(file) : Promise.reject(new Error('outside'))).then(
      (body) => response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'text/plain' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { authority: `127.0.0.1:${server.address().port}`, stop };
}

/**
 * Prepares a page (opened with bypassCSP) so that its workbench loads the checkout's extension in the web worker host.
 * `dir` is the extension's folder; `tests`, a path in it, is the suite to run.
 * @returns {Promise<() => void>} stops serving.
 */
export async function useWebExtension(page, { dir = root, tests } = {}) {
  const files = await serve(dir);
  await page.addInitScript(
    ([authority, testsPath]) => {
      // 'interactive' comes after the page's HTML and before its module scripts.
      document.addEventListener('readystatechange', () => {
        const meta = document.getElementById('vscode-workbench-web-configuration');
        if (document.readyState !== 'interactive' || !meta) return;
        const configuration = JSON.parse(meta.getAttribute('data-settings'));
        const http = (path) => ({ scheme: 'http', authority, path });
        configuration.developmentOptions = {
          ...configuration.developmentOptions,
          extensions: [http('/')],
          ...(testsPath ? { extensionTestsPath: http(testsPath) } : {}),
        };
        meta.setAttribute('data-settings', JSON.stringify(configuration));
      });
    },
    [files.authority, tests],
  );
  return files.stop;
}
