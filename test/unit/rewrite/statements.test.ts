import { expect } from 'chai';
import { bodyOf, candidateOf, framed } from './host';

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

  it('round divisions of 64 bits as C does, with the width of its divisor', async () => {
    const divided = (macro: string) => translated('u64 f(u64 a, u64 b)', `return ${macro}(a, b);`);
    expect(await divided('DIV64_U64_ROUND_UP')).to.deep.equal(['a.div_ceil(b)']);
    expect(await divided('DIV_U64_ROUND_UP')).to.deep.equal(['a.div_ceil(u64::from(b as u32))']);
    expect(await divided('DIV64_U64_ROUND_CLOSEST')).to.deep.equal(['a.wrapping_add(b / 2) / b']);
    expect(await divided('DIV_U64_ROUND_CLOSEST')).to.deep.equal([
      'a.wrapping_add(u64::from(b as u32) / 2) / u64::from(b as u32)',
    ]);
  });

  it('give a number that is erased the type that it would be converted to', async () => {
    const text = '#define ACME_MASK 0xff\n#define ACME_TYPE(v) FIELD_GET(ACME_MASK, v)\n#define ACME_NONE 0\n';
    const body = await bodyOf('f', `${text}static void f(struct acme *acme)\n{\n\twriteq(ACME_TYPE(0), acme->base + 8);\n}\n`);
    expect(body).to.deep.equal(['acme.base.write64(0u64, 8);']);
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

  it('turn a switch into a match', async () => {
    expect(
      await translated('int f(u32 a)', 'switch (a) {\ncase 1:\ncase 2:\n\treturn 5;\ndefault:\n\tbreak;\n}\nreturn 6;'),
    ).to.deep.equal(['match a {', '    1 | 2 => return 5,', '    _ => {}', '}', '6']);
  });

  it('go on in the arm of a case with what it falls through into', async () => {
    const c =
      'switch (a) {\ncase 1:\n\tacme->count = 7;\n\tfallthrough;\ncase 2:\n\tacme->small = 1;\n\tbreak;\ndefault:\n\tacme->small = 2;\n}';
    expect(await translated('void f(struct acme *acme, u32 a)', c)).to.deep.equal([
      'match a {',
      '    1 => {',
      '        acme.count = 7;',
      '        acme.small = 1;',
      '    }',
      '    2 => {',
      '        acme.small = 1;',
      '    }',
      '    _ => {',
      '        acme.small = 2;',
      '    }',
      '}',
    ]);
  });

  it('look at each bit of a word in for_each_set_bit()', async () => {
    const c = '\tunsigned long bits = acme->count;\n\tint i;\n\n\tfor_each_set_bit(i, &bits, 8)\n\t\tacme->small += i;';
    const text = (await translated('void f(struct acme *acme)', c)).join('\n');
    expect(text).to.contain('for i in 0..8').and.to.contain('if bits & (1usize << i) != 0 {');
  });

  it('mark a value that stands in for what is left in C', async () => {
    const text = await translated(
      'int f(struct acme *acme)',
      'int ret;\nint n = 0;\nret = spin(acme);\nif (ret > n)\n\treturn 1;\nreturn spin(acme);',
    );
    expect(text).to.deep.equal([
      '// Stands in for what is left in C.',
      'let ret: i32 = 0;',
      'let n: i32 = 0;',
      '// Left in C (no Rust equivalent of spin):',
      '//     ret = spin(acme);',
      'if ret > n {',
      '    return 1;',
      '}',
      '// Left in C (no Rust equivalent of spin):',
      '//     return spin(acme);',
      '// Stands in for what is left in C.',
      '0',
    ]);
  });

  it('leave a loop that what is left in C alone makes go on, or ends', async () => {
    const code = async (c: string): Promise<string[]> =>
      (await translated('u32 f(struct acme *acme, u32 n)', c)).filter((line) => !/^\s*\/\//.test(line));
    expect(
      await code(
        'u32 i;\nfor (i = 0; i < n; i++) {\n\tif (spin(i))\n\t\tcontinue;\n\tacme->count = i;\n\treturn 1;\n}\nreturn 0;',
      ),
    ).to.deep.equal(['0']);
    expect(await code('while (!acme->small) {\n\tacme->count++;\n\tspin(n);\n}\nreturn 0;')).to.deep.equal(['0']);
  });

  it('compute once what is checked for an error and given back', async () => {
    expect(
      await translated('int f(struct acme *acme, u32 n)', 'if (n > 4)\n\treturn -EINVAL;\nreturn readl(acme->base + 4);'),
    ).to.deep.equal([
      'if n > 4 {',
      '    return Err(EINVAL);',
      '}',
      'let value: i32 = acme.base.read32(4) as i32;',
      'to_result(value).map(|()| value)',
    ]);
  });

  it('call what the kernel crate has as a function with the same arguments', async () => {
    expect(
      await translated(
        'int f(struct platform_device *pdev)',
        'if (acme_off)\n\treturn -EINVAL;\nreturn devm_regulator_get_enable(&pdev->dev, "vdd");',
      ),
    ).to.include('regulator::devm_enable(pdev.as_ref(), c"vdd")');
    // A PHY's device is not known to be bound.
    const phy = await candidateOf(`static int acme_probe(struct phy_device *phydev)
{
	return devm_regulator_get_enable(&phydev->mdio.dev, "vdd");
}
static struct phy_driver acme_phy[] = { { .phy_id = 1, .name = "acme", .probe = acme_probe, .soft_reset = acme_probe } };
module_phy_driver(acme_phy);
`);
    expect(phy.text).to.include('Left in C (it is not known to be bound').and.not.include('regulator::devm_enable');
  });

  it('say nothing of what neither C nor Rust comes to', async () => {
    expect(
      await translated('int f(u32 a)', 'switch (a) {\ncase 1:\n\treturn 5;\ndefault:\n\treturn 7;\n}\nreturn 6;'),
    ).to.deep.equal(['match a {', '    1 => 5,', '    _ => 7,', '}']);
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

  it('take an assignment out of the condition that it starts', async () => {
    const c =
      'int ret;\n\nif ((ret = twice(a)) < 0)\n\treturn 1;\nwhile ((ret = twice(ret)) < 100)\n\tacme->count++;\nreturn ret;';
    const text = `static int twice(int a)\n{\n\treturn a * 2;\n}\nstatic int f(struct acme *acme, int a)\n{\n${c}\n}\n`;
    expect(await bodyOf('f', text)).to.deep.equal([
      'let mut ret: i32 = twice(a);',
      'if ret < 0 {',
      '    return 1;',
      '}',
      'loop {',
      '    ret = twice(ret);',
      '    if ret >= 100 {',
      '        break;',
      '    }',
      '    acme.count = acme.count.wrapping_add(1);',
      '}',
      'ret',
    ]);
  });

  it('give the outer variable of two assignments what the inner one holds', async () => {
    expect(await translated('void f(struct acme *acme, u32 n)', 'acme->count = acme->small = n;')).to.deep.equal([
      'acme.small = n as u8;',
      'acme.count = u32::from(acme.small);',
    ]);
  });

  it('step several variables of a loop', async () => {
    expect(
      await translated('u32 f(u32 n)', 'u32 i, j;\nfor (i = 0, j = n; i < j; i++, j--)\n\tn ^= i;\nreturn n + j;'),
    ).to.deep.equal([
      'let mut i: u32 = 0;',
      'let mut j: u32 = 0;',
      'i = 0;',
      'j = n;',
      'while i < j {',
      '    n ^= i;',
      '    i += 1;',
      '    j = j.wrapping_sub(1);',
      '}',
      'n.wrapping_add(j)',
    ]);
  });

  it('know that a mutex of the private structure is held, if its function takes and releases it', async () => {
    const f = 'void f(struct locked *l)';
    const struct = 'struct locked { struct mutex lock; spinlock_t spin; u32 n; };\n';
    const body = async (c: string): Promise<string[]> => bodyOf('f', `${struct}static ${f}\n{\n${c}\n}\n`);
    expect(await body('mutex_lock(&l->lock);\nl->n = 1;\nmutex_unlock(&l->lock);')).to.deep.equal(['l.n = 1;']);
    expect(await body('guard(mutex)(&l->lock);\nl->n = 1;')).to.deep.equal(['l.n = 1;']);
    expect(await body('scoped_guard(mutex, &l->lock)\n\tl->n = 1;')).to.deep.equal(['l.n = 1;']);
    expect((await body('mutex_unlock(&l->lock);\nl->n = 1;\nmutex_lock(&l->lock);')).join('\n')).to.contain('Left in C');
    expect((await body('spin_lock(&l->spin);\nl->n = 1;\nspin_unlock(&l->spin);')).join('\n')).to.contain('Left in C');
  });

  it('work on the bits of one word', async () => {
    const struct = 'struct flagged { unsigned long flags; unsigned long map[4]; };\n';
    const body = async (c: string): Promise<string[]> =>
      bodyOf('f', `${struct}static bool f(struct flagged *p, int n)\n{\n${c}\n}\n`);
    expect(await body('set_bit(3, &p->flags);\nreturn test_bit(n, &p->flags);')).to.deep.equal([
      'p.flags |= 8;',
      'p.flags & (1usize << n) != 0',
    ]);
    expect(await body('__clear_bit(n, &p->flags);\nreturn true;')).to.deep.equal(['p.flags &= !(1usize << n);', 'true']);
    expect((await body('set_bit(40, &p->flags);\nreturn true;')).join('\n')).to.contain('Left in C');
    expect((await body('set_bit(n, p->map);\nreturn true;')).join('\n')).to.contain('Left in C');
  });

  it('read properties of the device, asking the device tree alone where C does', async () => {
    const c =
      'struct device_node *np = pdev->dev.of_node;\nint ret;\n\nret = device_property_read_u32(&pdev->dev, "a", &acme->count);\nif (ret)\n\treturn ret;\nif (of_property_read_bool(np, "b"))\n\tacme->small = 1;\nreturn of_property_read_u8(np, "c", &acme->small);';
    expect(await translated('int f(struct platform_device *pdev, struct acme *acme)', c)).to.deep.equal([
      'let ret: i32 = errno(read_property(pdev.as_ref().fwnode(), c"a", &mut acme.count));',
      'if ret != 0 {',
      '    return ret;',
      '}',
      'if of_node(pdev.as_ref()).is_some_and(|node| node.property_read_bool(c"b")) {',
      '    acme.small = 1;',
      '}',
      'errno(read_property(of_node(pdev.as_ref()), c"c", &mut acme.small))',
    ]);
  });

  it('poll a register, if there is a limit', async () => {
    const poll = async (limit: string): Promise<string[]> =>
      translated(
        'int f(struct acme *acme)',
        `u32 val;\n\nreturn readl_poll_timeout(acme->base + ACME_CTRL, val, val & ACME_ON, 10, ${limit});`,
      );
    expect((await poll('1000')).join('\n')).to.match(
      /let mut val: u32 = 0;\nerrno\(poll\(\n\s+&mut val,\n\s+\|\| acme\.base\.read32\(ACME_CTRL\),\n\s+\|val\| val & ACME_ON != 0,\n\s+10,\n\s+1000,\n\)\)/,
    );
    expect((await poll('0')).join('\n')).to.contain('Left in C');
  });

  it('never let a name of its own hide a variable', async () => {
    const text =
      'static void g(struct acme *acme, u32 n)\n{\n\tacme->count = n;\n}\nstatic u32 f(struct acme *acme, u32 value)\n{\n\tg(acme, acme->count);\n\treturn value;\n}\n';
    expect(await bodyOf('f', text)).to.deep.equal(['let value1: u32 = acme.count;', 'g(acme, value1);', 'value']);
    expect(await translated('int f(int errno, int poll)', 'return errno + poll;')).to.deep.equal(['errno_ + poll_']);
  });

  it('stay in C where a macro without parentheses is taken apart', async () => {
    const macros = '#define SUM 1 + 2\n#define TWICE(x) x * 2\n#define SAFE(x) ((x) * 2)\n';
    const body = async (c: string): Promise<string> =>
      (await bodyOf('f', `${macros}static u32 f(u32 a, u32 b)\n{\n${c}\n}\n`)).join('\n');
    expect(await body('return a * SUM;')).to.contain('Left in C');
    expect(await body('return TWICE(a + b);')).to.contain('Left in C');
    expect(await body('return a + SUM;')).to.equal('a.wrapping_add(SUM)');
    expect(await body('return a * (SUM);')).to.equal('a.wrapping_mul(SUM)');
    expect(await body('return TWICE(a) + SAFE(a + b);')).to.equal(
      'a.wrapping_mul(2)\n    .wrapping_add(a.wrapping_add(b).wrapping_mul(2))',
    );
  });

  it('compile with names that Rust does not take', async () => {
    const text = 'static u32 naïve(u32 größe, u32 loop)\n{\n\treturn größe + loop;\n}\n';
    expect(await bodyOf('na_uef_ve', text)).to.deep.equal(['gr_uf6_udf_e.wrapping_add(r#loop)']);
  });

  it('read what changes the same structure before the statement', async () => {
    const text =
      'static u32 next(struct acme *acme)\n{\n\treturn acme->count++;\n}\nstatic u32 pull(struct acme *acme)\n{\n\tacme->count = 1;\n\treturn 2;\n}\nstatic void f(struct acme *acme)\n{\n\twritel(pull(acme), acme->base + ACME_CTRL);\n}\n';
    expect(await bodyOf('f', `#define ACME_CTRL 4\n${text}`)).to.deep.equal([
      'let value: u32 = pull(acme);',
      'acme.base.write32(value, ACME_CTRL);',
    ]);
  });

  it('say what type literals have where nothing else tells', async () => {
    expect(await translated('u64 f(u32 a)', 'return a ? BIT(30) | BIT(31) : 0x80000000;')).to.deep.equal([
      'if a != 0 {',
      '    0x40000000_u64 | 0x80000000',
      '} else {',
      '    0x80000000',
      '}',
    ]);
  });

  it('give labels one name each', async () => {
    const c =
      'if (a == 1)\n\tgoto out;\nif (a == 2)\n\tgoto out3;\nif (a == 3)\n\tgoto Out;\nacme->count = 1;\nOut:\nacme->count = 2;\nout3:\nacme->count = 3;\nout:\nacme->count = 4;\nreturn a;';
    const labels = (await translated('int f(struct acme *acme, int a)', c)).flatMap(
      (line) => /^\s*('\w+): \{/.exec(line)?.[1] ?? [],
    );
    expect(labels).to.have.length(3);
    expect(new Set(labels).size).to.equal(3);
  });

  it('say what a pointer is set to where it is used after the block', async () => {
    const c = 'struct acme *one;\n\nif (n)\n\tone = acme;\nelse\n\tone = &acme->twins[0];\none->count = 1;';
    const text = `struct acme_pair { struct acme twins[2]; };\nstatic void f(struct acme_pair *acme, u32 n)\n{\n${c.replace('one = acme', 'one = &acme->twins[1]')}\n}\n`;
    const body = (await bodyOf('f', text)).join('\n');
    expect(body).to.match(/\/\/ {5}one = &acme->twins\[1\];/);
    expect(body).to.match(/\/\/ {5}one = &acme->twins\[0\];/);
  });

  it('go on with a pointer that each block sets for itself, and behind a label', async () => {
    const pair = 'struct acme_pair { struct acme twins[2]; };\n';
    const twice =
      'struct acme *one;\n\nif (n) {\n\tone = &acme->twins[1];\n\tone->count = 1;\n} else {\n\tone = &acme->twins[0];\n\tone->count = 2;\n}';
    const label =
      'struct acme *one;\n\nif (n)\n\tgoto out;\none = &acme->twins[1];\none->count = 1;\nif (n > 2)\n\tgoto out;\none->count = 2;\nout:\nacme->twins[0].count = one->small;';
    const body = async (c: string): Promise<string> =>
      (await bodyOf('f', `${pair}static void f(struct acme_pair *acme, u32 n)\n{\n${c}\n}\n`)).join('\n');
    expect(await body(twice)).to.equal('if n != 0 {\n    acme.twins[1].count = 1;\n} else {\n    acme.twins[0].count = 2;\n}');
    expect(await body(label)).to.match(/acme\.twins\[0\]\.count = u32::from\(acme\.twins\[1\]\.small\);$/);
  });

  it('have no condition without consequences, unless it does something', async () => {
    const text =
      'static u32 next(struct acme *acme)\n{\n\treturn acme->count++;\n}\nstatic void f(struct acme *acme, u32 n)\n{\n\tif (n) {\n\t}\n\tif (next(acme))\n\t\treturn;\n}\n';
    expect(await bodyOf('f', text)).to.deep.equal(['let _ = next(acme) != 0;']);
    expect(await translated('void f(struct acme *acme, u32 n)', 'if (n) {\n} else {\n\tacme->count = 1;\n}')).to.deep.equal([
      'if n == 0 {',
      '    acme.count = 1;',
      '}',
    ]);
  });

  it('say nothing twice in a condition, and nothing that has no effect', async () => {
    expect(await translated('bool f(bool a, bool b)', 'return !a || (a && b);')).to.deep.equal(['!a || b']);
    expect(await translated('bool f(bool a, bool b)', 'return (b && a) || !a;')).to.deep.equal(['b || !a']);
    expect(await translated('u32 f(u32 a)', 'return a | (0 & ACME_ON) | ACME_CTRL * 0;')).to.deep.equal(['a']);
    expect(await translated('u32 f(u32 a)', 'return a & GENMASK(31, 0);')).to.deep.equal(['a']);
    expect(await translated('u32 f(u32 a)', 'a = (a & ~ACME_ON) | (0 << 2);\nreturn a;')).to.deep.equal(['a &= !ACME_ON;', 'a']);
  });

  it('leave what gives a variable back that only C changes', async () => {
    const c = 'u32 next = acme->count;\n\nspin(&next);\nacme->count = next;';
    expect((await translated('void f(struct acme *acme)', c)).join('\n')).to.match(/\/\/ {5}acme->count = next;$/);
  });

  it('leave a call of a function in itself whose end depends on what Rust has not', async () => {
    const c = 'if (!p)\n\treturn 0;\nreturn f(acme, p->next);';
    expect((await translated('int f(struct acme *acme, struct odd *p)', c)).join('\n')).to.match(
      /\/\/ {5}return f\(acme, p->next\);/,
    );
  });

  it('say that a function has as many parameters as in C', async () => {
    const { text } = await framed('static u32 f(u8 a, u8 b, u8 c, u8 d, u8 e, u8 g, u8 h, u8 i)\n{\n\treturn a;\n}\n');
    expect(text).to.match(/\n#\[expect\(clippy::too_many_arguments, reason = "as many as in C"\)\]\nfn f\(/);
  });

  it('call what gets its data out of an argument only with data of the caller that the argument leads to', async () => {
    const text = `struct acme_request { struct list_head node; u32 id; };
static void give_back(struct list_head *node)
{
	struct acme_request *req = container_of(node, struct acme_request, node);

	req->id = 0;
}
static void f(struct acme_request *req)
{
	give_back(&req->node);
	give_back(other_node());
	give_back(req->node.next->next);
}
static void g(struct list_head *node, struct list_head *other)
{
	struct acme_request *req = container_of(node, struct acme_request, node);

	req->id = 1;
	give_back(node);
	give_back(other);
}
static void h(void)
{
	give_back(other_node());
}
`;
    const rust = async (name: string): Promise<string[]> =>
      (await bodyOf(name, text)).filter((line) => !/^\s*\/\/ Left/.test(line)).map((line) => line.replace(/\s+/g, ' '));
    expect(await rust('f')).to.deep.equal([
      'give_back(req);',
      '// give_back(other_node());',
      '// give_back(req->node.next->next);',
    ]);
    expect(await rust('g')).to.deep.equal(['req.id = 1;', 'give_back(req);', '// give_back(other);']);
    expect(await rust('h')).to.deep.equal(['// give_back(other_node());']);
  });
});
