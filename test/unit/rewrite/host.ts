import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { openCatalogue, type CatalogueData, type TraitShape } from '../../../src/core/catalogue';
import { describeDriver } from '../../../src/core/driver';
import { openKernelApi, rewriteDriver, type Candidate, type KernelApi } from '../../../src/core/rewrite';
import { syntaxForTests } from '../syntax-host';

/** The kernel API of a shipped snapshot. */
export function apiForTests(release: string): KernelApi {
  const data = JSON.parse(gunzipSync(readFileSync(`snapshots/${release}.json.gz`)).toString()) as CatalogueData;
  const catalogue = openCatalogue({ ...data, raw: '', rawBit: 0 }, 'snapshot');
  return openKernelApi(catalogue);
}

/** The traits that drivers implement in place of callbacks, and those with `#[vtable]`. */
export function callbackTraits(api: KernelApi): TraitShape[] {
  const { catalogue } = api;
  const implemented = new Set(
    catalogue.names().flatMap((name) =>
      catalogue
        .lookup(name)
        .rust.filter(({ relation, kind }) => relation === 'implements' && kind !== 'constant')
        .map(({ path, kind }) => (kind === 'trait' ? path : path.slice(0, path.lastIndexOf('::')))),
    ),
  );
  return catalogue.items().flatMap(({ path, kind }) => {
    const trait = kind === 'trait' ? api.traitOf(path) : undefined;
    return trait && (trait.vtable || implemented.has(path)) ? [trait] : [];
  });
}

export async function candidateOf(text: string, release = '7.3'): Promise<Candidate> {
  const syntax = await syntaxForTests();
  const tree = syntax.parse('c', text);
  return rewriteDriver(
    [{ path: 'drivers/acme/acme.c', tree, model: describeDriver(tree), role: 'source' }],
    apiForTests(release),
  );
}

const FRAME = `
struct acme { u32 count; u8 small; void __iomem *base; struct device *dev; struct clk *clk; u32 table[4]; };
BODY
static int acme_probe(struct platform_device *pdev)
{
	struct acme *acme;
	acme = devm_kzalloc(&pdev->dev, sizeof(*acme), GFP_KERNEL);
	if (!acme)
		return -ENOMEM;
	return 0;
}
static const struct of_device_id acme_match[] = { { .compatible = "acme,one" }, {} };
static struct platform_driver acme_driver = {
	.probe = acme_probe,
	.driver = { .name = "acme", .of_match_table = acme_match },
};
module_platform_driver(acme_driver);
MODULE_LICENSE("GPL");
`;

/** A candidate for a platform driver with `text` before its probe. */
export async function framed(text: string): Promise<Candidate> {
  const candidate = await candidateOf(FRAME.replace('BODY', () => text));
  if (candidate.reason !== undefined) throw new Error(candidate.reason);
  return candidate;
}

/** The lines of the Rust function `name`, without its head and end. */
export async function bodyOf(name: string, text: string): Promise<string[]> {
  const { text: rust } = await framed(text);
  const lines = rust.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`fn ${name}(`));
  const end = lines.indexOf('}', start);
  return lines.slice(start + 1, end).map((line) => line.slice(4));
}
