import type { Catalogue } from '../catalogue/model';
import type { DriverModel } from '../driver';
import type { Diagnosis } from '../flow';
import type { SyntaxTree } from '../syntax';

export type Severity = 'warning' | 'information' | 'hint';
export type Confidence = 'high' | 'medium' | 'low';

/** How far Rust's rules remove the class of fault: by themselves, only if an idiom is kept to, or not at all. */
export type Verdict = 'prevented' | 'with-idiom' | 'not-prevented';

/**
 * A place where the text shows a fault (`suspect`: flow evidence) or a construction that is right as far as one sees, but that
 * Rust would check (`hazard`). Offsets are UTF-16 units.
 */
export interface Finding {
  rule: string;
  kind: 'suspect' | 'hazard';
  start: number;
  end: number;
  /** Name of the function that the place is in; empty outside of functions. */
  function: string;
  severity: Severity;
  confidence: Confidence;
  /** `CWE-416` (cwe.mitre.org). */
  cwe: string;
  message: string;
  /** Other places of the same story: where the object was acquired, armed, released. */
  related: { start: number; end: number; message: string }[];
  rust: { verdict: Verdict; mechanism: string; items: string[] };
  /** The reason that is given for allowing it, by a comment in the text or by the configuration; absent if it is not allowed. */
  suppressed?: string;
  /** Set if it is the configuration that allows it. */
  suppressedBy?: 'configuration';
}

/** What a rule says of itself; rule pages are made of it. */
export interface RuleMetadata {
  id: string;
  title: string;
  kind: Finding['kind'];
  severity: Severity;
  confidence: Confidence;
  cwe: string;
  /** Rules whose report of the same acquisition in the same function says the same, with less: it is left out. */
  supersedes?: readonly string[];
  /** Why the construction is a hazard or a fault, in a sentence or two. */
  why: string;
  /** Situations in which the rule speaks although nothing is wrong. */
  falsePositives: string[];
  /** Where the class of fault or the recommendation is described. */
  references: string[];
  rust: {
    verdict: Verdict;
    mechanism: string;
    /** Rust paths; those the kernel in use lacks are left out of findings. */ items: string[];
  };
}

/** What a rule is given. */
export interface RuleContext {
  tree: SyntaxTree;
  model: DriverModel;
  catalogue: Catalogue;
  /** The calls of any of `names` in the text, in text order, outside of ERROR nodes. Only foreign functions: the file's own are not listed. */
  calls: (names: ReadonlySet<string>) => Call[];
  /** Whether the text uses any of these kernel names: cheaper than to look for them in the text. */
  usesAny: (names: ReadonlySet<string>) => boolean;
  /** What the flow analysis of the file has seen; made at the first call, shared by all rules. */
  flow: () => readonly Diagnosis[];
}

/** A call of a named kernel function. */
export interface Call {
  name: string;
  /** Node of the call_expression. */
  node: number;
  /** Nodes of the arguments. */
  arguments: number[];
}

/** What a rule reports; the rest of a finding comes from the rule's metadata and the place. */
export interface Report {
  /** Node at which the fault shows. */
  node: number;
  message: string;
  related?: Finding['related'];
  /** Name of the function, if the rule knows it. */
  function?: string;
}

/** A rule: metadata and a function from a file's model to reports. */
export interface Rule {
  metadata: RuleMetadata;
  run: (context: RuleContext) => Report[];
}
