import { remembered } from '../remembered';

/** What the name of a function says of it, where nothing better is known: bits. */
export const enum Trait {
  /** Prints and the like: they take pointers, and look at the value alone. */
  looksOnly = 1,
  /** Of `looksOnly`: not a macro of capitals of which only that is known. */
  prints = 2,
  /** It may switch off what this function switched on, or see to it that it will be. */
  undoes = 4,
  /** It lets go of a lock for its caller, or takes one. */
  unlocks = 8,
  /** It takes a second reference: one may be given back, and one be kept. */
  takesAnother = 16,
  /** It looks whether its argument is a valid pointer, and fails or answers no if it is not. */
  validates = 32,
  changesLists = 64,
  /** It keeps what it is given. */
  stores = 128,
  /** It gives its argument back. */
  givesBack = 256,
}

const PATTERNS: readonly (readonly [Trait, RegExp])[] = [
  [
    Trait.looksOnly,
    /(?:^|_)(?:printk|emerg|alert|crit|err|error|warn|warning|notice|info|dbg|debug|trace|log|msg)\w*$|^trace_|^WARN|^BUG|^kmemleak|^[A-Z_0-9]+$|^(?:sizeof|struct_size|flex_array_size|ARRAY_SIZE|typeof|offsetof|container_of|list_entry|IS_ERR|PTR_ERR)/,
  ],
  [Trait.prints, /^(?![A-Z_0-9]+$)|WARN|BUG|DBG|ERR|PRINT|LOG|TRACE|INFO|DEBUG|_P$/],
  [
    Trait.undoes,
    /disable|off|stop|exit|release|put|free|remove|destroy|clean|uninit|deinit|fini|unregister|close|teardown|shutdown|abort|error|fail|unprepare|undo|suspend|devm_add_action|power|detach|down|finali[sz]e/,
  ],
  [Trait.unlocks, /unlock|(?:^|_)(?:re|try)?lock(?:_|$)|release|_put$|^put_|complete|finish|done|end$/],
  [Trait.takesAnother, /^(?:of_node_get|fwnode_handle_get|get_device|pci_dev_get|dev_hold|get_task_struct|skb_get|kobject_get)$/],
  [Trait.validates, /^devm_ioremap_resource|^devm_pci_remap_cfg|_has_|^has_|_is_|^is_|valid|^KUNIT_ASSERT_NOT|check/],
  [Trait.changesLists, /list|_del|remove|dequeue|unlink|pop/],
  [
    Trait.stores,
    /^h?list_add|^list_move|^rb_(?:link|insert)|^xa_(?:store|insert|alloc)|^idr_|^rcu_assign|^llist_add|^kref|_enqueue|^hash_add|^rhashtable_insert|^skb_queue|drvdata$|intfdata$|clientdata$|devm_add_action/,
  ],
  [Trait.givesBack, /free|release|destroy|(?:^|_)put(?:_|$)|cleanup|delete|dispose|drop|unref/],
];

/** `add_remote_info(info)`, `device_register_with_info()`: what stands at the end is what it deals in, not that it prints. */
const HANDS_OVER =
  /^(?!dev_|pr_|net_)(?=.*(?:^|_)(?:add|register|insert|store|save|queue|enqueue|submit|attach|append|push)_).*_(?:info|msg|log|trace|notice|alert)$/;

/** The traits of a function by its name: bits of `Trait`. */
export const traitsOf = remembered((name) => {
  let traits = 0;
  for (const [trait, pattern] of PATTERNS) if (pattern.test(name)) traits |= trait;
  return HANDS_OVER.test(name) ? traits & ~(Trait.looksOnly | Trait.prints) : traits;
});
