import { expectEntryPoints } from './expect';

describe('entry points: functions handed to the kernel', () => {
  it('by the kind that the callee tells', () => {
    expectEntryPoints(`
static irqreturn_t h(int i, void *d) { return 0; }
static irqreturn_t t(int i, void *d) { return 0; }
static void w(struct work_struct *s) {}
static int th(void *d) { return 0; }
static void a(void *d) {}
static DECLARE_WORK(now, w); //> work DECLARE_WORK w
static DEFINE_TIMER(tick, a); //> timer DEFINE_TIMER a
int p(struct priv *p)
{
	if (devm_request_threaded_irq(p->dev, 1, h, t, 0, "x", p)) //> irq devm_request_threaded_irq h; irq devm_request_threaded_irq t
		return 1;
	request_irq(1, //> irq request_irq h
		    h, 0, "x", p);
	INIT_DELAYED_WORK(&p->work, w); //> work INIT_DELAYED_WORK w
	timer_setup(&p->timer, a, 0); //> timer timer_setup a
	p->timer.function = a; //> timer timer.function a
	tasklet_setup(&p->t, a); //> work tasklet_setup a
	p->task = kthread_run(th, p, "x"); //> thread kthread_run th
	call_rcu(&p->rcu, a); //> callback call_rcu a
	p->ops->attach(p, a); //> callback attach a
	return devm_add_action_or_reset(p->dev, a, p); //> callback devm_add_action_or_reset a
}`);
  });

  it('not what is printed, released, called at once or only compared', () => {
    expectEntryPoints(`
static irqreturn_t h(int i, void *d) { return 0; }
static void f(void) { pr_info("%ps", f); WARN_ON(x == f); BUILD_BUG_ON(!f); TRACE_FUNCTION(f); }
int p(struct priv *p)
{
	request_irq(1, h, 0, "x", p); //> irq request_irq h
	free_irq(1, h);
	dev_dbg(p->dev, "calling %pS\\n", f);
	return INDIRECT_CALL_1(p->f, f, p);
}`);
  });

  it('a release call counts where nothing else enters the function', () => {
    expectEntryPoints(`
static int gone(struct device *d, void *p) { return 0; }
int p(struct priv *p)
{
	return container_remove_all(p, gone); //> callback container_remove_all gone
}`);
  });

  it('through functions of the file that hand their parameter on or keep it', () => {
    expectEntryPoints(`
static void cb(void *d) {}
static int later(struct priv *p, void (*fn)(void *)) { return devm_add_action(p->dev, fn, p); }
static void keep(struct priv *p, int n, void (*fn)(void *)) { p->done = fn; }
static void now(struct priv *p, void (*fn)(void *)) { fn(p); }
int p(struct priv *p)
{
	now(p, cb);
	keep(p, 1, cb); //> callback keep cb
	return later(p, cb); //> callback later cb
}`);
  });

  it('through several functions of the file', () => {
    expectEntryPoints(`
static void cb(void *d) {}
static void third(struct q *q, int n, void (*fn)(void *)) { q->func = fn; }
static void second(struct q *q, void (*fn)(void *)) { third(q, 1, fn); }
static void first(struct q *q, void (*fn)(void *)) { if (q) first(q, fn); second(q, fn); }
void p(struct q *q) { first(q, cb); } //> callback first cb`);
  });

  it('through local variables: where the variable goes', () => {
    expectEntryPoints(`
static irqreturn_t a(int i, void *d) { return 0; }
static irqreturn_t b(int i, void *d) { return 0; }
static int c(void) { return 0; }
int p(struct priv *p)
{
	irq_handler_t handler = p->x ? a : b;
	int (*local)(void) = c;

	local();
	return request_irq(1, handler, 0, "x", p); //> irq request_irq a; irq request_irq b
}`);
  });

  it('through function pointers whose type is a name', () => {
    expectEntryPoints(`
static irqreturn_t a(int i, void *d) { return 0; }
u64 (*exported)(void) = a; //> callback exported a
int p(struct priv *p)
{
	irqreturn_t (*fault)(int irq, void *dev);
	u32 *(*unused)(u32 *x);

	fault = a;
	unused = a;
	return devm_request_irq(p->dev, 1, fault, 0, "x", p); //> irq devm_request_irq a
}`);
  });

  it('hooks of the kernel, not pointers that stay in the file', () => {
    expectEntryPoints(`
static void off(void) {}
static void (*own)(void);
int p(void)
{
	own = off;
	pm_power_off = off; //> callback pm_power_off off
	return 0;
}`);
  });

  it('macros of the file: what they expand to', () => {
    expectEntryPoints(`
static irqreturn_t h(int i, void *d) { return 0; }
static int r(int x) { return 0; }
#define REQUEST(n) request_irq(n, h, 0, "x", NULL)
#define RUN(fn) (fn)(3)
#define READ(x) r(x)
int p(void)
{
	RUN(r);
	READ(2);
	return REQUEST(1); //> irq REQUEST h
}`);
  });

  it('functions that are returned', () => {
    expectEntryPoints(`
static irqreturn_t h(int i, void *d) { return 0; }
static irq_handler_t choose(void)
{
	return h; //> callback choose h
}`);
  });
});
