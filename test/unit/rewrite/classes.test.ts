import { expect } from 'chai';
import { roleOf } from '../../../src/core/rewrite/driver/roles';
import { apiForTests, callbackTraits, candidateOf } from './host';

/** Lines of an implementation without its head and end. */
function implementation(text: string, head: string): string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(head));
  expect(start, head).to.be.at.least(0);
  return lines.slice(start + 1, lines.indexOf('}', start)).map((line) => line.trim());
}

describe('classes', () => {
  for (const release of ['6.12', '7.2', '7.3'])
    it(`${release}: each trait that takes the place of callbacks has a candidate, or a reason why not`, () => {
      const api = apiForTests(release);
      const silent = callbackTraits(api).filter((trait) => roleOf(api, trait) === undefined);
      expect(silent.map(({ path }) => path)).to.deep.equal([]);
    });

  it('a DRM driver has types of its own for files and memory objects, and is registered where C registers it', async () => {
    const driver = `
static const struct drm_ioctl_desc acme_ioctls[] = { DRM_IOCTL_DEF_DRV(ACME_GET, acme_get_ioctl, DRM_RENDER_ALLOW) };
static void acme_close(struct drm_gem_object *obj, struct drm_file *file) { }
static const struct drm_gem_object_funcs acme_funcs = { .close = acme_close };
static const struct drm_driver acme_drm = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER | DRIVER_SYNCOBJ, .ioctls = acme_ioctls,
	.name = "acme", .desc = "Acme GPU", .major = 2, .minor = 3,
};
static int acme_probe(struct platform_device *pdev)
{
	return drm_dev_register(&drm, 0);
}
static struct platform_driver acme_driver = { .probe = acme_probe, .driver = { .name = "acme" } };
module_platform_driver(acme_driver);`;
    const { text } = await candidateOf(driver);
    const drm = implementation(text, 'impl drm::Driver for AcmeDrm {');
    expect(drm).to.include.members([
      'type Object = gem::Object<AcmeObject>;',
      'type File = AcmeFile;',
      'type ParentDevice<Ctx: device::DeviceContext> = platform::Device<Ctx>;',
      'major: 2,',
      'desc: c"Acme GPU",',
      'const FEAT_RENDER: bool = true;',
    ]);
    expect(text).to.contain('// Of driver_features, the trait cannot say: DRIVER_SYNCOBJ.');
    expect(text).to.contain('//     (ACME_GET, _, ioctl::RENDER_ALLOW, acme_get_ioctl),');
    expect(implementation(text, 'impl gem::DriverObject for AcmeObject {')).to.contain('acme_close();');
    const bus = implementation(text, 'impl platform::Driver for AcmeDriver {');
    expect(bus).to.include.members([
      "type Data<'bound> = drm::Registration<'bound, AcmeDrm>;",
      'let drm = drm::UnregisteredDevice::<AcmeDrm>::new(dev, Ok(()))?;',
      'unsafe { drm::Registration::new(dev.as_ref(), drm, (), 0) }',
    ]);
    // 7.2's device does not know its parent's type, and its registration belongs to the parent.
    const older = (await candidateOf(driver, '7.2')).text;
    expect(implementation(older, 'impl drm::Driver for AcmeDrm {')).to.include(
      'type Object<Ctx: drm::DeviceContext> = gem::Object<AcmeObject, Ctx>;',
    );
    expect(older).to.contain('drm::Registration::new_foreign_owned(drm, dev.as_ref(), 0)?;');
  });

  it('a PWM chip is registered by the probe, with its channels, where their number is known', async () => {
    const driver = (channels: string): string => `
#define ACME_CHANNELS 3
static int acme_request(struct pwm_chip *chip, struct pwm_device *pwm) { return 0; }
static const struct pwm_ops acme_ops = { .request = acme_request };
static int acme_probe(struct platform_device *pdev)
{
	chip = devm_pwmchip_alloc(&pdev->dev, ${channels}, 0);
	return devm_pwmchip_add(&pdev->dev, chip);
}
static struct platform_driver acme_driver = { .probe = acme_probe, .driver = { .name = "acme" } };
module_platform_driver(acme_driver);`;
    const { text } = await candidateOf(driver('ACME_CHANNELS'));
    expect(implementation(text, 'impl platform::Driver for AcmeDriver {')).to.include.members([
      'let chip = pwm::Chip::new(dev.as_ref(), 3, Ok(AcmeOps))?;',
      'chip.register()?;',
    ]);
    expect((await candidateOf(driver('data->channels'))).text).not.to.contain('chip.register()');
  });

  it('what is a part of a driver only says so', async () => {
    const { reason } = await candidateOf(
      'static void c(struct drm_gem_object *o, struct drm_file *f) { }\nstatic const struct drm_gem_object_funcs f = { .close = c };',
    );
    expect(reason).to.match(/part of kernel::drm::Driver/);
  });
});

describe('configfs', () => {
  const driver = `
struct acme { struct configfs_subsystem subsys; int value; u32 limit; bool on; };
static struct acme *to_acme(struct config_item *item)
{
	return container_of(to_configfs_subsystem(to_config_group(item)), struct acme, subsys);
}
static ssize_t acme_value_show(struct config_item *item, char *page)
{
	return sprintf(page, "%d\\n", to_acme(item)->value);
}
static ssize_t acme_value_store(struct config_item *item, const char *page, size_t count)
{
	struct acme *acme = to_acme(item);
	int ret;

	ret = kstrtoint(page, 10, &acme->value);
	if (ret)
		return ret;
	return count;
}
static ssize_t acme_odd_show(struct config_item *item, char *page)
{
	return acme_print(to_acme(item), page);
}
CONFIGFS_ATTR(acme_, value);
CONFIGFS_ATTR_RO(acme_, odd);
#define ACME_ATTR(NAME) CONFIGFS_ATTR(acme_, NAME)
ACME_ATTR(limit);
static struct configfs_attribute *acme_attrs[] = { &acme_attr_value, &acme_attr_odd, &acme_attr_limit, NULL };
static struct config_item *acme_make(struct config_group *group, const char *name)
{
	struct child *child;

	child = kzalloc(sizeof(*child), GFP_KERNEL);
	if (!child)
		return ERR_PTR(-ENOMEM);
	config_item_init_type_name(&child->item, name, &child_type);
	return &child->item;
}
static const struct config_item_type child_type = { .ct_owner = THIS_MODULE };
static const struct configfs_group_operations acme_ops = { .make_item = acme_make };
static const struct config_item_type acme_type = { .ct_group_ops = &acme_ops, .ct_attrs = acme_attrs };
static struct acme acme_subsys = {
	.subsys = { .su_group = { .cg_item = { .ci_namebuf = "acme", .ci_type = &acme_type } } },
	.value = 7,
};`;

  it('makes a subsystem with its attributes, and what shows and stores plain numbers is translated', async () => {
    const { text, traits } = await candidateOf(driver);
    expect(traits).to.have.members(['kernel::configfs::AttributeOperations', 'kernel::configfs::GroupOperations']);
    expect(text).to.contain('            state <- new_mutex!(Acme {\n                value: 7,');
    expect(implementation(text, 'impl configfs::AttributeOperations<0> for AcmeConfig {')).to.include.members([
      'out.write_fmt(fmt!("{}\\n", state.value))?;',
      'data.state.lock().value = parse_decimal(page)?;',
    ]);
    expect(implementation(text, 'impl configfs::GroupOperations for AcmeConfig {')).to.include.members([
      'type Child = ChildConfig;',
      'container: configfs::Group<ChildConfig>,',
    ]);
    expect(text).to.match(/acme_subsys <- configfs::Subsystem::new\(c"acme", acme_subsys_type, AcmeConfig::new\(\)\),/);
    // What is a method now is no function of its own.
    expect(text).not.to.match(/fn acme_value_(?:show|store)|fn acme_make/);
  });

  it('says what it does not know: a body that prints elsewhere, functions that a macro makes', async () => {
    const { text } = await candidateOf(driver);
    expect(implementation(text, 'impl configfs::AttributeOperations<1> for AcmeConfig {')).to.include.members([
      '// Left in C: what acme_odd_show() does.',
      'Err(ENOTSUPP)',
    ]);
    expect(implementation(text, 'impl configfs::AttributeOperations<2> for AcmeConfig {')).to.include(
      '// Left in C: the macro ACME_ATTR() makes what this is to do.',
    );
  });
});
