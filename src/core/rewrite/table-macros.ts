import type { TableParameter } from './kernel-api';

/**
 * What a macro for id tables takes.
 * @param written its parameters as its first rule has them
 * @returns undefined if one of them is of no kind that is known
 */
export function tableParameters(written: readonly string[] | undefined): TableParameter[] | undefined {
  const roles = written?.map(roleOf);
  return roles?.includes(undefined) === false ? (roles as TableParameter[]) : undefined;
}

function roleOf(parameter: string): TableParameter | undefined {
  if (/^\$\w*module\w*\s*:\s*ident/.test(parameter)) return 'module-name';
  if (/^\$\w+\s*:\s*ident/.test(parameter)) return 'name';
  if (/^\$\w+\s*:\s*ty/.test(parameter)) return 'type';
  if (/^\$\w+\s*:\s*expr/.test(parameter)) return 'array';
  if (parameter.startsWith('[')) return 'entries';
  return undefined;
}
