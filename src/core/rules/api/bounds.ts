import type { Api } from './model';

/** Numbers that come from the device, the wire, firmware: what converts them from a fixed byte order. Source: include/linux/byteorder/generic.h, unaligned.h. */
const FROM_WIRE =
  'le16_to_cpu le32_to_cpu le64_to_cpu be16_to_cpu be32_to_cpu be64_to_cpu __le16_to_cpu __le32_to_cpu __be16_to_cpu __be32_to_cpu le16_to_cpup le32_to_cpup be16_to_cpup be32_to_cpup __le16_to_cpup __be16_to_cpup get_unaligned_le16 get_unaligned_le32 get_unaligned_be16 get_unaligned_be32 get_unaligned_le24 get_unaligned_be24 ntohs ntohl nla_get_u8 nla_get_u16 nla_get_u32 i2c_smbus_read_byte_data i2c_smbus_read_word_data i2c_smbus_read_byte';

/** What stores a user's data at its first argument. Source: include/linux/uaccess.h. */
const FROM_USER = 'copy_from_user __copy_from_user';

/** Copies: destination | length | names. Source: include/linux/string.h, uaccess.h. */
const COPIES: readonly (readonly [number, number, string])[] = [
  [0, 2, 'memcpy memmove memset memcpy_fromio'],
  [0, 2, 'copy_from_user __copy_from_user'],
  [1, 2, 'copy_to_user'],
];

/** What bounds a number. */
export const BOUNDING = new Set([
  'min',
  'min_t',
  'min3',
  'clamp',
  'clamp_t',
  'clamp_val',
  'umin',
  'array_index_nospec',
  'min_not_zero',
]);

export function boundsApis(): Api[] {
  const apis: Api[] = [];
  for (const name of FROM_WIRE.split(' '))
    apis.push({ name, source: 'include/linux/byteorder/generic.h', outside: 'result', borrows: true });
  for (const name of FROM_USER.split(' '))
    apis.push({ name, source: 'include/linux/uaccess.h', outside: 'argument', fills: [0] });
  for (const [destination, argument, names] of COPIES)
    for (const name of names.split(' ')) apis.push({ name, source: 'include/linux/string.h', length: { argument, destination } });
  return apis;
}
