/**
 * What a kernel name tells by its shape. There are no lists of drivers, buses or subsystems here: the kernel's naming habits hold
 * across them, and for those to come.
 */
import type { EntryPointKind } from './model';

/** What a call of a kernel macro or function does with a function that it is handed. */
export type CalleeShape =
  | 'module'
  | 'initcall'
  | 'export'
  | 'param'
  | 'setup'
  | 'device-table'
  | 'pm'
  | 'attribute'
  | 'irq'
  | 'work'
  | 'timer'
  | 'thread'
  /** Prints or compares the address, marks the function, or calls it right away: no entry. */
  | 'inert'
  /** Rather takes back what another call registered: `devm_remove_action(dev, fn, data)`. */
  | 'release'
  /** Gives back what it is handed: `pm_ptr(fn)`. */
  | 'transparent'
  | 'callback';

/** By the first pattern that fits. */
const CALLEES: readonly (readonly [RegExp, CalleeShape])[] = [
  [/^MODULE_DEVICE_TABLE$/, 'device-table'],
  [/^(?:.*_)?module_param(?:_|$)|^(?:core|device|kernel)_param(?:_|$)|^module_parm/, 'param'],
  [/^(?:early_param|early_param_on_off|__setup|__setup_param|setup_param)$/, 'setup'],
  [/initcall|^__exitcall/, 'initcall'],
  [/^(?:module|builtin)_/, 'module'],
  [/PM_OPS/, 'pm'],
  [/^(?:__)?(?:[A-Z0-9]+_)*EXPORT(?:_[A-Z0-9]+)*_SYMBOL|^(?:__)?EXPORT_/, 'export'],
  [
    /^(?:NOKPROBE_SYMBOL|ALLOW_ERROR_INJECTION|STACK_FRAME_NON_STANDARD.*|INDIRECT_CALL.*|BUILD_BUG.*|BUG_ON|(?:static|lockdep)_assert.*|.*same_type|.*typeof.*|__builtin_.*|WARN.*|MODULE_.*|IS_ERR.*|__?ADDRESSABLE.*|__is_constexpr|sizeof.*|PTR_ERR.*|DECLARE_STATIC_CALL|KSTAT.*|\w*call_\w*_op)$/,
    'inert',
  ],
  [
    /^(?:READ_ONCE|(?:un)?likely|(?:__)?(?:init|exit|devexit|devinit)_p|\w*_p(?:tr|m)?_?ptr|\w*_ptr|PTR_IF|ptr_if|__force|rcu_\w*dereference\w*|RCU_INITIALIZER|__RCU_INITIALIZER|no_printk|function_nocfi|deref\w*)$/,
    'transparent',
  ],
  [/ATTR|_SHOW_|SHOW_|_FOPS|_SEQ_|DEFINE_SHOW|DEFINE_SEQ|(?:^|_)attr(?:_|$)/, 'attribute'],
  [
    /(?:^|_)(?:irq|irqs|nmi|interrupt|isr|gpe)(?:_|$).*(?:request|handler|install|register|attach|setup|flow)|(?:request|install|register|attach|setup|handler|claim).*(?:irq|nmi|interrupt|isr|gpe)(?:_|$)|irq_?handler/i,
    'irq',
  ],
  [
    /(?:^|_)(?:work|works|delayed_work|tasklet|softirq|WORK|TASKLET|SOFTIRQ|on_each_cpu|stop_machine)(?:_|$)|INIT_WORK|DELAYED_WORK|open_softirq|work_init/,
    'work',
  ],
  [/timer/i, 'timer'],
  [/kthread|kernel_thread|smpboot|^create_thread|thread_(?:run|create|start)|user_mode_thread/i, 'thread'],
];

/** Takes back what another call registered; but walkers that free call the function. */
const RELEASE = /(?:^|_)(?:free|release|remove|unregister|deregister|uninstall|unhook|cancel|del|unset|detach|destroy)(?:_|$)/;
const WALK = /for_each|walk|_and_destroy/;

const PRINT =
  /(?:^|_)(?:printk|emerg|alert|crit|err|error|warn|warning|notice|info|dbg|debug|printf|snprintf|scnprintf|panic)(?:_ratelimited|_once|_deferred)*$/i;

/** What a callee of this name does. */
export function calleeShape(name: string): CalleeShape {
  for (const [pattern, shape] of CALLEES)
    if (pattern.test(name)) return shape !== 'irq' || !RELEASE.test(name) ? shape : 'release';
  return RELEASE.test(name) && !WALK.test(name) ? 'release' : 'callback';
}

/** Whether a function of this name prints, given a format. */
export const isPrinter = (name: string): boolean => PRINT.test(name);

/** The kind of an entry through a callee of this shape. */
export function kindOfCallee(shape: CalleeShape): EntryPointKind {
  switch (shape) {
    case 'irq':
    case 'work':
    case 'timer':
    case 'thread':
    case 'pm':
    case 'initcall':
    case 'export':
    case 'param':
      return shape;
    case 'setup':
      return 'param';
    case 'module':
      return 'module-macro';
    case 'attribute':
      return 'sysfs';
    default:
      return 'callback';
  }
}

const PM_FIELD =
  /^(?:runtime_)?(?:suspend|resume|freeze|thaw|poweroff|restore|idle)(?:_late|_early|_noirq|_prepare)?$|^(?:reset|bus)_resume$|^(?:pm_)?(?:suspend|resume)$/;

/** The kind of the callback `field` of a table of type `container`. */
export function kindOfField(container: string, field: string | null, path: string): EntryPointKind {
  if (field === null) return 'ops';
  if (container === 'dev_pm_ops' || container === 'dev_pm_domain') return 'pm';
  if (isDriver(container)) {
    if (/^(?:.*_)?probe(?:_new|_once)?$/.test(field)) return 'probe';
    if (/^(?:remove|disconnect|detach|unbind)(?:_new)?$/.test(field)) return 'remove';
  }
  if (PM_FIELD.test(field)) return 'pm';
  if (field === 'function' && /timer|^tick/i.test(container + path)) return 'timer';
  if (field === 'func' && /work|tasklet/i.test(container + path)) return 'work';
  if (field === 'handler' && container === 'irqaction') return 'irq';
  return 'ops';
}

/** Whether a structure of this name describes a driver to its bus. */
export const isDriver = (structure: string): boolean => structure.endsWith('_driver');

/** Whether a structure of this name is an element of a match table. */
export const isMatch = (structure: string): boolean => /_ids?$/.test(structure);
