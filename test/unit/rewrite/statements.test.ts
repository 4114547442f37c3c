import { expect } from 'chai';
import { bodyOf } from './host';

/** The Rust body of `static <head> { <c> }`. */
const translated = async (head: string, c: string): Promise<string[]> => {
  const name = /(\w+)\(/.exec(head)![1]!;
  return bodyOf(name, `#define ACME_CTRL 0x04\n#define ACME_ON BIT(3)\nstatic ${head}\n{\n${c}\n}\n`);
};

describe('translated statements', () => {
  it('compute in the types of C', async () => {
    expect(await translated('u32 f(u32 a, u32 b)', 'return a - b;')).to.deep.equal(['a.wrapping_sub(b)']);
    expect(await translated('int f(int a, int b)', 'return a - b * 2;')).to.deep.equal(['a - b * 2']);
    expect(await translated('u32 f(u8 a, u8 b)', 'return a + b;')).to.deep.equal(['u32::from(a).wrapping_add(u32::from(b))']);
    expect(await translated('bool f(int a, u32 b)', 'return a < b;')).to.deep.equal(['(a as u32) < b']);
    expect(await translated('u8 f(u32 a)', 'return a >> 8;')).to.deep.equal(['(a >> 8) as u8']);
    expect(await translated('u64 f(u32 a, u32 b)', 'return a * b;')).to.deep.equal(['u64::from(a.wrapping_mul(b))']);
    expect(await translated('int f(unsigned int a)', 'return -a;')).to.deep.equal(['a.wrapping_neg() as i32']);
  });

  it('give constants the type that their uses want', async () => {
    expect(await translated('u32 f(u32 a)', 'return (a & ~ACME_ON) | ACME_CTRL;')).to.deep.equal(['a & !ACME_ON | ACME_CTRL']);
    expect(await translated('bool f(u32 a)', 'return a & ACME_ON;')).to.deep.equal(['a & ACME_ON != 0']);
  });

  it('read a cast of parentheses as one, not as a call', async () => {
    expect(await translated('u32 f(u32 a, u32 b)', 'return (u32)(a * b) / 1000;')).to.deep.equal(['a.wrapping_mul(b) / 1000']);
  });

  it('leave a loop whose variable is changed in C alone', async () => {
    expect(
      (
        await translated(
          'void f(struct acme *acme, u32 n)',
          'u32 i = 0;\nwhile (i < n) {\n\tacme->count++;\n\tacme->small = spin(i++);\n}',
        )
      ).filter((line) => !/^\s*\/\//.test(line)),
    ).to.deep.equal(['let _i: u32 = 0;']);
  });

  it('leave a call that gives something back through a pointer which Rust has not', async () => {
    const text = `static int read_it(struct acme *acme, void *buf, u32 n)
{
	return fetch(acme, buf, n);
}
static int f(struct acme *acme)
{
	u8 status = 0;
	int ret;

	ret = read_it(acme, &status, 1);
	return status ? ret : 0;
}
`;
    expect((await bodyOf('f', text)).join('\n')).to.match(/\/\/ {5}ret = read_it\(acme, &status, 1\);/);
  });

  it('use private data through a reference that is mutable only if need be', async () => {
    expect(await translated('void f(struct acme *acme)', 'acme->count++;\nacme->small = acme->count;')).to.deep.equal([
      'acme.count = acme.count.wrapping_add(1);',
      'acme.small = acme.count as u8;',
    ]);
    expect(await translated('void f(void *data)', 'struct acme *acme = data;\nacme->table[1] = 5;')).to.deep.equal([
      'acme.table[1] = 5;',
    ]);
  });

  it('access registers through what maps them', async () => {
    expect(
      await translated(
        'void f(struct acme *acme)',
        'u32 value = readl(acme->base + ACME_CTRL);\nwritel(value | ACME_ON, acme->base + ACME_CTRL);',
      ),
    ).to.deep.equal(['let value: u32 = acme.base.read32(ACME_CTRL);', 'acme.base.write32(value | ACME_ON, ACME_CTRL);']);
  });

  it('turn counting loops into ranges, and others into while', async () => {
    expect(await translated('void f(struct acme *acme)', 'int i;\nfor (i = 0; i < 4; i++)\n\tacme->table[i] = i;')).to.deep.equal(
      ['for i in 0..4 {', '    acme.table[i as usize] = i as u32;', '}'],
    );
    expect(
      await translated('int f(struct acme *acme)', 'int i;\nfor (i = 0; i < 4; i++)\n\tacme->count++;\nreturn i;'),
    ).to.deep.equal([
      'let mut i: i32 = 0;',
      'i = 0;',
      'while i < 4 {',
      '    acme.count = acme.count.wrapping_add(1);',
      '    i += 1;',
      '}',
      'i',
    ]);
  });

  it('turn errors into results, and their checks into a question mark', async () => {
    const text =
      'static int g(int a)\n{\n\tif (a < 0)\n\t\treturn -EINVAL;\n\treturn 0;\n}\nstatic int f(int a)\n{\n\tint ret;\n\n\tret = g(a);\n\tif (ret)\n\t\treturn ret;\n\treturn g(a + 1);\n}\n';
    expect(await bodyOf('g', text)).to.deep.equal(['if a < 0 {', '    return Err(EINVAL);', '}', 'Ok(())']);
    expect(await bodyOf('f', text)).to.deep.equal(['g(a)?;', 'g(a + 1)']);
  });

  it('turn a forward goto into a labelled block', async () => {
    expect(
      await translated(
        'int f(struct acme *acme, int a)',
        'if (a)\n\tgoto out;\nacme->count = 1;\nout:\n\tacme->small = 2;\n\treturn 3;',
      ),
    ).to.deep.equal([
      "'out: {",
      '    if a != 0 {',
      "        break 'out;",
      '    }',
      '    acme.count = 1;',
      '}',
      'acme.small = 2;',
      '3',
    ]);
  });

  it('turn a switch without fall-through into a match', async () => {
    expect(
      await translated('int f(u32 a)', 'switch (a) {\ncase 1:\ncase 2:\n\treturn 5;\ndefault:\n\tbreak;\n}\nreturn 6;'),
    ).to.deep.equal(['match a {', '    1 | 2 => return 5,', '    _ => {}', '}', '6']);
  });

  it('stay in C with the reason where Rust has nothing', async () => {
    expect(await translated('void f(struct acme *acme)', 'clk_foo(acme->clk);\nacme->count = 1;')).to.deep.equal([
      '// Left in C (no Rust equivalent of clk_foo):',
      '//     clk_foo(acme->clk);',
      'acme.count = 1;',
    ]);
  });

  it('stay in C where Rust does it in another way, with what it is', async () => {
    const [reason] = await translated('void f(struct acme *acme)', 'mutex_lock(&acme->lock);\nacme->count = 1;');
    expect(reason).to.equal('// Left in C (mutex_lock: to be done by hand with kernel::sync::lock::Lock::lock):');
  });

  it('do not borrow twice what a callee changes', async () => {
    const text =
      'static void g(struct acme *acme, u32 n)\n{\n\tacme->count = n;\n}\nstatic void f(struct acme *acme)\n{\n\tg(acme, acme->count);\n}\n';
    expect(await bodyOf('f', text)).to.deep.equal(['let value: u32 = acme.count;', 'g(acme, value);']);
  });
});
