import { ownKeys } from '../own-keys';
const known = new Map<string, readonly string[]>();

/** Words of a C or Rust name: `devm_request_irq` and `RequestIrq` alike. Leading underscores count for nothing. */
export function wordsOf(name: string): readonly string[] {
  let words = known.get(name);
  if (!words) {
    if (known.size > 50_000) known.clear();
    known.set(name, (words = splitWords(name)));
  }
  return words;
}

function splitWords(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Words that mean the same on both sides. */
const SAME: Readonly<Record<string, string>> = ownKeys({
  alloc: 'new',
  create: 'new',
  init: 'new',
  add: 'register',
  setup: 'new',
  make: 'new',
  free: 'drop',
  destroy: 'drop',
  put: 'drop',
  unregister: 'drop',
  deregister: 'drop',
  del: 'drop',
  release: 'drop',
  unlock: 'drop',
  cleanup: 'drop',
  exit: 'drop',
  dev: 'device',
  devs: 'device',
  devices: 'device',
  drv: 'driver',
  regs: 'registration',
  register: 'registration',
  desc: 'description',
  blk: 'block',
  req: 'request',
  rq: 'request',
  cb: 'callback',
  attr: 'attribute',
  attrs: 'attribute',
  buf: 'buffer',
  len: 'length',
  msg: 'message',
  freq: 'frequency',
  irqs: 'irq',
  interrupts: 'irq',
  interrupt: 'irq',
  xa: 'xarray',
  mtree: 'maple',
  mas: 'maple',
  rb: 'rbtree',
  i2c: 'i2c',
  sg: 'scatterlist',
  sgt: 'sgtable',
  wq: 'workqueue',
  queue: 'enqueue',
  sz: 'size',
  num: 'count',
  val: 'value',
  dir: 'dir',
  ms: 'millis',
  us: 'micros',
  ns: 'nanos',
  pm: 'pm',
  mb: 'barrier',
  mutex: 'mutex',
  spin: 'spinlock',
  completion: 'completion',
});

const meaning = (word: string): string => SAME[word] ?? word;

const meanings = new Map<string, ReadonlySet<string>>();

/** What the words of a Rust path mean, without the crate's. */
function meaningsOf(rustPath: string): ReadonlySet<string> {
  let set = meanings.get(rustPath);
  if (!set) {
    if (meanings.size > 50_000) meanings.clear();
    meanings.set(rustPath, (set = new Set(rustPath.split('::').slice(1).flatMap(wordsOf).map(meaning))));
  }
  return set;
}

/** How much of the C name's words the Rust path has, from 0 to 1. The words of the modules' names count too. */
export const similarity = (cName: string, rustPath: string): number => shareOf(wordsOf(cName), rustPath);

/** What every API has, so that sharing it says nothing of the thing it is about. */
const VERBS = new Set(['new', 'drop', 'registration', 'get', 'set', 'key', 'fn', 'raw']);

/** Whether the Rust path has a word of the C name that is more than a common verb: the thing that both are about. */
export function sameThing(cName: string, rustPath: string): boolean {
  const words = wordsOf(cName);
  let nouns = nounsOf.get(words);
  if (!nouns) nounsOf.set(words, (nouns = words.filter((word) => !VERBS.has(meaning(word)))));
  return nouns.length === 0 || shareOf(nouns, rustPath) > 0;
}

const nounsOf = new WeakMap<readonly string[], readonly string[]>();
/** Shares by the words' list, which is one and the same for a name, and by path: linking asks for the same again after each edit. */
const shares = new WeakMap<readonly string[], Map<string, number>>();

function shareOf(words: readonly string[], rustPath: string): number {
  if (words.length === 0) return 0;
  let known = shares.get(words);
  if (!known) shares.set(words, (known = new Map<string, number>()));
  let share = known.get(rustPath);
  if (share === undefined) {
    const have = meaningsOf(rustPath);
    let shared = 0;
    for (const word of words) if (hasMeaning(have, meaning(word))) shared++;
    known.set(rustPath, (share = shared / words.length));
  }
  return share;
}

function hasMeaning(have: ReadonlySet<string>, wanted: string): boolean {
  if (have.has(wanted)) return true;
  if (wanted.length <= 3) return false;
  // Two words of Rust's in one of C's: `pwmchip` for pwm::Chip.
  for (const other of have) if (wanted.startsWith(other) && have.has(wanted.slice(other.length))) return true;
  for (const other of have) if (other.length > 3 && (other.startsWith(wanted) || wanted.startsWith(other))) return true;
  return false;
}
