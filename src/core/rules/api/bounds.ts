import type { Api } from './model';

/** Numbers that come from the device, the wire, firmware: what converts them from a fixed byte order. Source: include/linux/byteorder/generic.h, unaligned.h. */
const FROM_WIRE =
  'le16_to_cpu le32_to_cpu le64_to_cpu be16_to_cpu be32_to_cpu be64_to_cpu __le16_to_cpu __le32_to_cpu __be16_to_cpu __be32_to_cpu le16_to_cpup le32_to_cpup be16_to_cpup be32_to_cpup __le16_to_cpup __be16_to_cpup get_unaligned_le16 get_unaligned_le32 get_unaligned_be16 get_unaligned_be32 get_unaligned_le24 get_unaligned_be24 ntohs ntohl nla_get_u8 nla_get_u16 nla_get_u32 i2c_smbus_read_byte_data i2c_smbus_read_word_data i2c_smbus_read_byte';

/** What stores numbers from outside where an argument points to: argument | source | names. */
const FILLS: readonly (readonly [number, string, string])[] = [
  [0, 'include/linux/uaccess.h', 'copy_from_user __copy_from_user'],
  [
    2,
    'include/linux/kstrtox.h',
    'kstrtouint kstrtoint kstrtoul kstrtol kstrtou16 kstrtou32 kstrtos32 kstrtou64 kstrtoull kstrtouint_from_user',
  ],
  [2, 'include/linux/of.h', 'of_property_read_u32 of_property_read_u16'],
  [3, 'include/linux/of.h', 'of_property_read_u32_index'],
  [
    2,
    'include/linux/property.h',
    'device_property_read_u32 fwnode_property_read_u32 device_property_read_u16 device_property_read_u8 fwnode_property_read_u16 of_property_read_u8',
  ],
  [1, 'include/linux/property.h', 'fwnode_property_get_reference_args'],
  [6, 'include/linux/usb.h', 'usb_control_msg usb_control_msg_recv'],
  [2, 'include/linux/usb.h', 'usb_bulk_msg usb_interrupt_msg'],
  [1, 'include/linux/i2c.h', 'i2c_master_recv'],
  [3, 'include/linux/i2c.h', 'i2c_smbus_read_i2c_block_data'],
  [2, 'include/linux/i2c.h', 'i2c_smbus_read_block_data'],
  [1, 'include/linux/spi/spi.h', 'spi_read'],
  [1, 'include/linux/mmc/sdio_func.h', 'sdio_memcpy_fromio sdio_readsb'],
  [0, 'include/linux/io.h', 'memcpy_fromio'],
  [2, 'include/linux/skbuff.h', 'skb_copy_bits'],
  [2, 'include/linux/hid.h', 'hid_hw_raw_request'],
  [1, 'include/linux/fs.h', 'kernel_read'],
  [2, 'include/linux/pci.h', 'pci_read_config_byte pci_read_config_word pci_read_config_dword'],
];

/** Numbers of elements of properties. Source: include/linux/of.h, property.h. */
const COUNTS =
  'of_property_count_u32_elems of_property_count_u8_elems of_property_count_u16_elems of_property_count_elems_of_size of_property_count_strings device_property_count_u32 device_property_count_u8 fwnode_property_count_u32 of_count_phandle_with_args of_get_child_count of_get_available_child_count device_get_child_node_count of_gpio_count';

/** Copies: destination | length | names. Source: include/linux/string.h, uaccess.h, of.h, skbuff.h. */
const COPIES: readonly (readonly [number, number, string])[] = [
  [0, 2, 'memcpy memmove memset memcpy_fromio'],
  [0, 2, 'copy_from_user __copy_from_user strncpy_from_user'],
  [
    2,
    3,
    'of_property_read_u32_array of_property_read_u8_array of_property_read_u16_array device_property_read_u32_array device_property_read_u8_array fwnode_property_read_u32_array regmap_bulk_read regmap_raw_read skb_copy_bits',
  ],
  [1, 2, 'i2c_master_recv spi_read copy_to_user'],
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
  for (const name of COUNTS.split(' ')) apis.push({ name, source: 'include/linux/property.h', outside: 'result', borrows: true });
  for (const [argument, source, names] of FILLS)
    for (const name of names.split(' ')) apis.push({ name, source, outside: 'argument', fills: [argument], borrows: true });
  const lengths = new Map<string, Api>(apis.map((api) => [api.name, api]));
  for (const [destination, argument, names] of COPIES)
    for (const name of names.split(' '))
      lengths.set(name, {
        ...(lengths.get(name) ?? {
          name,
          source: 'include/linux/string.h',
          borrows: true,
          ...(name === 'copy_to_user' ? {} : { fills: [destination] }),
        }),
        length: { argument, destination },
      });
  return [...lengths.values()];
}
