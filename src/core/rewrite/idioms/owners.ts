import type { CExpr } from '../c/ast';
import type { IdiomCall } from './index';
import { declared, local, typeText, type Make } from './names';

const flagOf = (e: CExpr | undefined): string =>
  e?.k === 'id' && /^GFP_(?:KERNEL|ATOMIC|NOWAIT|NOIO|KERNEL_ACCOUNT)$/.test(e.name) ? e.name : 'GFP_KERNEL';

/** What `sizeof` is taken of. */
function sized(call: IdiomCall, e: CExpr | undefined): string | null {
  if (e?.k !== 'sizeof') return null;
  if (e.type) return typeText(e.type);
  if (e.of?.k === 'un' && e.of.op === '*') {
    const type = call.typeOf(e.of.of);
    return type?.k === 'ptr' ? typeText(type.to) : null;
  }
  return e.of ? typeText(call.typeOf(e.of)) : null;
}

export const allocate: Make = (call) => {
  const managed = call.name.startsWith('devm_');
  const args = managed ? call.args.slice(1) : call.args;
  const type = sized(call, args[0]);
  if (type === null) return undefined;
  const name = local(call.target, 'object');
  return {
    title: 'A box owns what is allocated; it is freed when it goes, on every path',
    rust: [`let ${name} = KBox::new(${type}::default(), ${flagOf(args[1])})?;`],
    items: ['kernel::alloc::KBox'],
    around: declared(type),
  };
};

export const allocateArray: Make = (call) => {
  const args = call.name.startsWith('devm_') ? call.args.slice(1) : call.args;
  const type = sized(call, args[1]);
  if (type === null) return undefined;
  const count = args[0]?.k === 'num' ? args[0].text : local(args[0]?.k === 'id' ? args[0].name : null, 'count');
  const name = local(call.target, 'items');
  return {
    title: 'A vector knows its length, and frees itself',
    rust: [`let ${name} = KVec::from_elem(${type}::default(), ${count}, ${flagOf(args[2])})?;`],
    items: ['kernel::alloc::KVec'],
    around: declared(type),
    parameters: /^\d/.test(count) ? '' : `${count}: usize`,
  };
};

export const free: Make = (call) => {
  const [object] = call.args;
  const name = local(object?.k === 'id' ? object.name : null, 'object');
  return {
    title: 'Nothing to write: the owner frees it when it goes; drop() does so earlier',
    rust: [`drop(${name});`],
    items: ['kernel::alloc::KBox'],
    parameters: `${name}: KBox<u32>`,
  };
};
