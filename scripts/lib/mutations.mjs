// Ways to undo a protection in kernel C: each takes a parsed file and names the places where the text has one, with the edit that
// takes it away. Used by scripts/undo-fixes.mjs; test/unit/rules/mutations.test.ts holds that they do what they say.

const ERROR_WAY = /^\s*(?:\{\s*)?(?:[^;{}]*;\s*){0,3}(?:return\b[^;]*|goto\s+\w+|break|continue)\s*;\s*\}?\s*$/;
const ENDS =
  /(?:^|_)(?:remove|disconnect|release|exit|unbind|destroy|free|close|stop|cleanup|detach|deinit|uninit|teardown|unregister|fini|del)(?:_|\d|$)/;
const STOPS =
  /^(?:cancel_(?:delayed_)?work_sync|(?:timer_delete|timer_shutdown|del_timer)_sync|hrtimer_cancel|tasklet_kill|kthread_stop|usb_kill_urb|usb_poison_urb|flush_(?:delayed_)?work|destroy_workqueue|flush_workqueue|disable_(?:delayed_)?work_sync)$/;
const HALF = new Map([
  ['cancel_work_sync', 'cancel_work'],
  ['cancel_delayed_work_sync', 'cancel_delayed_work'],
  ['timer_delete_sync', 'timer_delete'],
  ['timer_shutdown_sync', 'timer_shutdown'],
  ['del_timer_sync', 'del_timer'],
  ['usb_kill_urb', 'usb_unlink_urb'],
]);
const FREES =
  /^(?:k(?:v|z)?free(?:_sensitive)?|vfree|kfree_skb|dev_kfree_skb(?:_any)?|usb_free_urb|free_netdev|input_free_device|iio_device_free|kmem_cache_free|nlmsg_free|put_device)$/;
const RELEASES =
  /^(?:k(?:v|z)?free(?:_sensitive)?|vfree|(?:dev_)?kfree_skb(?:_any)?|usb_free_urb|of_node_put|fwnode_handle_put|put_device|clk_disable_unprepare|clk_disable|regulator_disable|pm_runtime_put\w*|release_firmware|free_irq|pci_disable_device|pci_release_regions|iounmap|dma_free_coherent|free_netdev|input_free_device|destroy_workqueue|kmem_cache_free|module_put|dev_put|sock_put|fput|crypto_free_\w+|usb_put_\w+|nlmsg_free)$/;
const UNLOCKS =
  /^(?:mutex_unlock|spin_unlock(?:_\w+)?|read_unlock(?:_\w+)?|write_unlock(?:_\w+)?|up_read|up_write|rcu_read_unlock)$/;
const FROM_OUTSIDE =
  /\b(?:[lb]e(?:16|32|64)_to_cpup?|get_unaligned_\w+|ntohs|ntohl|copy_from_user|get_user|nla_\w+|(?:of|device|fwnode)_property_\w+|kstrto\w+|i2c_\w+|spi_\w+|usb_\w+|actual_length|skb|urb|fw|firmware|hid\w*|report|ioread\w+|readl|regmap_\w+|raw_event|user|ucontrol|rsp|resp|evt|event|hdr)\b/;

/**
 * The places of a file where a protection can be undone.
 * @param tree the parsed file
 * @param model its driver model
 * @param kinds `CKind` and `Field` of the core
 * @returns {{ class: string, operator: string, function: string, start: number, end: number, inserted: string }[]}
 */
export function mutationsOf(tree, model, { CKind, Field }) {
  const found = [];
  for (const definition of model.functions) {
    if (tree.hasError(definition.node)) continue;
    const text = tree.text.slice(definition.start, definition.end);
    const scene = { tree, definition, text, CKind, Field };
    const add = (kind, operator, start, end, inserted = '') =>
      found.push({ class: kind, operator, function: definition.name, start, end, inserted });
    for (let node = definition.body; node < tree.nexts[definition.body]; node++) {
      const kind = tree.kinds[node];
      if (kind === CKind.expression_statement) statement(scene, node, add);
      else if (kind === CKind.if_statement) condition(scene, node, add);
      else if (kind === CKind.call_expression) call(scene, node, add);
      else if (kind === CKind.init_declarator) declaration(scene, node, add);
      else if (kind === CKind.macro_loop_statement) loop(scene, node, add);
    }
  }
  return found;
}

const named = (tree, node) => [...tree.children(node, true)];
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const compact = (text) => text.replace(/\s+/g, '');

/** Name and argument texts of the call that a statement is; undefined if it is none. */
function plainCall({ tree, CKind, Field }, node) {
  const [inner] = named(tree, node);
  if (inner === undefined || tree.kinds[inner] !== CKind.call_expression) return undefined;
  const callee = tree.childByField(inner, Field.function);
  if (tree.kinds[callee] !== CKind.identifier) return undefined;
  const args = named(tree, tree.childByField(inner, Field.arguments)).map((one) => tree.textOf(one));
  return { name: tree.textOf(callee), args, callee };
}

/** Whether a statement stands by itself in a block: it can be taken out. */
const isInBlock = ({ tree, CKind }, node) =>
  [CKind.compound_statement, CKind.labeled_statement, CKind.case_statement].includes(tree.kinds[tree.parents[node]]);

/** The rest of the block after a statement ends in an error return or leads to a label. */
function endsInError({ tree, CKind }, node) {
  let last = node;
  for (let next = tree.nextSibling(node); next !== -1; next = tree.nextSibling(next))
    if (tree.kinds[next] !== CKind.token) last = next;
  return /^(?:return\s+(?:-E|ret|rc|err|error|ERR_PTR|NULL|status|result)|goto\s)/.test(tree.textOf(last));
}

function statement(scene, node, add) {
  const { tree, definition, text } = scene;
  const called = plainCall(scene, node);
  if (!called || !isInBlock(scene, node)) return;
  const { name, args } = called;
  const start = tree.starts[node];
  const end = tree.ends[node];
  const isEmptyBlock = named(tree, tree.parents[node]).length === 1;
  if (STOPS.test(name) && ENDS.test(definition.name) && !/suspend/.test(definition.name)) {
    add('teardown', 'stop-removed', start, end, ';');
    if (HALF.has(name))
      add('teardown', 'stop-does-not-wait', tree.starts[called.callee], tree.ends[called.callee], HALF.get(name));
    const free = laterFree(scene, node);
    if (free !== undefined)
      add(
        'teardown',
        'stop-after-free',
        start,
        tree.ends[free],
        tree.text.slice(end, tree.ends[free]) + tree.text.slice(start, end),
      );
  }
  if (
    /^(?:free_irq|unregister_netdev|misc_deregister|input_unregister_device|hwmon_device_unregister|unregister_\w+_notifier|rtc_device_unregister|cdev_del|pm_runtime_disable)$/.test(
      name,
    ) &&
    ENDS.test(definition.name) &&
    laterFree(scene, node) !== undefined
  )
    add('teardown', 'unregister-removed', start, end, ';');
  if (RELEASES.test(name) && !ENDS.test(definition.name) && endsInError(scene, node) && !isEmptyBlock)
    add('leak', 'release-removed', start, end, ';');
  if (UNLOCKS.test(name) && endsInError(scene, node)) add('concurrency', 'unlock-removed', start, end, ';');
  if (FREES.test(name)) {
    freed(scene, node, called, add);
    const next = tree.nextSibling(node);
    if (
      next !== -1 &&
      /^return\b/.test(tree.textOf(next)) &&
      tree.kinds[tree.parents[tree.parents[node]]] === scene.CKind.if_statement
    ) {
      const word = args.at(name === 'kmem_cache_free' ? 1 : 0);
      const rest = text.slice(tree.ends[next] - definition.start);
      if (word && new RegExp(`${escaped(word)}\\s*->`).test(rest))
        add('use-after-free', 'return-after-free-removed', tree.starts[next], tree.ends[next], ';');
    }
  }
  // memset(&x, 0, sizeof(x)) of a local
  if (name === 'memset' && /^&\w+$/.test(args[0] ?? '') && args[1] === '0' && copiedOut(text, args[0].slice(1)))
    add('uninitialised', 'clear-removed', start, end, ';');
  if (/^(?:mutex_lock|spin_lock|spin_lock_bh|spin_lock_irq)$/.test(name)) lockPair(scene, node, called, add);
}

/** The next statement of the same block, or of one after, that frees. */
function laterFree(scene, node) {
  const { tree } = scene;
  for (let next = tree.nextSibling(node); next !== -1; next = tree.nextSibling(next)) {
    if (tree.kinds[next] !== scene.CKind.expression_statement) continue;
    const called = plainCall(scene, next);
    if (called && FREES.test(called.name)) return next;
  }
  return undefined;
}

function freed(scene, node, { name, args }, add) {
  const { tree, definition, text, CKind } = scene;
  const object = args.at(name === 'kmem_cache_free' ? 1 : 0) ?? '';
  if (!/^[\w>.-]+$/.test(object)) return;
  // Used by the statement before: free first.
  const before = previous(scene, node);
  if (
    before !== -1 &&
    tree.kinds[before] === CKind.expression_statement &&
    new RegExp(`\\b${escaped(object)}->`).test(tree.textOf(before)) &&
    !/kfree|free|=\s*NULL/.test(tree.textOf(before))
  )
    add(
      'use-after-free',
      'free-before-use',
      tree.starts[before],
      tree.ends[node],
      `${tree.textOf(node)}\n\t${tree.textOf(before)}`,
    );
  // A label's part frees it: free it before the goto as well.
  const label = labelAround(scene, node);
  if (label !== '') {
    const way = [...text.matchAll(new RegExp(`\\bgoto\\s+${label}\\s*;`, 'g'))].at(-1);
    if (
      way &&
      /\{[^{}]*$/.test(text.slice(0, way.index)) &&
      !new RegExp(`free\\w*\\(\\s*${escaped(object)}\\b[^{}]*$`).test(text.slice(0, way.index))
    )
      add(
        'double-free',
        'freed-before-label-too',
        definition.start + way.index,
        definition.start + way.index,
        `${tree.textOf(node)} `,
      );
  }
  // Freed once more behind it, as by a caller.
  if (endsInError(scene, node) && label === '')
    add('double-free', 'freed-twice-in-a-row', tree.ends[node], tree.ends[node], ` ${tree.textOf(node)}`);
  // p = NULL after the free
  const next = tree.nextSibling(node);
  if (next !== -1 && compact(tree.textOf(next)) === `${object}=NULL;` && object.includes('->'))
    add('double-free', 'pointer-not-cleared', tree.starts[next], tree.ends[next], ';');
}

function previous({ tree, CKind }, node) {
  let last = -1;
  for (const child of tree.children(tree.parents[node], true)) {
    if (child >= node) break;
    last = child;
  }
  return last !== -1 && tree.kinds[last] === CKind.labeled_statement ? -1 : last;
}

/** The label that a statement of the function's own block stands under; '' if none does. */
function labelAround({ tree, definition, CKind }, node) {
  let at = node;
  if (tree.kinds[tree.parents[at]] === CKind.labeled_statement) at = tree.parents[at];
  if (tree.parents[at] !== definition.body) return '';
  let label = '';
  for (const child of tree.children(definition.body, true)) {
    if (child > at) break;
    if (tree.kinds[child] === CKind.labeled_statement) label = /^\w+/.exec(tree.textOf(child))?.[0] ?? '';
    if (tree.kinds[child] === CKind.return_statement) label = '';
  }
  return label;
}

function lockPair(scene, node, { name, args }, add) {
  const { tree, definition } = scene;
  if (tree.parents[node] !== definition.body) return;
  const unlock = name.replace('lock', 'unlock');
  const pairs = [];
  for (let at = definition.body; at < tree.nexts[definition.body]; at++) {
    if (tree.kinds[at] !== scene.CKind.expression_statement) continue;
    const called = plainCall(scene, at);
    if (called && called.name === unlock && called.args[0] === args[0]) pairs.push(at);
  }
  if (pairs.length !== 1 || pairs[0] < node) return;
  const text = tree.text.slice(tree.ends[node], tree.starts[pairs[0]]);
  if (!/->\w+\s*(?:[-+|&]?=[^=]|\+\+|--)|list_(?:add|del)/.test(text)) return;
  add('concurrency', 'lock-removed', tree.starts[node], tree.ends[pairs[0]], `;${text};`);
}

/** What is copied to somewhere outside of the kernel. */
const copiedOut = (text, name) =>
  new RegExp(
    `(?:copy_to_user|nla_put|put_user|skb_put_data|memcpy_to_msg|copy_to_iter|put_cmsg|nla_put_64bit|simple_read_from_buffer)\\s*\\([^;]*&${name}\\b`,
  ).test(text);

function condition(scene, node, add) {
  const { tree, definition, text, Field } = scene;
  if (tree.childByField(node, Field.alternative) !== -1) return;
  const way = tree.textOf(tree.childByField(node, Field.consequence));
  if (!ERROR_WAY.test(way)) return;
  const asked = tree
    .textOf(tree.childByField(node, Field.condition))
    .replace(/\s+/g, ' ')
    .replace(/^\(|\)$/g, '');
  const start = tree.starts[node];
  const end = tree.ends[node];
  if (!isInBlock(scene, node)) return;
  const rest = tree.text.slice(end, definition.end);
  const before = tree.text.slice(definition.start, start);
  const compared = /^([\w>.\-[\]()* ]+?)\s*(<=?|>=?|!=)\s*([\w>.\-[\]()*+ ]+)$/.exec(
    asked.replace(/^(?:unlikely|WARN_ON(?:_ONCE)?)\s*\((.*)\)$/, '$1'),
  );
  if (compared) {
    const [, left, operator, right] = compared;
    const isBound = (side) =>
      /^(?:sizeof\b.*|\d+|0x[\da-f]+|[A-Z][A-Z0-9_]+(?:\(.*\))?|.*(?:max|size|num|count|len).*)$/i.test(side.trim());
    if (/^-?0$|NULL/.test(right.trim()) || /jiffies|\bret\b|\berr\b|\brc\b|time|retr/.test(asked)) return;
    const word = /(\w+)\]?\)?$/.exec(left.trim())?.[1] ?? '';
    if (!isBound(right) || word === '' || /^\d/.test(word) || !FROM_OUTSIDE.test(text)) return;
    const isLength = /(?:len|size|length|count|actual|bytes|ret)/.test(left);
    if (
      (operator === '<' || operator === '!=' || operator === '<=') &&
      isLength &&
      /sizeof|\d|[A-Z]{3}|len|hdr/.test(right) &&
      /->|\[/.test(rest)
    )
      add('out-of-bounds', 'too-short-check-removed', start, end, ';');
    else if (operator === '>' || operator === '>=') {
      const used = new RegExp(
        `\\[[^\\]]*\\b${word}\\b[^\\]]*\\]|(?:memcpy|memmove|copy_from_user|copy_to_user|memset|memcpy_fromio|regmap_bulk_\\w+|\\w*_read\\w*|\\w*recv\\w*)\\s*\\([^;]*\\b${word}\\b|<\\s*[\\w>.-]*\\b${word}\\s*;`,
      );
      if (used.test(rest) && fromOutside(before, word)) add('out-of-bounds', 'too-large-check-removed', start, end, ';');
    }
    return;
  }
  const tested =
    /^(?:unlikely\s*\()?\s*!\s*([\w>.\-[\]]+)\s*\)?$/.exec(asked)?.[1] ?? /^([\w>.\-[\]]+)\s*==\s*NULL$/.exec(asked)?.[1];
  if (tested) {
    const made = new RegExp(`(?<![\\w>.])${escaped(tested)}\\s*=\\s*(?:\\([^()]*\\)\\s*)?(\\w+)\\s*\\([^;]*;\\s*$`).exec(
      before,
    )?.[1];
    if (
      !made ||
      !new RegExp(
        `(?<![\\w>.])${escaped(tested)}\\s*(?:->|\\[)|\\*${escaped(tested)}\\b|mem\\w+\\(\\s*${escaped(tested)}\\b`,
      ).test(rest)
    )
      return;
    add('null', /alloc|dup|asprintf/.test(made) ? 'allocation-check-removed' : 'lookup-check-removed', start, end, ';');
    return;
  }
  const error = /^IS_ERR(?:_OR_NULL)?\s*\(\s*([\w>.\-[\]]+)\s*\)$/.exec(asked)?.[1];
  if (
    error &&
    new RegExp(`${escaped(error)}\\s*=\\s*\\w+\\s*\\([^;]*;\\s*$`).test(before) &&
    new RegExp(`${escaped(error)}\\s*->`).test(rest)
  )
    add('null', 'error-pointer-check-removed', start, end, ';');
}

/** Whether the number that `word` names comes from outside in the text before, or is handed over. */
function fromOutside(before, word) {
  const given = new RegExp(`\\b${word}\\s*=\\s*[^;]*(?:_to_cpu|get_unaligned|nto[hs]|->|\\[|_read|kstrto|nla_get|count)`).test(
    before,
  );
  const filled = new RegExp(`&${word}\\b`).test(before);
  const parameter = new RegExp(`^[^{]*\\b${word}\\s*[,)]`).test(before);
  return given || filled || parameter || !new RegExp(`\\b${word}\\s*[=;,]`).test(before);
}

function call(scene, node, add) {
  const { tree, text, CKind, Field } = scene;
  const callee = tree.childByField(node, Field.function);
  if (tree.kinds[callee] !== CKind.identifier) return;
  const name = tree.textOf(callee);
  const args = named(tree, tree.childByField(node, Field.arguments)).map((one) => tree.textOf(one));
  const start = tree.starts[node];
  const end = tree.ends[node];
  if (/^(?:min|min_t|clamp|clamp_t|clamp_val|umin)$/.test(name) && FROM_OUTSIDE.test(text)) {
    const operands = /_t$/.test(name) ? args.slice(1) : args;
    const number = name.startsWith('clamp')
      ? operands[0]
      : operands.find(
          (one) => !/^(?:sizeof.*|\d+\w*|0x\w+|[A-Z][A-Z0-9_]+(?:\(.*\))?|\(?\w+\)?\s*(?:sizeof|\d).*)$/s.test(one.trim()),
        );
    const bound = operands.find((one) => one !== number);
    if (
      !number ||
      !bound ||
      !/^(?:sizeof.*|\d+\w*|0x\w+|[A-Z][A-Z0-9_]+(?:\(.*\))?|\(?\w+\)?\s*(?:sizeof|\d).*)/s.test(bound.trim())
    )
      return;
    const parent = tree.textOf(tree.parents[tree.parents[node]]);
    const holder = /(\w+)\s*=\s*(?:min|clamp|umin)/.exec(parent)?.[1];
    const rest = tree.text.slice(end, scene.definition.end);
    const isUsed = holder
      ? new RegExp(
          `\\[[^\\]]*\\b${holder}\\b|mem\\w+\\([^;]*\\b${holder}\\b|copy_\\w+\\([^;]*\\b${holder}\\b|<\\s*${holder}\\s*;`,
        ).test(rest)
      : /^(?:mem(?:cpy|move|set)|copy_(?:from|to)_user|memcpy_fromio)\s*\(/.test(parent);
    if (isUsed && /len|size|count|cnt|num|\bn\b|nr|length|actual|idx|index/i.test(number))
      add('out-of-bounds', 'clamp-removed', start, end, number);
    return;
  }
  if (/^(?:kcalloc|kmalloc_array|kvcalloc|kvmalloc_array|devm_kcalloc|array_size|struct_size|size_mul|size_add)$/.test(name)) {
    const at = name.startsWith('devm_') ? 1 : 0;
    const count = name === 'struct_size' ? args[2] : args[at];
    if (
      !count ||
      /^(?:\d+|[A-Z0-9_]+(?:\(.*\))?|sizeof.*)$/s.test(count) ||
      !/\b(?:copy_from_user|get_user|_to_cpu|nla_get|ntoh|kstrto|args?->|req->|user)/.test(text)
    )
      return;
    const product =
      name === 'struct_size'
        ? `sizeof(*${args[0]}) + ${count} * sizeof(*${args[0]}->${args[1]})`
        : name === 'size_add'
          ? `${args[0]} + ${args[1]}`
          : `${count} * ${args[at + 1]}`;
    const inserted = /^(?:array_size|struct_size|size_)/.test(name)
      ? `(${product})`
      : `${name.startsWith('devm_') ? `devm_kzalloc(${args[0]}, ` : name.startsWith('kv') ? 'kvzalloc(' : 'kzalloc('}${product}, ${args.at(-1)})`;
    add('overflow', 'checked-size-removed', start, end, inserted);
    return;
  }
  if (args.includes('GFP_ATOMIC') && /spin_lock|read_lock/.test(text) && /^k[a-z]*alloc/.test(name)) {
    const before = tree.text.slice(scene.definition.start, start);
    const taken = before.match(/\bspin_lock\w*\(/g)?.length ?? 0;
    const given = before.match(/\bspin_unlock\w*\(/g)?.length ?? 0;
    if (taken > given) add('concurrency', 'sleeps-under-lock', start, end, tree.textOf(node).replace('GFP_ATOMIC', 'GFP_KERNEL'));
  }
}

function declaration(scene, node, add) {
  const { tree, text, CKind, Field } = scene;
  const value = tree.childByField(node, Field.value);
  const name = tree.textOf(tree.childByField(node, Field.declarator));
  if (!/^\w+$/.test(name)) return;
  const isStruct = /^\s*struct\b/.test(tree.textOf(tree.parents[node]));
  if (
    tree.kinds[value] === CKind.initializer_list &&
    /^\{\s*(?:0|)\s*\}$/.test(tree.textOf(value)) &&
    isStruct &&
    copiedOut(text, name)
  )
    add('uninitialised', 'clear-removed', tree.starts[node], tree.ends[node], name);
  else if (
    /^(?:0|-E\w+|NULL|false)$/.test(tree.textOf(value)) &&
    /^(?:ret|rc|err|error|status|result|retval|r|val|value|data)$/.test(name)
  ) {
    // Really unset somewhere only if not every way sets it: a return of it under a label or after a loop or condition.
    const end = new RegExp(`return\\s+${name}\\s*;`).test(text);
    const set = text.match(new RegExp(`\\b${name}\\s*=[^=]|&${name}\\b`, 'g'))?.length ?? 0;
    const conditional = !new RegExp(`\\n\\t${name}\\s*=|\\n\\t[^\\n]*&${name}\\b`).test(
      text.slice(tree.ends[node] - scene.definition.start),
    );
    if (end && set >= 2 && conditional) add('uninitialised', 'initialiser-removed', tree.starts[node], tree.ends[node], name);
  }
}

function loop(scene, node, add) {
  const { tree } = scene;
  const text = tree.textOf(node);
  const head = /^(list_for_each_entry|hlist_for_each_entry)_safe\s*\(\s*(\w+)\s*,\s*(\w+)\s*,/.exec(text);
  if (!head || !new RegExp(`\\bk(?:v)?free\\s*\\(\\s*${head[2]}\\s*\\)`).test(text)) return;
  const start = tree.starts[node];
  add('use-after-free', 'safe-loop-made-plain', start, start + head[0].length, `${head[1]}(${head[2]},`);
}
