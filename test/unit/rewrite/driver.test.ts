import { expect } from 'chai';
import { describeDriver } from '../../../src/core/driver';
import { idiomAt } from '../../../src/core/rewrite';
import { syntaxForTests } from '../syntax-host';
import { apiForTests, candidateOf, framed } from './host';

describe('whole drivers', () => {
  it('implement the trait of the bus with the signatures of the kernel in use', async () => {
    const { text: rust, traits, statistics } = await framed('');
    expect(traits).to.deep.equal(['kernel::platform::Driver']);
    expect(rust).to.contain('impl platform::Driver for AcmeDriver {');
    expect(rust).to.contain("        dev: &'bound platform::Device<Core<'_>>,");
    expect(rust).to.contain('(of::DeviceId::new(c"acme,one"), ()),');
    expect(rust).to.contain('kernel::module_platform_driver! {');
    expect(rust).to.contain('KBox::new(Acme::new(pdev.as_ref()), GFP_KERNEL)?');
    expect(statistics).to.include({ statements: 4, translated: 4 });
  });

  it('have a region for each part of the C text', async () => {
    const { text, links } = await framed('static u32 twice(u32 a)\n{\n\tspin();\n\treturn a * 2;\n}\n');
    const lines = text.split('\n');
    const link = links.find(({ rustStart }) => lines[rustStart]?.includes('wrapping_mul') === true);
    expect(link).to.deep.include({ cStart: 5, cEnd: 6, rustEnd: link!.rustStart + 1, file: 0, translated: true });
    const left = links.find(({ cStart }) => cStart === 4);
    expect(left).to.include({ cEnd: 5, translated: false });
    expect(lines[left!.rustStart]).to.match(/^ *\/\/ /);
  });

  it('say what the kernel lacks, and not what the driver defines itself', async () => {
    const { missing } = await framed(
      'struct acme_ring { struct list_head *head; };\nstatic struct acme_ring *acme_ring_of(struct acme *a)\n{\n\treturn NULL;\n}\nstatic int fill(struct acme *a)\n{\n\tstruct acme_ring *r = acme_ring_of(a);\n\tregmap_write(r, 1, 2);\n\treturn 0;\n}\n',
    );
    expect(missing.map(({ name }) => name)).to.deep.equal(['regmap_write']);
  });

  it('say why there is none', async () => {
    const candidate = await candidateOf(
      'static int p(struct spi_device *s) { return 0; }\nstatic struct spi_driver d = { .probe = p };',
    );
    expect(candidate)
      .to.have.property('reason')
      .that.matches(/no Rust abstraction of struct spi_driver/);
    expect(await candidateOf('int x;')).to.include({ reason: 'nothing in these files registers a driver', text: '' });
  });

  it('differ by kernel: 6.12 has no platform drivers', async () => {
    const candidate = await candidateOf(
      'static int p(struct platform_device *s) { return 0; }\nstatic struct platform_driver d = { .probe = p };',
      '6.12',
    );
    expect(candidate).to.have.property('reason');
  });

  it('never fail on broken text', async () => {
    for (const text of [
      '',
      'static struct platform_driver d = {',
      'static struct platform_driver d = { .probe = f }; static int f( { ((( }',
      '#if\n}}}',
    ])
      expect(await candidateOf(text)).to.be.an('object');
  });
});

describe('idioms', () => {
  it('use the names of the C text', async () => {
    const syntax = await syntaxForTests();
    const text = 'struct foo { u32 n; };\nvoid f(void)\n{\n\tstruct foo *bar = kzalloc(sizeof(*bar), GFP_ATOMIC);\n}\n';
    const tree = syntax.parse('c', text);
    const idiom = idiomAt(tree, describeDriver(tree), apiForTests('7.3').catalogue, text.indexOf('kzalloc'));
    expect(idiom?.rust).to.equal('let bar = KBox::new(Foo::default(), GFP_ATOMIC)?;');
    expect(idiomAt(tree, describeDriver(tree), apiForTests('6.1').catalogue, text.indexOf('kzalloc'))).to.equal(undefined);
  });

  const idiomOf = async (text: string, at: string): Promise<string | undefined> => {
    const tree = (await syntaxForTests()).parse('c', text);
    return idiomAt(tree, describeDriver(tree), apiForTests('7.3').catalogue, text.indexOf(at))?.rust;
  };

  it('put into a lock what the whole file uses under it, and nothing else', async () => {
    const text = `struct foo { struct mutex lock; struct mutex other; u32 inside; bool also; u32 outside; };
void f(struct foo *foo) { foo->outside = 1; mutex_lock(&foo->lock); foo->inside++; mutex_unlock(&foo->lock); foo->outside = 2; }
void g(struct foo *bar) { mutex_lock(&bar->lock); mutex_lock(&bar->other); bar->also = true; }`;
    const rust = await idiomOf(text, 'mutex_lock');
    expect(rust).to.contain('struct FooInner {\n    inside: u32,\n    also: bool,\n}');
    expect(await idiomOf('void f(struct foo *foo) { mutex_lock(&foo->lock); }', 'mutex_lock')).not.to.contain('u32');
  });

  it('leave out of a lock what guards itself', async () => {
    const text = `struct foo { struct mutex lock; struct kref refs; atomic_t users; wait_queue_head_t wait; u32 inside; };
void f(struct foo *foo) { mutex_lock(&foo->lock); kref_get(&foo->refs); atomic_inc(&foo->users); wake_up(&foo->wait); foo->inside++; mutex_unlock(&foo->lock); }`;
    expect(await idiomOf(text, 'mutex_lock')).to.contain('struct FooInner {\n    inside: u32,\n}');
  });

  it('of a reference are making, sharing and dropping an Arc', async () => {
    const text =
      'struct foo { struct kref refs; };\nvoid f(struct foo *foo) { kref_init(&foo->refs); kref_get(&foo->refs); kref_put(&foo->refs, g); }';
    expect(await idiomOf(text, 'kref_init')).to.equal('let foo = Arc::new(Foo::default(), GFP_KERNEL)?;');
    expect(await idiomOf(text, 'kref_get')).to.equal('let other = foo.clone();');
    expect(await idiomOf(text, 'kref_put')).to.match(/^drop\(foo\);/);
  });

  it('name the function that gave an error pointer, and the error that is given', async () => {
    const text = `struct clk *f(struct acme *acme, struct device *dev) {
  acme->core = acme_clock(dev);
  if (IS_ERR(acme->core)) return ERR_PTR(-ENODEV);
  return acme->core; }`;
    expect(await idiomOf(text, 'IS_ERR')).to.equal('let core = acme_clock()?;');
    expect(await idiomOf(text, 'ERR_PTR(')).to.equal('return Err(ENODEV);');
    expect(await idiomOf('int f(struct clk *c) { return PTR_ERR(c); }', 'PTR_ERR')).to.equal(undefined);
  });

  it('make a match of a switch over ioctl commands, with their numbers and types', async () => {
    const text = `#define ACME 'a'
#define ACME_RESET _IO(ACME, 0)
#define ACME_SET _IOW(ACME, 0x01, __u32)
long f(unsigned int cmd) { switch (cmd) { case ACME_RESET: return 0; case ACME_SET: return 1; default: return -ENOTTY; } }`;
    const rust = await idiomOf(text, 'switch');
    expect(rust).to.contain("const ACME_SET: u32 = _IOW::<u32>(b'a' as u32, 0x01);");
    expect(rust).to.contain('ACME_SET => acme_set(user.reader())?,');
    expect(await idiomOf('long f(int x) { switch (x) { case 1: return 0; } return 1; }', 'switch')).to.equal(undefined);
  });

  it('give a module parameter its type, first value and description', async () => {
    const text = 'static int debug = -1;\nmodule_param(debug, int, 0644);\nMODULE_PARM_DESC(debug, "How much is said");\n';
    expect(await idiomOf(text, 'module_param')).to.contain(
      '        debug: i32 {\n            default: -1,\n            description: "How much is said",',
    );
  });
});

describe('the data of the id table', () => {
  const driver = (check: string): string => `
struct acme_info { u32 channels; bool fast; };
struct acme { u32 count; struct device *dev; };
static const struct acme_info acme_one = { .channels = 3 };
static int acme_probe(struct platform_device *pdev)
{
	const struct acme_info *info;
	struct acme *acme;

	info = of_device_get_match_data(&pdev->dev);
	${check}
	acme = devm_kzalloc(&pdev->dev, sizeof(*acme), GFP_KERNEL);
	if (!acme)
		return -ENOMEM;
	acme->count = info->channels;
	return 0;
}
static const struct of_device_id acme_match[] = { { .compatible = "acme,one", .data = &acme_one }, {} };
static struct platform_driver acme_driver = {
	.probe = acme_probe,
	.driver = { .name = "acme", .of_match_table = acme_match },
};
module_platform_driver(acme_driver);
MODULE_LICENSE("GPL");
`;

  it('comes to the probe, with the error of C where nothing matched', async () => {
    const { text } = await candidateOf(driver('if (!info)\n\t\treturn -EINVAL;'));
    expect(text)
      .to.contain('let state = acme_probe(dev, id_info.copied().ok_or(EINVAL)?)?;')
      .and.to.contain('fn acme_probe(pdev: &platform::Device, info: &AcmeInfo) -> Result<KBox<Acme>> {')
      .and.to.contain('acme.count = info.channels;')
      .and.not.to.contain('Left in C');
  });

  it('stays in C where the probe goes on without', async () => {
    const { text } = await candidateOf(driver('if (info == NULL)\n\t\tdev_info(&pdev->dev, "none\\n");'));
    expect(text).to.contain('let state = acme_probe(dev)?;').and.to.contain('//     acme->count = info->channels;');
  });
});

describe('what the module macros say', () => {
  it('is kept with its quotes', async () => {
    const { text } = await framed('MODULE_AUTHOR("Jo \\"J\\" Doe");\nMODULE_DESCRIPTION("Acme");\n');
    expect(text).to.contain('    authors: ["Jo \\"J\\" Doe"],');
  });
});

describe('what rustfmt makes of a candidate', () => {
  it('breaks calls, chains, operators and patterns where it does', async () => {
    const { text } = await framed(`
static u32 long_name_of_a_function(u32 first_argument, u32 second_argument) { return first_argument / second_argument; }
static u32 f(struct acme *acme, u32 channel, u32 another_value)
{
	return long_name_of_a_function(acme->table[channel & 3] * 1000000, another_value + channel) + (another_value * 25);
}
static u32 g(struct acme *acme, u32 channel_number, u32 another_value)
{
	u32 bank_offset_of_the_channel = acme->count + (channel_number / 25) * (another_value - channel_number);

	return bank_offset_of_the_channel;
}
`);
    expect(text)
      .to.contain(
        [
          '    long_name_of_a_function(',
          '        acme.table[(channel & 3) as usize].wrapping_mul(1000000),',
          '        another_value.wrapping_add(channel),',
          '    )',
          '    .wrapping_add(another_value.wrapping_mul(25))',
        ].join('\n'),
      )
      .and.to.contain(
        [
          '    let bank_offset_of_the_channel: u32 = acme.count.wrapping_add(',
          '        (channel_number / 25).wrapping_mul(another_value.wrapping_sub(channel_number)),',
          '    );',
        ].join('\n'),
      );
  });
});

describe('what clippy asks for', () => {
  it('no conditions and choices that say the same in more words', async () => {
    const { text } = await framed(`
#define ACME_IS(x) ((x) == 3)
static bool a(u32 x) { return !ACME_IS(x) && x != 9; }
static bool b(u32 x) { switch (x) { case 1: case 4: return true; default: return false; } }
static u32 c(u32 x) { x = x ^ 1; return x; }
static int d(int x) { if (x < 0) x = 0; else if (x > 31) x = 31; return x; }
static u32 f(int x) { return (u32)abs(x) | 0x0aF0; }
static bool e(u32 x) { bool y; if (x > 4) y = true; else y = false; return y; }
`);
    expect(text)
      .to.contain('x != 3 && x != 9')
      .and.to.contain('matches!(x, 1 | 4)')
      .and.to.contain('x ^= 1;')
      .and.to.contain('x = x.clamp(0, 31);')
      .and.to.contain('x.unsigned_abs() | 0x0af0')
      .and.to.contain('x > 4;');
  });

  it('no return at the end of what gives nothing, ranges as such, an if for one value, no operation without effect', async () => {
    const { text } = await framed(`
static void a(u32 x)
{
	if (x) {
		other(x);
		return;
	}
}
static bool b(u32 x) { return x >= 2 && x <= 7; }
static u8 c(u32 x) { return (u8)(x >> 8) & 0xff; }
`);
    expect(text)
      .to.contain('(2..=7).contains(&x)')
      .and.not.to.match(/\breturn;\n {4}\}\n\}/);
    expect(text).not.to.contain('as u8 & 0xff');
    expect(text).not.to.contain('clippy::');
  });
});
