import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { isMainThread, workerData } from 'node:worker_threads';
import { UsageError } from '../node/kernels';
import { isWorkerData, runWorker } from '../node/report';
import { annotate, type AnnotateOptions } from './annotate';
import { hover } from './hover';
import { index } from './index-tree';
import { lookup } from './lookup';
import { merge } from './merge';
import { REPORT_FORMATS } from './report-writer';
import { mcp } from './mcp';
import { parseShard, report, type ReportCommandOptions } from './report';
import { rewrite } from './rewrite';
import { toolchain } from './toolchain';

/** Where the bundle and its wasm files and snapshots lie. */
const dist = __dirname;

/** Exit statuses of the command line's contract. */
const WRONG_USE = 2;

const kernelOption = () =>
  new Option('--kernel <kernel>', 'a kernel tree, the version of a shipped snapshot (6.1), or a file of `r4l index`');

const failOnOption = () =>
  new Option('--fail-on <level>', 'exit with 1 if there are findings at or above it').choices(['warning', 'information', 'hint']);

const program = new Command('r4l')
  .description('What Rust for Linux offers for kernel C')
  .version(process.env.R4L_VERSION ?? 'unknown')
  .exitOverride()
  .configureOutput({ writeErr: () => undefined })
  .showHelpAfterError(false);

program
  .command('annotate')
  .description('entry points, kernel names with their Rust equivalents, and findings of C files')
  .argument('<path...>', 'C files or folders')
  .addOption(kernelOption())
  .addOption(new Option('--format <format>', 'form of the output').choices(['text', 'json', 'jsonl', 'sarif']).default('text'))
  .option('--no-config', 'without regard to .r4l.yaml')
  .option('--baseline <file>', 'findings that are in the file are known: marked, and no reason to fail')
  .option('--write-baseline <file>', 'writes the findings of this run as a baseline')
  .option('--changed-since <revision>', 'only findings on lines that differ from a git revision')
  .addOption(failOnOption())
  .action((paths: string[], options: AnnotateOptions) => annotate(paths, options, dist));

program
  .command('hover')
  .description('the Markdown that the editor shows at a place')
  .argument('<file:line:col>', 'one-based line and column')
  .addOption(kernelOption())
  .action((place: string, options: { kernel?: string }) => hover(place, options, dist));

program
  .command('lookup')
  .description('what Rust for Linux offers for C names')
  .argument('<name...>', 'mutex_lock, platform_driver.probe, linux/mutex.h, MODULE_DEVICE_TABLE(of)')
  .addOption(new Option('--kind <kind>', 'a hint among namesakes').choices(['function', 'macro', 'struct', 'field', 'header']))
  .addOption(kernelOption())
  .addOption(new Option('--format <format>', 'form of the output').choices(['text', 'json']).default('text'))
  .action((names: string[], options: Parameters<typeof lookup>[1]) => lookup(names, options, dist));

program
  .command('rewrite')
  .description('a Rust module as a starting point for a port of a driver')
  .argument('<file...>', 'the C file of a driver, or all of its files')
  .addOption(kernelOption())
  .option('-o, --output <file>', 'the file to write')
  .addOption(new Option('--format <format>', 'form of the output').choices(['rust', 'json']).default('rust'))
  .action((files: string[], options: Parameters<typeof rewrite>[1]) => rewrite(files, options, dist));

program
  .command('report')
  .description('how far drivers are from Rust: a score in parts, what is missing, what Rust would remove')
  .argument('<path...>', 'C files or folders; a file stands for its whole driver')
  .addOption(kernelOption())
  .addOption(new Option('--format <format>', 'form of the output').choices([...REPORT_FORMATS, 'sarif']).default('text'))
  .option('--jobs <n>', 'worker threads; left out, one for each processor', positive)
  .option('--shard <i/n>', 'only this part of the drivers, for `r4l merge`', parseShard)
  .option('--no-cache', 'neither use nor write what earlier runs have found')
  .option('--no-config', 'without regard to .r4l.yaml')
  .option('--baseline <file>', 'findings that are in the file are known: marked, and no reason to fail')
  .option('--write-baseline <file>', 'writes the findings of this run as a baseline')
  .option('--changed-since <revision>', 'only drivers with a file that differs from a git revision')
  .addOption(failOnOption())
  .action((paths: string[], options: ReportCommandOptions) => report(paths, options, dist));

program
  .command('merge')
  .description('puts reports together that `r4l report --shard` or several runs have made')
  .argument('<report...>', 'files of `r4l report --format json`')
  .addOption(new Option('--format <format>', 'form of the output').choices(REPORT_FORMATS).default('json'))
  .action((files: string[], options: Parameters<typeof merge>[1]) => merge(files, options));

program
  .command('toolchain')
  .description('whether a kernel tree can be built with Rust here: what it needs, what is found, what blocks CONFIG_RUST')
  .argument('[tree]', 'the kernel tree, or a folder in which it is built', '.')
  .option('--arch <arch>', 'ARCH, for a tree without .config')
  .option('--build <folder>', 'the folder in which it is built (make O=), if that is not the tree')
  .addOption(new Option('--format <format>', 'form of the output').choices(['text', 'json']).default('text'))
  .action((tree: string, options: Parameters<typeof toolchain>[1]) => toolchain(tree, options));

program
  .command('index')
  .description('writes the catalogue of a kernel tree to a file')
  .argument('<tree>', 'a kernel tree with rust/kernel')
  .requiredOption('-o, --output <file>', 'the file to write')
  .action((tree: string, options: { output: string }) => index(tree, options, dist));

program
  .command('mcp')
  .description('the same look-ups for language models: a server of the Model Context Protocol on standard input and output')
  .addOption(kernelOption())
  .action((options: { kernel?: string }) => mcp(options, dist));

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a number from 1 on is expected');
  return Number(text);
}

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return; // --help, --version
      if (error.code === 'commander.help') process.stderr.write(program.helpInformation());
      else process.stderr.write(`r4l: ${error.message.replace(/^error: /, '')}; see \`r4l --help\`\n`);
      process.exitCode = WRONG_USE;
    } else if (error instanceof UsageError) {
      process.stderr.write(`r4l: ${error.message}\n`);
      process.exitCode = WRONG_USE;
    } else throw error;
  }
}

// A reader that has seen enough (`| head`) closes the pipe: nothing is wrong then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
void (!isMainThread && isWorkerData(workerData) ? runWorker() : main());
