// npm run package: makes rust-for-linux-lens-VERSION.vsix in the root of the checkout.
import { relative } from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { exitOnSignals } from './lib/process.mjs';
import { root, vsixFile } from './lib/root.mjs';
import { makeVsix, readVsix } from './lib/vsix.mjs';

exitOnSignals();
try {
  await ensureDependencies();
  const bytes = await makeVsix();
  console.log([...readVsix(vsixFile).keys()].map((name) => `  ${name}`).join('\n'));
  console.log(`${relative(root, vsixFile)}: ${(bytes / 1e6).toFixed(2)} MB`);
  console.log(`install it with: code --install-extension ${relative(root, vsixFile)}`);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
