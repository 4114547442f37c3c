import type { ApiJson, EntryPointJson, FileAnnotations, RustItemJson } from '../core';

/**
 * JSON of a file's annotations on one line. A file names the same kernel functions over and over, so the part that
 * comes from the catalogue is serialised once per entry: a whole tree is printed several times as fast.
 */
export function annotationsJson({ entryPoints, apis, ...rest }: FileAnnotations): string {
  const parts = [
    JSON.stringify(rest).slice(0, -1),
    ',"entryPoints":[',
    entryPoints.map(withRust).join(','),
    '],"apis":[',
    apis.map(withRust).join(','),
    ']}',
  ];
  return parts.join('');
}

/** Serialised lists of Rust items, by the catalogue's own array: it is shared between all uses of a name. */
const serialised = new WeakMap<readonly RustItemJson[], string>();

function withRust({ rust, ...rest }: EntryPointJson | ApiJson): string {
  let list = serialised.get(rust);
  if (list === undefined) serialised.set(rust, (list = JSON.stringify(rust)));
  return `${JSON.stringify(rest).slice(0, -1)},"rust":${list}}`;
}
