import type { Api, Failure, Family } from './model';

/** Allocators: family | what failure gives | names. Sources: include/linux/slab.h and those named in the line. */
const ALLOCATORS: readonly (readonly [Family, Failure, string, string])[] = [
  [
    'slab',
    'null',
    'include/linux/slab.h',
    'kmalloc kzalloc kcalloc kmalloc_array kmalloc_node kzalloc_node kcalloc_node kmalloc_array_node kmalloc_obj kzalloc_obj kmalloc_objs kzalloc_objs kmalloc_flex kzalloc_flex __kmalloc',
  ],
  ['slab', 'null', 'include/linux/string.h', 'kmemdup kstrdup kstrndup kmemdup_nul kasprintf kvasprintf kmemdup_array'],
  ['slab', 'error', 'include/linux/string.h', 'memdup_user memdup_user_nul strndup_user memdup_array_user'],
  [
    'kvmem',
    'null',
    'include/linux/slab.h',
    'kvmalloc kvzalloc kvcalloc kvmalloc_array kvmalloc_node kvzalloc_node kvmemdup kvmalloc_obj kvzalloc_obj kvmalloc_objs kvzalloc_objs kvmalloc_flex kvzalloc_flex',
  ],
  ['kvmem', 'error', 'include/linux/string.h', 'vmemdup_user vmemdup_array_user'],
  [
    'vmem',
    'null',
    'include/linux/vmalloc.h',
    'vmalloc vzalloc vmalloc_user vmalloc_node vzalloc_node vmalloc_32 __vmalloc vcalloc vmalloc_array',
  ],
  [
    'skb',
    'null',
    'include/linux/skbuff.h',
    'alloc_skb netdev_alloc_skb netdev_alloc_skb_ip_align dev_alloc_skb __dev_alloc_skb __netdev_alloc_skb napi_alloc_skb skb_clone skb_copy pskb_copy sock_alloc_send_skb nlmsg_new genlmsg_new bt_skb_alloc',
  ],
  ['urb', 'null', 'include/linux/usb.h', 'usb_alloc_urb'],
  ['page', 'null', 'include/linux/gfp.h', 'alloc_page alloc_pages dev_alloc_page dev_alloc_pages'],
  [
    'netdev',
    'null',
    'include/linux/netdevice.h',
    'alloc_netdev alloc_netdev_mq alloc_netdev_mqs alloc_etherdev alloc_etherdev_mq alloc_etherdev_mqs alloc_candev alloc_candev_mqs alloc_hdlcdev',
  ],
  ['cache', 'null', 'include/linux/slab.h', 'kmem_cache_alloc kmem_cache_zalloc kmem_cache_alloc_node'],
  ['mempool', 'null', 'include/linux/mempool.h', 'mempool_alloc'],
  ['coherent', 'null', 'include/linux/dma-mapping.h', 'dma_alloc_coherent dma_alloc_attrs dma_alloc_wc dma_alloc_noncoherent'],
  ['dmapool', 'null', 'include/linux/dmapool.h', 'dma_pool_alloc dma_pool_zalloc'],
  ['usbmem', 'null', 'include/linux/usb.h', 'usb_alloc_coherent'],
  ['bitmap', 'null', 'include/linux/bitmap.h', 'bitmap_alloc bitmap_zalloc'],
  [
    'workqueue',
    'null',
    'include/linux/workqueue.h',
    'alloc_workqueue alloc_ordered_workqueue create_workqueue create_singlethread_workqueue create_freezable_workqueue',
  ],
  ['input', 'null', 'include/linux/input.h', 'input_allocate_device'],
  ['pdev', 'null', 'include/linux/platform_device.h', 'platform_device_alloc'],
  ['iio', 'null', 'include/linux/iio/iio.h', 'iio_device_alloc'],
  ['scsihost', 'null', 'include/scsi/scsi_host.h', 'scsi_host_alloc'],
  ['spihost', 'null', 'include/linux/spi/spi.h', 'spi_alloc_host spi_alloc_target spi_alloc_master spi_alloc_slave'],
  [
    'ioremap',
    'null',
    'include/linux/io.h',
    'ioremap ioremap_wc ioremap_wt ioremap_cache ioremap_uc ioremap_np of_iomap acpi_os_ioremap',
  ],
  ['pciiomap', 'null', 'include/asm-generic/pci_iomap.h', 'pci_iomap pci_iomap_range pci_ioremap_bar'],
  ['memremap', 'null', 'include/linux/io.h', 'memremap'],
  ['clk', 'error', 'include/linux/clk.h', 'clk_get of_clk_get of_clk_get_by_name clk_get_sys'],
  ['regulator', 'error', 'include/linux/regulator/consumer.h', 'regulator_get regulator_get_exclusive regulator_get_optional'],
  ['gpiod', 'error', 'include/linux/gpio/consumer.h', 'gpiod_get gpiod_get_index fwnode_gpiod_get_index'],
  ['cryptohash', 'error', 'include/crypto/hash.h', 'crypto_alloc_shash'],
  ['cryptoahash', 'error', 'include/crypto/hash.h', 'crypto_alloc_ahash'],
  ['cryptosk', 'error', 'include/crypto/skcipher.h', 'crypto_alloc_skcipher'],
  ['cryptoaead', 'error', 'include/crypto/aead.h', 'crypto_alloc_aead'],
];

/** References, by what gives one. */
const REFERENCES: readonly (readonly [Family, Failure, string, string])[] = [
  [
    'of_node',
    'null',
    'include/linux/of.h',
    'of_find_node_by_name of_find_node_by_type of_find_compatible_node of_find_matching_node of_find_matching_node_and_match of_find_node_by_path of_find_node_by_phandle of_find_node_opts_by_path of_find_node_with_property of_find_all_nodes of_get_parent of_get_next_parent of_get_next_child of_get_next_available_child of_get_compatible_child of_get_child_by_name of_get_available_child_by_name of_get_cpu_node of_parse_phandle of_get_next_cpu_node',
  ],
  [
    'of_node',
    'null',
    'include/linux/of_graph.h',
    'of_graph_get_endpoint_by_regs of_graph_get_remote_endpoint of_graph_get_remote_port of_graph_get_remote_port_parent of_graph_get_port_parent of_graph_get_port_by_id of_graph_get_remote_node of_graph_get_next_endpoint',
  ],
  [
    'fwnode',
    'null',
    'include/linux/property.h',
    'fwnode_get_named_child_node device_get_named_child_node fwnode_get_next_child_node device_get_next_child_node fwnode_get_parent fwnode_get_next_parent fwnode_graph_get_next_endpoint fwnode_graph_get_endpoint_by_id fwnode_graph_get_remote_endpoint fwnode_graph_get_remote_port_parent',
  ],
  [
    'device',
    'null',
    'include/linux/device.h',
    'bus_find_device bus_find_device_by_name bus_find_device_by_of_node bus_find_device_by_fwnode class_find_device class_find_device_by_name class_find_device_by_of_node class_find_device_by_devt device_find_child device_find_child_by_name driver_find_device driver_find_device_by_name',
  ],
  ['ofpdev', 'null', 'include/linux/of_platform.h', 'of_find_device_by_node'],
  [
    'pcidev',
    'null',
    'include/linux/pci.h',
    'pci_get_device pci_get_class pci_get_subsys pci_get_slot pci_get_domain_bus_and_slot',
  ],
  ['netref', 'null', 'include/linux/netdevice.h', 'dev_get_by_name dev_get_by_index'],
  ['filp', 'error', 'include/linux/fs.h', 'filp_open'],
  ['fileref', 'null', 'include/linux/file.h', 'fget'],
  ['task', 'null', 'include/linux/sched/task.h', 'get_pid_task find_get_task_by_vpid'],
  ['mm', 'null', 'include/linux/sched/mm.h', 'get_task_mm'],
  ['i2cadap', 'null', 'include/linux/i2c.h', 'i2c_get_adapter'],
  ['phydev', 'null', 'include/linux/of_mdio.h', 'of_phy_find_device'],
];

/** Releases: families | whether the object is gone | argument | names. */
const RELEASES: readonly (readonly [string, boolean, number, string, string])[] = [
  ['slab bitmap cache', true, 0, 'include/linux/slab.h', 'kfree kfree_sensitive kfree_const kzfree'],
  ['slab kvmem vmem cache', true, 0, 'include/linux/slab.h', 'kvfree kvfree_sensitive'],
  ['vmem', true, 0, 'include/linux/vmalloc.h', 'vfree'],
  [
    'skb',
    true,
    0,
    'include/linux/skbuff.h',
    'kfree_skb consume_skb dev_kfree_skb dev_kfree_skb_any dev_kfree_skb_irq dev_consume_skb_any dev_consume_skb_irq nlmsg_free kfree_skb_reason kfree_skb_list napi_consume_skb dev_kfree_skb_any_reason dev_kfree_skb_irq_reason',
  ],
  ['skb', true, 0, 'include/linux/netdevice.h', 'netif_rx netif_rx_ni netif_receive_skb dev_queue_xmit'],
  ['skb', true, 1, 'include/linux/netdevice.h', 'napi_gro_receive'],
  ['skb', true, 1, 'include/net/bluetooth/hci_core.h', 'hci_recv_frame hci_recv_diag'],
  ['urb', true, 0, 'include/linux/usb.h', 'usb_free_urb'],
  ['page', true, 0, 'include/linux/gfp.h', '__free_page __free_pages'],
  ['netdev', true, 0, 'include/linux/netdevice.h', 'free_netdev free_candev'],
  ['cache', true, 1, 'include/linux/slab.h', 'kmem_cache_free'],
  ['mempool', true, 0, 'include/linux/mempool.h', 'mempool_free'],
  ['coherent', true, 2, 'include/linux/dma-mapping.h', 'dma_free_coherent dma_free_attrs dma_free_wc dma_free_noncoherent'],
  ['dmapool', true, 1, 'include/linux/dmapool.h', 'dma_pool_free'],
  ['usbmem', true, 2, 'include/linux/usb.h', 'usb_free_coherent'],
  ['bitmap', true, 0, 'include/linux/bitmap.h', 'bitmap_free'],
  ['workqueue', true, 0, 'include/linux/workqueue.h', 'destroy_workqueue'],
  ['input', true, 0, 'include/linux/input.h', 'input_free_device'],
  ['iio', true, 0, 'include/linux/iio/iio.h', 'iio_device_free'],
  ['ioremap pciiomap', true, 0, 'include/linux/io.h', 'iounmap'],
  ['pciiomap', true, 1, 'include/asm-generic/pci_iomap.h', 'pci_iounmap'],
  ['memremap', true, 0, 'include/linux/io.h', 'memunmap'],
  ['clk', false, 0, 'include/linux/clk.h', 'clk_put'],
  ['regulator', false, 0, 'include/linux/regulator/consumer.h', 'regulator_put'],
  ['gpiod', false, 0, 'include/linux/gpio/consumer.h', 'gpiod_put'],
  ['cryptohash', true, 0, 'include/crypto/hash.h', 'crypto_free_shash'],
  ['cryptoahash', true, 0, 'include/crypto/hash.h', 'crypto_free_ahash'],
  ['cryptosk', true, 0, 'include/crypto/skcipher.h', 'crypto_free_skcipher'],
  ['cryptoaead', true, 0, 'include/crypto/aead.h', 'crypto_free_aead'],
  ['of_node', false, 0, 'include/linux/of.h', 'of_node_put'],
  ['fwnode', false, 0, 'include/linux/property.h', 'fwnode_handle_put'],
  ['device ofpdev', false, 0, 'include/linux/device.h', 'put_device'],
  ['pdev ofpdev', false, 0, 'include/linux/platform_device.h', 'platform_device_put of_dev_put'],
  ['pcidev', false, 0, 'include/linux/pci.h', 'pci_dev_put'],
  ['netref', false, 0, 'include/linux/netdevice.h', 'dev_put'],
  ['filp', false, 0, 'include/linux/fs.h', 'filp_close'],
  ['fileref', false, 0, 'include/linux/file.h', 'fput'],
  ['task', false, 0, 'include/linux/sched/task.h', 'put_task_struct'],
  ['mm', false, 0, 'include/linux/sched/mm.h', 'mmput'],
  ['scsihost', false, 0, 'include/scsi/scsi_host.h', 'scsi_host_put'],
  ['spihost', false, 0, 'include/linux/spi/spi.h', 'spi_controller_put spi_master_put'],
  ['i2cadap', false, 0, 'include/linux/i2c.h', 'i2c_put_adapter'],
];

/** Functions that put the reference of their argument `from` while they look for the next. Source: include/linux/of.h, pci.h, property.h. */
const CONSUMES_FROM: readonly (readonly [number, string])[] = [
  [
    0,
    'of_find_node_by_name of_find_node_by_type of_find_compatible_node of_find_matching_node of_find_matching_node_and_match of_find_node_with_property of_find_all_nodes of_get_next_parent fwnode_get_next_parent',
  ],
  [
    1,
    'of_get_next_child of_get_next_available_child of_graph_get_next_endpoint fwnode_get_next_child_node device_get_next_child_node fwnode_graph_get_next_endpoint',
  ],
  [2, 'pci_get_device'],
  [1, 'pci_get_class'],
];

/** Managed or lent: they fail like this, and nothing has to be given back by hand. */
const LENT: readonly (readonly [Failure, string, string])[] = [
  [
    'null',
    'include/linux/device/devres.h',
    'devm_kmalloc devm_kzalloc devm_kcalloc devm_kmalloc_array devm_kstrdup devm_kasprintf devm_kmemdup devm_kstrdup_const devm_kmemdup_array devm_ioremap devm_ioremap_wc devm_bitmap_zalloc devm_alloc_etherdev devm_alloc_etherdev_mqs devm_iio_device_alloc devm_input_allocate_device devm_spi_alloc_host devm_spi_alloc_master devm_spi_alloc_target devm_rtc_allocate devm_alloc_percpu devm_snd_soc_alloc dmam_alloc_coherent devm_mdiobus_alloc devm_mdiobus_alloc_size devm_get_free_pages pcim_iomap devm_led_trigger_alloc',
  ],
  [
    'error',
    'include/linux/device/devres.h',
    'devm_ioremap_resource devm_platform_ioremap_resource devm_platform_ioremap_resource_byname devm_platform_get_and_ioremap_resource devm_memremap',
  ],
  ['error', 'include/linux/clk.h', 'devm_clk_get devm_clk_get_enabled devm_clk_get_prepared devm_clk_get_by_name'],
  [
    'either',
    'include/linux/clk.h',
    'devm_clk_get_optional devm_clk_get_optional_enabled devm_clk_get_optional_prepared clk_get_optional',
  ],
  ['error', 'include/linux/gpio/consumer.h', 'devm_gpiod_get devm_gpiod_get_index devm_gpiod_get_array devm_fwnode_gpiod_get'],
  [
    'either',
    'include/linux/gpio/consumer.h',
    'devm_gpiod_get_optional devm_gpiod_get_index_optional devm_gpiod_get_array_optional gpiod_get_optional',
  ],
  [
    'error',
    'include/linux/regulator/consumer.h',
    'devm_regulator_get devm_regulator_get_optional devm_regulator_get_exclusive devm_regulator_register regulator_register',
  ],
  [
    'error',
    'include/linux/reset.h',
    'devm_reset_control_get devm_reset_control_get_exclusive devm_reset_control_get_shared devm_reset_control_get_by_index devm_reset_control_array_get_exclusive reset_control_get reset_control_get_exclusive',
  ],
  [
    'either',
    'include/linux/reset.h',
    'devm_reset_control_get_optional devm_reset_control_get_optional_exclusive devm_reset_control_get_optional_shared',
  ],
  [
    'error',
    'include/linux/regmap.h',
    'devm_regmap_init_i2c devm_regmap_init_spi devm_regmap_init_mmio devm_regmap_init_mmio_clk devm_regmap_init devm_regmap_field_alloc syscon_regmap_lookup_by_phandle syscon_node_to_regmap syscon_regmap_lookup_by_compatible regmap_init_i2c regmap_init_spi regmap_init_mmio',
  ],
  [
    'error',
    'include/linux/phy/phy.h',
    'devm_phy_get devm_phy_create devm_of_phy_get devm_of_phy_provider_register phy_get of_phy_get',
  ],
  [
    'error',
    'include/linux/pinctrl/consumer.h',
    'devm_pinctrl_get pinctrl_get pinctrl_lookup_state devm_pinctrl_get_select devm_pinctrl_register',
  ],
  [
    'error',
    'include/linux/hwmon.h',
    'devm_hwmon_device_register_with_info devm_hwmon_device_register_with_groups hwmon_device_register_with_info hwmon_device_register',
  ],
  ['error', 'include/linux/dmaengine.h', 'dma_request_chan devm_dma_request_chan'],
  [
    'null',
    'include/linux/dmaengine.h',
    'dma_request_channel dmaengine_prep_slave_sg dmaengine_prep_slave_single dmaengine_prep_dma_cyclic dmaengine_prep_dma_memcpy',
  ],
  ['error', 'include/linux/device/class.h', 'class_create device_create device_create_with_groups'],
  [
    'error',
    'include/linux/kthread.h',
    'kthread_run kthread_create kthread_create_on_node kthread_create_on_cpu kthread_run_worker kthread_create_worker',
  ],
  [
    'error',
    'include/linux/platform_device.h',
    'platform_device_register_simple platform_device_register_data platform_device_register_resndata platform_device_register_full platform_create_bundle',
  ],
  ['error', 'include/linux/rtc.h', 'devm_rtc_device_register devm_rtc_allocate_device'],
  [
    'error',
    'include/linux/nvmem-consumer.h',
    'nvmem_cell_get devm_nvmem_cell_get nvmem_cell_read nvmem_device_get devm_nvmem_device_get',
  ],
  [
    'error',
    'include/linux/i2c.h',
    'i2c_new_client_device i2c_new_dummy_device devm_i2c_new_dummy_device i2c_new_ancillary_device',
  ],
  [
    'error',
    'include/linux/clk-provider.h',
    'clk_register devm_clk_register clk_register_fixed_rate clk_hw_register_fixed_rate clk_hw_register_fixed_factor clk_hw_register_gate clk_hw_register_mux clk_hw_register_divider devm_clk_hw_register_fixed_rate clk_register_gate clk_register_mux clk_register_divider clk_register_fixed_factor',
  ],
  ['error', 'include/linux/mailbox_client.h', 'mbox_request_channel mbox_request_channel_byname'],
  ['either', 'drivers/interconnect/core.c: NULL if the node names no interconnects', 'devm_of_icc_get of_icc_get icc_get'],
  ['error', 'include/linux/power_supply.h', 'power_supply_register devm_power_supply_register'],
  ['error', 'include/linux/usb/phy.h', 'devm_usb_get_phy devm_usb_get_phy_by_phandle usb_get_phy'],
  [
    'error',
    'include/linux/thermal.h',
    'thermal_zone_device_register_with_trips devm_thermal_of_zone_register thermal_cooling_device_register devm_thermal_of_cooling_device_register',
  ],
  ['error', 'include/linux/pwm.h', 'pwm_get devm_pwm_get'],
  ['error', 'include/linux/fs.h', 'kern_mount dentry_open open_exec'],
  ['error', 'include/linux/debugfs.h', 'debugfs_create_dir debugfs_create_file'],
  ['null', 'include/linux/platform_device.h', 'platform_get_resource platform_get_resource_byname'],
  ['null', 'include/linux/of.h', 'of_get_property of_find_property'],
  ['null', 'include/linux/usb.h', 'usb_ifnum_to_if usb_altnum_to_altsetting usb_find_interface'],
  ['null', 'include/linux/ioport.h', 'request_mem_region request_region devm_request_mem_region devm_request_region'],
  ['null', 'include/linux/idr.h', 'idr_find'],
  ['null', 'include/linux/xarray.h', 'xa_load'],
  ['null', 'include/net/netlink.h', 'nla_nest_start nla_nest_start_noflag nla_reserve nlmsg_put genlmsg_put'],
  ['null', 'include/linux/proc_fs.h', 'proc_mkdir proc_create proc_create_data'],
  ['null', 'include/linux/acpi.h', 'acpi_match_device ACPI_COMPANION'],
];

const words = (names: string): string[] => names.split(' ');

/** What allocates, gives references and takes them back. */
export function memoryApis(): Api[] {
  const apis = new Map<string, Api>();
  const add = (name: string, source: string, rest: Partial<Api>) =>
    apis.set(name, { ...(apis.get(name) ?? { name, source }), ...rest });
  for (const [family, fails, source, names] of ALLOCATORS)
    for (const name of words(names))
      add(name, source, {
        gives: family,
        fails,
        borrows: true,
        ...(/^(?:kv?|v|__kv?|__v)malloc|^kmem_cache_alloc/.test(name) ? { uncleared: true } : {}),
      });
  for (const [family, fails, source, names] of REFERENCES)
    for (const name of words(names)) add(name, source, { gives: family, fails, borrows: true });
  for (const [families, frees, argument, source, names] of RELEASES)
    for (const name of words(names)) add(name, source, { takes: { argument, families: words(families), frees }, borrows: true });
  for (const [argument, names] of CONSUMES_FROM)
    for (const name of words(names))
      add(name, apis.get(name)?.source ?? 'include/linux/of.h', {
        takes: { argument, families: ['of_node', 'fwnode', 'pcidev'], frees: false },
      });
  for (const [fails, source, names] of LENT)
    for (const name of words(names))
      if (!apis.has(name))
        add(name, source, { fails, ...(/register|create|run|request_(?:mem_)?region/.test(name) ? {} : { borrows: true }) });
  return [...apis.values()];
}
