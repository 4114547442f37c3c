import { assert } from 'chai';
import { expectEntryPoints, modelOf } from './expect';

describe('entry points: tables of callbacks', () => {
  it('bus drivers and their duties', () => {
    expectEntryPoints(`
static int p(struct platform_device *d) { return 0; }
static void r(struct platform_device *d) {}
static void s(struct platform_device *d) {}
static int z(struct device *d) { return 0; }
static struct platform_driver drv = { //> driver platform_driver -
	.probe = p, //> probe platform_driver.probe p
	.remove = r, //> remove platform_driver.remove r
	.shutdown = s, //> ops platform_driver.shutdown s
	.suspend = pm_ptr(z), //> pm platform_driver.suspend z
	.driver = {
		.name = "x",
		.coredump = z, //> ops device_driver.coredump z
	},
};`);
  });

  it('a driver without callbacks of this file is an entry, an array of pointers to drivers is none', () => {
    expectEntryPoints(`
static struct usb_class_driver cls = { .name = "x", .fops = &f }; //> driver usb_class_driver -
static struct platform_driver * const drivers[] = { &a, &b };`);
  });

  it('designated, positional and nested fields, arrays of structures', () => {
    expectEntryPoints(
      `
static int f(void) { return 0; }
static int g(void);
struct pair { const char *name; int (*run)(void); struct { int (*a)(void); } in; };
static const struct file_operations fops = { //> ops file_operations -
	.open = f, //> ops file_operations.open f
	.llseek = noop_llseek,
};
static struct pair pairs[] = { //> ops pair -
	{ "x", f }, //> ops pair.run f
	{
		.name = "y",
		.in = { .a = g, }, //> ops pair.a g
	},
	[3] = { .run = g }, //> ops pair.run g
	[4].run = f, //> ops pair.run f
};
static int (*const jump[])(void) = { //> ops jump -
	f, //> ops jump f
};`,
    );
  });

  it('through casts, addresses, conditions and parentheses', () => {
    expectEntryPoints(`
static int f(void) { return 0; }
static const struct chip c = { //> ops chip -
	.a = (void *)f, //> ops chip.a f
	.b = &f, //> ops chip.b f
	.c = IS_ENABLED(CONFIG_X) ? f : NULL, //> ops chip.c f
	.d = (kernel_ulong_t)&f, //> ops chip.d f
	.e = (kernel_ulong_t)(f), //> ops chip.e f
	.f = f == NULL,
	.g = sizeof(f),
};`);
  });

  it('macros that fill tables', () => {
    expectEntryPoints(
      `
static int f(struct device *d) { return 0; }
static int g(struct device *d) { return 0; }
static const struct dev_pm_ops pm = { //> ops dev_pm_ops -
	SET_SYSTEM_SLEEP_PM_OPS(f, g) //> pm SET_SYSTEM_SLEEP_PM_OPS f; pm SET_SYSTEM_SLEEP_PM_OPS g
	.restore = g, //> pm dev_pm_ops.restore g
};
static struct kunit_case cases[] = { //> ops kunit_case -
	KUNIT_CASE(f), //> ops KUNIT_CASE f
	{}
};
static struct item items[] = { //> ops item -
	ITEM(x, y, .check = g), //> ops ITEM.check g
};`,
    );
  });

  it('macros of the file in a table', () => {
    expectEntryPoints(`
static int f_open(void) { return 0; }
static int f_stop(void) { return 0; }
#define COMMON .open = f_open
#define STOPS(x) .stop = x##_stop
static const struct ops o = { //> ops ops -
	COMMON, //> ops ops.open f_open
	STOPS(f), //> ops ops.stop f_stop
};
static const struct ops q = { //> ops ops -
	COMMON //> ops ops.open f_open
	.y = f_stop, //> ops ops.y f_stop
};`);
  });

  it('compound literals, local tables and assignments', () => {
    expectEntryPoints(`
struct priv { struct gpio_chip gc; };
static int f(void) { return 0; }
int g(struct priv *p, struct input_dev *in)
{
	struct power_supply_config cfg = { .get = f }; //> ops power_supply_config -; ops power_supply_config.get f
	p->gc.set = f; //> ops gpio_chip.set f
	in->open = &f; //> ops input_dev.open f
	p->x.y[2].z = f; //> ops y.z f
	*in = (struct input_dev){ .close = f }; //> ops input_dev.close f
	register_it(&(const struct ops){ .run = f }); //> ops ops.run f
	return 0;
}`);
  });

  it('parameters and local variables shadow functions; calls are no entries', () => {
    expectEntryPoints(`
static int f(void) { return 0; }
static int h(int (*f)(void), struct ops *o)
{
	o->run = f;
	return f();
}
static int k(struct ops *o) { int f = 3; o->count = f; return f; }
static int l(struct ops *o) { return f() + (o->run == f); }`);
  });

  it('a function declared by a prototype alone has no definition', () => {
    const { entryPoints } = modelOf('int f(void);\nstruct ops o = { .run = f };\nint f2(void) { return f(); }');
    assert.deepInclude(
      entryPoints.find((point) => point.function === 'f'),
      { field: 'run', table: 'o', definition: null },
    );
  });

  it('both sides of #ifdef count between declarations', () => {
    expectEntryPoints(`
static int f(void) { return 0; }
#ifdef CONFIG_X
static struct ops o = { .run = f }; //> ops ops -; ops ops.run f
#else
static struct ops o = { .stop = f }; //> ops ops -; ops ops.stop f
#endif`);
  });

  it('match tables and MODULE_DEVICE_TABLE', () => {
    expectEntryPoints(`
static int f(const struct dmi_system_id *d) { return 0; }
static const struct of_device_id ids[] = { { .compatible = "x" }, {} }; //> id-table of_device_id -
MODULE_DEVICE_TABLE(of, ids); //> device-table MODULE_DEVICE_TABLE -
static const struct dmi_system_id dmi[] = { { .callback = f } }; //> id-table dmi_system_id -; ops dmi_system_id.callback f
static struct timer_id single = { 1 };`);
  });
});
