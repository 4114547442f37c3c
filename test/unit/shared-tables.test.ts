import { assert } from 'chai';
import { analyse, type CatalogueEntry, type Syntax } from '../../src/core';
import { rustItem, stubCatalogue } from './stub-catalogue';
import { syntaxForTests } from './syntax-host';

const CATALOGUE = stubCatalogue([
  {
    name: 'file_operations',
    kind: 'struct',
    status: 'safe',
    rust: [rustItem('kernel::miscdevice::MiscDevice', { relation: 'implements' })],
  },
  {
    name: 'file_operations.open',
    kind: 'field',
    status: 'safe',
    rust: [rustItem('kernel::miscdevice::MiscDevice::open', { relation: 'implements' })],
  },
  { name: 'debugfs_create_file', status: 'safe', rust: [rustItem('kernel::debugfs::Dir::read_only_file')] },
]);

describe('a table of file operations', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  /** What the callback `open` becomes in a file that does this with its table; the entry point and the use of the field agree. */
  function openOf(use: string): CatalogueEntry {
    const text = `static int acme_open(struct inode *inode, struct file *file)
{
	return 0;
}

static const struct file_operations acme_fops = {
	.owner = THIS_MODULE,
	.open = acme_open,
};

${use}
`;
    const analysis = analyse(syntax.parse('c', text), CATALOGUE);
    const point = analysis.model.entryPoints.findIndex(({ field }) => field === 'open');
    const field = analysis.model.apis.findIndex(({ name }) => name === 'file_operations.open');
    assert.deepEqual(analysis.apis[field], analysis.entryPoints[point]);
    return analysis.entryPoints[point]!;
  }
  const init = (statement: string) => `static int acme_init(void)\n{\n\treturn ${statement};\n}`;

  it('of a misc device has the trait of misc devices', () => {
    for (const use of [
      'static struct miscdevice acme_misc = {\n\t.name = "acme",\n\t.fops = &acme_fops,\n};',
      `${init('register_chrdev(0, "acme", &acme_fops)')}\nstatic struct miscdevice acme_misc = { .fops = &acme_fops };`,
    ])
      assert.deepEqual([openOf(use).status, openOf(use).note], ['safe', '']);
  });

  it('of another kind of device has not, and the entry says where it goes', () => {
    for (const [use, given] of [
      [init('register_chrdev(0, "acme", &acme_fops)'), 'register_chrdev()'],
      ['static struct usb_class_driver acme_class = {\n\t.fops = &acme_fops,\n};', 'usb_class_driver.fops'],
      ['static void acme_new(struct inode *inode)\n{\n\tinode->i_fop = &acme_fops;\n}', 'inode.i_fop'],
    ] as const) {
      const { status, rust, note } = openOf(use);
      assert.equal(status, 'none');
      assert.deepEqual(
        rust.map(({ path, relation }) => [path, relation]),
        [['kernel::miscdevice::MiscDevice::open', 'nearest']],
      );
      assert.include(note, given);
    }
  });

  it('of a debugfs file has what does the job of debugfs', () => {
    const { status, rust } = openOf(init('PTR_ERR_OR_ZERO(debugfs_create_file("acme", 0400, NULL, NULL, &acme_fops))'));
    assert.deepEqual([status, rust[0]?.path, rust[0]?.relation], ['partial', 'kernel::debugfs::Dir::read_only_file', 'replaces']);
  });

  it('may be that of a misc device where the file does not say', () => {
    for (const use of [
      '',
      'static void acme_set(struct acme *acme)\n{\n\tacme->misc.fops = &acme_fops;\n}',
      'static struct acme acme = {\n\t.misc = {\n\t\t.fops = &acme_fops,\n\t},\n};',
      'struct acme {\n\tconst struct file_operations *fops;\n};\nstatic struct acme acme = {\n\t.fops = &acme_fops,\n};',
    ]) {
      const { status, note } = openOf(use);
      assert.equal(status, 'safe', use);
      assert.include(note, 'misc devices');
    }
  });
});
