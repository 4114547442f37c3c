import { camel, snake } from '../translate/names';
import type { IdiomCall, IdiomParts } from './index';

/** `list_add_tail(&item->node, &head->items)`: the list owns what is in it. */
export function listAdd(call: IdiomCall): IdiomParts | undefined {
  const [node, head] = call.args.map((arg) => (arg.k === 'un' && arg.op === '&' ? arg.of : arg));
  if (node?.k !== 'field' || node.of.k !== 'id' || !head) return undefined;
  const owner = call.typeOf(node.of);
  const struct = owner?.k === 'ptr' && owner.to.k === 'struct' ? owner.to.name : null;
  const c = struct === null ? undefined : call.program.structs.get(struct);
  if (struct === null || !c) return undefined;
  const type = camel(struct);
  const links = snake(node.name);
  const item = snake(node.of.name).replace(/^r#priv$/, 'priv_');
  const list = snake(head.k === 'field' || head.k === 'id' ? head.name : 'list').replace(/^r#priv$/, 'priv_');
  const fields = c.fields.flatMap(({ name, type: of }) =>
    name !== node.name && name !== '' && (of.k === 'int' || of.k === 'bool')
      ? [`    ${snake(name)}: ${of.k === 'bool' ? 'bool' : of.of},`]
      : [],
  );
  return {
    title: 'The list owns its items; an item is in it once, and its links are a field of it',
    rust: [
      '#[pin_data]',
      `struct ${type} {`,
      ...fields,
      '    #[pin]',
      `    ${links}: ListLinks,`,
      '}',
      '',
      'impl_list_arc_safe! {',
      `    impl ListArcSafe<0> for ${type} { untracked; }`,
      '}',
      'impl_list_item! {',
      `    impl ListItem<0> for ${type} { using ListLinks { self.${links} }; }`,
      '}',
      '',
      `fn example(${list === item ? 'list' : list}: &mut List<${type}>, ${item}: ListArc<${type}>) {`,
      `    ${list === item ? 'list' : list}.push_${call.name === 'list_add' ? 'front' : 'back'}(${item});`,
      '}',
    ],
    items: ['kernel::list::List', 'kernel::list::ListArc', 'kernel::list::impl_list_item', 'kernel::list::impl_list_arc_safe'],
    imports: ['kernel::list::*'],
    isItems: true,
  };
}
