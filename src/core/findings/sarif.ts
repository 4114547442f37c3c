import type * as sarif from 'sarif';
import type { KernelIdentity } from '../catalogue/model';
import type { FindingJson } from '../ide';
import { rules, type RuleMetadata, type Severity } from '../rules';

/** What a SARIF log says of the run as a whole. */
export interface SarifRun {
  /** Version of the product. */
  version: string;
  kernel: KernelIdentity;
  /** `file:` address of the folder that paths are relative to, with a slash at its end. */
  root: string;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVEL: Record<Severity, sarif.ReportingConfiguration.level> = { warning: 'warning', information: 'note', hint: 'note' };
const ROOT = 'ROOT';
/** Name and version of what `fingerprintsOf` makes. */
const FINGERPRINT = 'r4l/v1';

const indices = new Map(rules.map(({ metadata }, i) => [metadata.id, i]));

/**
 * A SARIF 2.1.0 log (docs.oasis-open.org/sarif) in pieces, so that a whole tree's findings need not be held: what comes first, then the
 * results of each file with commas between, then the end.
 */
export function sarifStart(run: SarifRun): string {
  const weaknesses = [...new Set(rules.map(({ metadata }) => metadata.cwe))].sort();
  const taxonomy: sarif.ToolComponent = {
    name: 'CWE',
    organization: 'MITRE',
    informationUri: 'https://cwe.mitre.org/',
    shortDescription: { text: 'Common Weakness Enumeration' },
    taxa: weaknesses.map((cwe) => ({ id: cwe.slice(4), name: cwe, helpUri: cwePage(cwe) })),
  };
  const head: sarif.Run = {
    tool: {
      driver: {
        name: 'r4l',
        fullName: 'Rust-for-Linux Lens',
        semanticVersion: run.version,
        rules: rules.map(({ metadata }) => descriptorOf(metadata)),
        supportedTaxonomies: [{ name: 'CWE' }],
      },
    },
    taxonomies: [taxonomy],
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: run.root } },
    properties: { kernel: run.kernel },
  };
  const log = JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [] } satisfies sarif.Log);
  return `${log.slice(0, -2)}${JSON.stringify(head).slice(0, -1)},"results":[`;
}

/** The results of one file, each as JSON; `path` is relative to the root, with `/`. */
export function sarifResults(path: string, findings: readonly FindingJson[]): string[] {
  const artifactLocation = { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
  return findings.map((finding) => {
    const { line, column, endLine, endColumn, function: name, message, related, suppressed, known, rust } = finding;
    const result: sarif.Result = {
      ruleId: finding.rule,
      ruleIndex: indices.get(finding.rule) ?? -1,
      kind: 'fail',
      level: LEVEL[finding.severity],
      message: { text: `${message}. In Rust ${rust.verdict.replace('-', ' ')}: ${rust.mechanism}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation,
            region: { startLine: line, startColumn: column, endLine, endColumn },
          },
          ...(name === '' ? {} : { logicalLocations: [{ name, kind: 'function' }] }),
        },
      ],
      relatedLocations: related.map((place, id) => ({
        id,
        physicalLocation: { artifactLocation, region: { startLine: place.line } },
        message: { text: place.message },
      })),
      partialFingerprints: { [FINGERPRINT]: finding.fingerprint },
      properties: { kind: finding.kind, confidence: finding.confidence, rust: rust.items },
    };
    if (suppressed !== undefined)
      result.suppressions = [
        {
          kind: finding.suppressedBy === 'configuration' ? 'external' : 'inSource',
          status: 'accepted',
          justification: suppressed,
        },
      ];
    if (known !== undefined) result.baselineState = known ? 'unchanged' : 'new';
    return JSON.stringify(result);
  });
}

/** The end of the log: with what could not be read. */
export function sarifEnd(skipped: readonly { path: string; reason: string }[] = []): string {
  const invocation: sarif.Invocation = {
    executionSuccessful: true,
    toolExecutionNotifications: skipped.map(({ path, reason }) => ({
      level: 'warning',
      message: { text: `${path} is left out: ${reason}` },
    })),
  };
  return `],"invocations":${JSON.stringify([invocation])}}]}\n`;
}

function descriptorOf(metadata: RuleMetadata): sarif.ReportingDescriptor {
  const { id, title, why, cwe, rust, severity, confidence, falsePositives, references } = metadata;
  const inRust = `In Rust ${rust.verdict.replace('-', ' ')}: ${rust.mechanism}`;
  const list = (lines: readonly string[]) => lines.map((text) => `- ${text}`).join('\n');
  return {
    id,
    name: id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: `${why} ${inRust}`,
      markdown: `${why}\n\n${inRust}\n\n${list(rust.items.map((path) => `\`${path}\``))}\n\nIt may speak although nothing is wrong:\n\n${list(falsePositives)}\n\nRead on:\n\n${list(references)}`,
    },
    helpUri: cwePage(cwe),
    defaultConfiguration: { level: LEVEL[severity] },
    relationships: [{ target: { id: cwe.slice(4), toolComponent: { name: 'CWE' } }, kinds: ['superset'] }],
    properties: {
      tags: ['security', `external/cwe/cwe-${cwe.slice(4)}`],
      precision: confidence === 'high' ? 'high' : 'medium',
      kind: metadata.kind,
    },
  };
}

/** Address of a weakness's page. */
export const cwePage = (cwe: string): string => `https://cwe.mitre.org/data/definitions/${cwe.replace('CWE-', '')}.html`;
