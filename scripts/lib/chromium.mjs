// A headless Chromium for the workbench: found on the machine, or installed from Debian's packages.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { aptInstall } from './debian.mjs';
import { temporaryFolder } from './process.mjs';

/** The command that helps where we may not install one. */
const enable =
  process.platform === 'linux' && existsSync('/usr/bin/apt-get')
    ? 'sudo apt-get install -y chromium fonts-dejavu-core'
    : 'npx playwright-core install --with-deps chromium';

const find = () =>
  [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    chromium.executablePath(),
  ].find((file) => file && existsSync(file));

/**
 * Makes sure there is a Chromium.
 * @returns {Promise<{ reason: string, enable: string } | undefined>} why there is none, and the command that would help.
 */
export async function installChromium() {
  if (find()) return undefined;
  const reason = await aptInstall('chromium', 'fonts-dejavu-core');
  if (find()) return undefined;
  return { reason: `there is no Chromium, and ${reason ?? 'the package holds none'}`, enable };
}

/** Starts it. It leaves nothing behind: its home is temporary, and it ends when the pipe to this process closes. */
export const launchChromium = () =>
  chromium.launch({
    executablePath: find(),
    headless: true,
    env: { ...process.env, HOME: temporaryFolder('chromium') },
    // Signals are the script's own business (exitOnSignals).
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    // No sandbox: tests run as root in containers. The rest keeps it from asking hosts outside this machine.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
