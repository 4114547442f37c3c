import { assert } from 'chai';
import { expectEntryPoints, modelOf } from './expect';

describe('entry points: macros at file scope', () => {
  it('modules, initcalls, system calls', () => {
    expectEntryPoints(`
static int __init f(void) { return 0; }
static void __exit g(void) {}
module_init(f); //> module-macro module_init f
module_exit(g); //> module-macro module_exit g
subsys_initcall_sync(f); //> initcall subsys_initcall_sync f
console_initcall(f); //> initcall console_initcall f
module_pci_driver(drv); //> module-macro module_pci_driver -
builtin_platform_driver_probe(drv, f); //> module-macro builtin_platform_driver_probe -; module-macro builtin_platform_driver_probe f
module_driver(drv, add_driver, del_driver); //> module-macro module_driver -
SYSCALL_DEFINE2(nice, int, a, char __user *, b) { return 0; } //> syscall SYSCALL_DEFINE2 nice
MODULE_LICENSE("GPL");
`);
  });

  it('parameters and exports', () => {
    expectEntryPoints(`
static int debug;
static int set(const char *v, const struct kernel_param *p) { return 0; }
int api(void) { return 0; }
module_param(debug, int, 0644); //> param module_param -
module_param_named(verbose, debug, int, 0644); //> param module_param_named -
module_param_call(mode, set, param_get_int, &debug, 0644); //> param module_param_call set
MODULE_PARM_DESC(debug, "x");
__setup("debug=", set); //> param __setup set
EXPORT_SYMBOL_GPL(api); //> export EXPORT_SYMBOL_GPL api
EXPORT_SYMBOL_NS(table, "NS"); //> export EXPORT_SYMBOL_NS -
`);
    assert.deepEqual(
      modelOf('module_param_named(verbose, debug, int, 0644);').entryPoints.map(({ name }) => name),
      ['verbose'],
    );
  });

  it('attributes: functions that are given and functions that are made', () => {
    expectEntryPoints(
      `
static ssize_t a_show(void) { return 0; }
static ssize_t a_store(void) { return 0; }
static ssize_t b_show(void) { return 0; }
static ssize_t show_c(void) { return 0; }
static ssize_t pre_d_show(void) { return 0; }
static ssize_t e_value_show(void) { return 0; }
static DEVICE_ATTR_RW(a); //> sysfs DEVICE_ATTR_RW a_show; sysfs DEVICE_ATTR_RW a_store
static DEVICE_ATTR_RO(b); //> sysfs DEVICE_ATTR_RO b_show
static DEVICE_ATTR(c, 0444, show_c, NULL); //> sysfs DEVICE_ATTR show_c
CONFIGFS_ATTR_RO(pre_, d); //> sysfs CONFIGFS_ATTR_RO pre_d_show
static SENSOR_DEVICE_ATTR_RO(in1_input, e_value, 3); //> sysfs SENSOR_DEVICE_ATTR_RO e_value_show
DEFINE_SHOW_ATTRIBUTE(a); //> sysfs DEFINE_SHOW_ATTRIBUTE a_show
static struct attribute *attrs[] = { &dev_attr_a.attr, NULL };
ATTRIBUTE_GROUPS(a);
static DEFINE_MUTEX(b);
`,
    );
  });

  it('attributes are named by the attribute, not by a prefix or a function', () => {
    const names = (source: string) => modelOf(source).entryPoints.map(({ name }) => name);
    assert.deepEqual(names('static ssize_t x_show(void) { return 0; }\nstatic DEVICE_ATTR_RO(x);'), ['x']);
    assert.deepEqual(names('static ssize_t p_x_show(void) { return 0; }\nCONFIGFS_ATTR_RO(p_, x);'), ['x']);
  });

  it('macros of the file around attributes', () => {
    expectEntryPoints(`
static ssize_t temp_show(void) { return 0; }
static ssize_t fan_show(void) { return 0; }
static ssize_t fan_store(void) { return 0; }
#define RO(name) static DEVICE_ATTR(name, 0444, name##_show, NULL)
#define RW(name) static DEVICE_ATTR_RW(name)
RO(temp); //> sysfs RO temp_show
RW(fan); //> sysfs RW fan_show; sysfs RW fan_store
`);
  });

  it('functions that macros define, of the file and of headers', () => {
    expectEntryPoints(`
#define SHOW_IN(reg) static ssize_t show_##reg(struct device *d) { return print(reg); }
#define STAT(x) static ssize_t stat_##x(struct device *d) { return helper(x); } static HOST_ATTR(x, 0444, stat_##x, NULL)
SHOW_IN(min)
STAT(frames); //> sysfs STAT stat_frames
static DEVICE_ATTR(in_min, 0444, show_min, NULL); //> sysfs DEVICE_ATTR show_min
MAKE_SHOW(level)
static DEVICE_ATTR_RO(level); //> sysfs DEVICE_ATTR_RO level_show
static BIN_ATTR_RW(blob, 0); //> sysfs BIN_ATTR_RW blob_read; sysfs BIN_ATTR_RW blob_write
CONFIGFS_ATTR_RO(pre_, name); //> sysfs CONFIGFS_ATTR_RO pre_name_show
`);
  });

  it('macros of the file around parameters, exports and modules', () => {
    expectEntryPoints(`
int api(void) { return 0; }
#define OPTION(n, d) static int n[3]; module_param_array(n, int, NULL, 0); MODULE_PARM_DESC(n, d)
#define PUBLIC(fn) EXPORT_SYMBOL_GPL(fn)
OPTION(speed, "x"); //> param OPTION -
PUBLIC(api); //> export PUBLIC api
`);
  });

  it('functions that are given count, not those that could be made of the name', () => {
    expectEntryPoints(`
static ssize_t wq_clients_show(void) { return 0; }
static ssize_t get_clients(void) { return 0; }
static ssize_t clients_show(void) { return get_clients(); }
static struct device_attribute wq = __ATTR(clients, 0444, wq_clients_show, NULL); //> sysfs __ATTR wq_clients_show
static DEVICE_ATTR_RO(clients); //> sysfs DEVICE_ATTR_RO clients_show
`);
  });

  it('functions that only a macro of some header can mean', () => {
    expectEntryPoints(
      `
static int drv_get_state(void) { return 0; }
static int frob_lck(void) { return 0; }
static inline int drv_unused_state(void) { return 0; }
static DEF_QCMD(frob); //> callback DEF_QCMD frob_lck
static struct dev_attr attrs[] = { //> ops dev_attr -
	DRV_ITEM(state, 3), //> ops DRV_ITEM drv_get_state
};`,
    );
  });

  it('power management', () => {
    expectEntryPoints(`
static int s(struct device *d) { return 0; }
static int r(struct device *d) { return 0; }
static DEFINE_SIMPLE_DEV_PM_OPS(ops, s, NULL); //> pm DEFINE_SIMPLE_DEV_PM_OPS s
static UNIVERSAL_DEV_PM_OPS(ops2, s, r, NULL); //> pm UNIVERSAL_DEV_PM_OPS s; pm UNIVERSAL_DEV_PM_OPS r
`);
  });

  it('declarations for the devicetree and others by their shape', () => {
    expectEntryPoints(`
static int __init f(struct device_node *n) { return 0; }
CLK_OF_DECLARE(x, "vendor,x", f); //> callback CLK_OF_DECLARE f
DECLARE_PCI_FIXUP_FINAL(1, 2, f); //> callback DECLARE_PCI_FIXUP_FINAL f
NOKPROBE_SYMBOL(f);
`);
  });
});
