// node guard.mjs COMMAND [ARG…]: runs COMMAND in this process's own group and ends the whole group when standard input closes.
// The script that started us holds the other end of that pipe, so nothing outlives it, however it ends (SIGKILL included).
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(`cannot run ${command}: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
process.stdin.resume().on('close', () => process.kill(-process.pid, 'SIGKILL'));
