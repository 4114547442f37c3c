import type { Api, LockKind } from './model';

/** Lock functions: kind | does | argument | group | whether code under it must not sleep | names. */
const LOCKS: readonly (readonly [LockKind, 'take' | 'give' | 'try', number, boolean, string, string])[] = [
  [
    'spin',
    'take',
    0,
    true,
    'include/linux/spinlock.h',
    'spin_lock spin_lock_bh spin_lock_irq spin_lock_irqsave spin_lock_nested spin_lock_irqsave_nested raw_spin_lock raw_spin_lock_irq raw_spin_lock_irqsave raw_spin_lock_bh',
  ],
  [
    'spin',
    'give',
    0,
    true,
    'include/linux/spinlock.h',
    'spin_unlock spin_unlock_bh spin_unlock_irq spin_unlock_irqrestore raw_spin_unlock raw_spin_unlock_irq raw_spin_unlock_irqrestore raw_spin_unlock_bh',
  ],
  [
    'spin',
    'try',
    0,
    true,
    'include/linux/spinlock.h',
    'spin_trylock spin_trylock_bh spin_trylock_irq spin_trylock_irqsave raw_spin_trylock',
  ],
  ['rwlock-read', 'take', 0, true, 'include/linux/rwlock.h', 'read_lock read_lock_bh read_lock_irq read_lock_irqsave'],
  ['rwlock-read', 'give', 0, true, 'include/linux/rwlock.h', 'read_unlock read_unlock_bh read_unlock_irq read_unlock_irqrestore'],
  ['rwlock-write', 'take', 0, true, 'include/linux/rwlock.h', 'write_lock write_lock_bh write_lock_irq write_lock_irqsave'],
  [
    'rwlock-write',
    'give',
    0,
    true,
    'include/linux/rwlock.h',
    'write_unlock write_unlock_bh write_unlock_irq write_unlock_irqrestore',
  ],
  ['mutex', 'take', 0, false, 'include/linux/mutex.h', 'mutex_lock mutex_lock_nested mutex_lock_io'],
  [
    'mutex',
    'try',
    0,
    false,
    'include/linux/mutex.h',
    'mutex_lock_interruptible mutex_lock_killable mutex_trylock mutex_lock_interruptible_nested',
  ],
  ['mutex', 'give', 0, false, 'include/linux/mutex.h', 'mutex_unlock'],
  ['rwsem-read', 'take', 0, false, 'include/linux/rwsem.h', 'down_read down_read_nested'],
  ['rwsem-read', 'give', 0, false, 'include/linux/rwsem.h', 'up_read'],
  ['rwsem-write', 'take', 0, false, 'include/linux/rwsem.h', 'down_write down_write_nested'],
  ['rwsem-write', 'give', 0, false, 'include/linux/rwsem.h', 'up_write downgrade_write'],
  ['rwsem-read', 'try', 0, false, 'include/linux/rwsem.h', 'down_read_trylock down_read_killable down_read_interruptible'],
  ['rwsem-write', 'try', 0, false, 'include/linux/rwsem.h', 'down_write_trylock down_write_killable'],
  ['rcu', 'take', -1, true, 'include/linux/rcupdate.h', 'rcu_read_lock rcu_read_lock_bh'],
  ['rcu', 'give', -1, true, 'include/linux/rcupdate.h', 'rcu_read_unlock rcu_read_unlock_bh'],
  ['irq', 'take', -1, true, 'include/linux/irqflags.h', 'local_irq_save local_irq_disable'],
  ['irq', 'give', -1, true, 'include/linux/irqflags.h', 'local_irq_restore local_irq_enable'],
  ['preempt', 'take', -1, true, 'include/linux/preempt.h', 'preempt_disable'],
  ['preempt', 'give', -1, true, 'include/linux/preempt.h', 'preempt_enable preempt_enable_no_resched'],
  ['bh', 'take', -1, true, 'include/linux/bottom_half.h', 'local_bh_disable'],
  ['bh', 'give', -1, true, 'include/linux/bottom_half.h', 'local_bh_enable'],
  ['mutex', 'take', -2, false, 'include/linux/rtnetlink.h', 'rtnl_lock'],
  ['mutex', 'give', -2, false, 'include/linux/rtnetlink.h', 'rtnl_unlock'],
  ['mutex', 'try', -2, false, 'include/linux/rtnetlink.h', 'rtnl_trylock'],
  ['mutex', 'take', 0, false, 'include/linux/device.h', 'device_lock'],
  ['mutex', 'give', 0, false, 'include/linux/device.h', 'device_unlock'],
];

/** What is switched on and has to be switched off: on | off | group. The result of `on` is 0 or an error. */
const PAIRS: readonly (readonly [string, string, string, string])[] = [
  ['clk_prepare_enable', 'clk_disable_unprepare', 'clk enabled', 'include/linux/clk.h'],
  ['clk_enable', 'clk_disable', 'clk on', 'include/linux/clk.h'],
  ['clk_prepare', 'clk_unprepare', 'clk prepared', 'include/linux/clk.h'],
  ['regulator_enable', 'regulator_disable', 'regulator', 'include/linux/regulator/consumer.h'],
  ['regulator_bulk_enable', 'regulator_bulk_disable', 'regulators', 'include/linux/regulator/consumer.h'],
  ['clk_bulk_prepare_enable', 'clk_bulk_disable_unprepare', 'clks', 'include/linux/clk.h'],
  [
    'pm_runtime_get_sync pm_runtime_resume_and_get pm_runtime_get_noresume',
    'pm_runtime_put pm_runtime_put_sync pm_runtime_put_autosuspend pm_runtime_put_noidle pm_runtime_put_sync_suspend pm_runtime_put_sync_autosuspend __pm_runtime_put_autosuspend',
    'runtime PM reference',
    'include/linux/pm_runtime.h',
  ],
  ['request_irq request_threaded_irq', 'free_irq', 'interrupt', 'include/linux/interrupt.h'],
  ['pci_enable_device pci_enable_device_mem', 'pci_disable_device', 'PCI device', 'include/linux/pci.h'],
  ['pci_request_regions', 'pci_release_regions', 'PCI regions', 'include/linux/pci.h'],
  ['pci_enable_msi', 'pci_disable_msi', 'MSI', 'include/linux/pci.h'],
  ['phy_init', 'phy_exit', 'phy', 'include/linux/phy/phy.h'],
  ['phy_power_on', 'phy_power_off', 'phy power', 'include/linux/phy/phy.h'],
  ['misc_register', 'misc_deregister', 'misc device', 'include/linux/miscdevice.h'],
  ['usb_autopm_get_interface', 'usb_autopm_put_interface', 'autopm reference', 'include/linux/usb.h'],
  ['v4l2_device_register', 'v4l2_device_unregister', 'v4l2 device', 'include/media/v4l2-device.h'],
  [
    'request_firmware firmware_request_nowarn request_firmware_direct firmware_request_platform',
    'release_firmware',
    'firmware',
    'include/linux/firmware.h',
  ],
  ['cdev_device_add', 'cdev_device_del', 'character device', 'include/linux/cdev.h'],
  ['pm_runtime_enable', 'pm_runtime_disable', 'runtime PM', 'include/linux/pm_runtime.h'],
  ['usb_phy_init', 'usb_phy_shutdown', 'USB phy', 'include/linux/usb/phy.h'],
  ['of_reserved_mem_device_init', 'of_reserved_mem_device_release', 'reserved memory', 'include/linux/of_reserved_mem.h'],
  ['iio_triggered_buffer_setup', 'iio_triggered_buffer_cleanup', 'buffer', 'include/linux/iio/triggered_buffer.h'],
];

/** What is made known to a framework, which keeps it: on | off | group. */
const REGISTRATIONS: readonly (readonly [string, string, string, string])[] = [
  ['register_netdev', 'unregister_netdev', 'network device', 'include/linux/netdevice.h'],
  ['mdiobus_register of_mdiobus_register', 'mdiobus_unregister', 'MDIO bus', 'include/linux/phy.h'],
  ['dma_async_device_register', 'dma_async_device_unregister', 'DMA device', 'include/linux/dmaengine.h'],
  ['watchdog_register_device', 'watchdog_unregister_device', 'watchdog', 'include/linux/watchdog.h'],
  ['i2c_add_adapter i2c_add_numbered_adapter', 'i2c_del_adapter', 'I2C adapter', 'include/linux/i2c.h'],
  ['media_device_register', 'media_device_unregister', 'media device', 'include/media/media-device.h'],
  ['iio_device_register', 'iio_device_unregister', 'IIO device', 'include/linux/iio/iio.h'],
  ['scsi_add_host', 'scsi_remove_host', 'SCSI host', 'include/scsi/scsi_host.h'],
  ['ieee80211_register_hw', 'ieee80211_unregister_hw', 'wireless device', 'include/net/mac80211.h'],
  ['platform_driver_register', 'platform_driver_unregister', 'platform driver', 'include/linux/platform_device.h'],
  ['pci_register_driver', 'pci_unregister_driver', 'PCI driver', 'include/linux/pci.h'],
  ['i2c_add_driver', 'i2c_del_driver', 'I2C driver', 'include/linux/i2c.h'],
  ['spi_register_driver', 'spi_unregister_driver', 'SPI driver', 'include/linux/spi/spi.h'],
  ['usb_register', 'usb_deregister', 'USB driver', 'include/linux/usb.h'],
  ['register_netdevice_notifier', 'unregister_netdevice_notifier', 'notifier', 'include/linux/netdevice.h'],
  ['register_pernet_subsys', 'unregister_pernet_subsys', 'network namespace operations', 'include/net/net_namespace.h'],
  ['register_pernet_device', 'unregister_pernet_device', 'network namespace operations', 'include/net/net_namespace.h'],
  ['genl_register_family', 'genl_unregister_family', 'netlink family', 'include/net/genetlink.h'],
  ['class_register', 'class_unregister', 'class', 'include/linux/device/class.h'],
  ['bus_register', 'bus_unregister', 'bus', 'include/linux/device/bus.h'],
  ['hid_hw_start', 'hid_hw_stop', 'HID device', 'include/linux/hid.h'],
  ['hid_hw_open', 'hid_hw_close', 'HID transport', 'include/linux/hid.h'],
  ['open_candev', 'close_candev', 'CAN device', 'include/linux/can/dev.h'],
  ['register_candev', 'unregister_candev', 'CAN device registered', 'include/linux/can/dev.h'],
  ['nand_scan', 'nand_cleanup', 'NAND chip', 'include/linux/mtd/rawnand.h'],
  ['reset_control_deassert', 'reset_control_assert', 'reset line', 'include/linux/reset.h'],
  ['icc_enable', 'icc_disable', 'interconnect', 'include/linux/interconnect.h'],
  ['pwm_enable', 'pwm_disable', 'PWM', 'include/linux/pwm.h'],
  ['drm_dev_register', 'drm_dev_unregister', 'DRM device', 'include/drm/drm_drv.h'],
  ['drm_panel_prepare', 'drm_panel_unprepare', 'panel', 'include/drm/drm_panel.h'],
  ['usb_add_hcd', 'usb_remove_hcd', 'host controller', 'include/linux/usb/hcd.h'],
  ['spi_register_controller', 'spi_unregister_controller', 'SPI controller', 'include/linux/spi/spi.h'],
  ['gpiochip_add_data', 'gpiochip_remove', 'GPIO chip', 'include/linux/gpio/driver.h'],
  ['mmc_add_host', 'mmc_remove_host', 'MMC host', 'include/linux/mmc/host.h'],
  ['rproc_add', 'rproc_del', 'remote processor', 'include/linux/remoteproc.h'],
  ['tty_register_driver', 'tty_unregister_driver', 'terminal driver', 'include/linux/tty_driver.h'],
  ['uart_register_driver', 'uart_unregister_driver', 'serial driver', 'include/linux/serial_core.h'],
  ['blk_mq_alloc_tag_set', 'blk_mq_free_tag_set', 'tag set', 'include/linux/blk-mq.h'],
  ['bioset_init', 'bioset_exit', 'set of requests', 'include/linux/bio.h'],
  ['rhashtable_init', 'rhashtable_destroy', 'hash table', 'include/linux/rhashtable.h'],
  ['percpu_ref_init', 'percpu_ref_exit', 'reference count', 'include/linux/percpu-refcount.h'],
  ['percpu_counter_init', 'percpu_counter_destroy', 'counter', 'include/linux/percpu_counter.h'],
  ['init_srcu_struct', 'cleanup_srcu_struct', 'SRCU domain', 'include/linux/srcu.h'],
  ['sg_alloc_table', 'sg_free_table', 'scatter list', 'include/linux/scatterlist.h'],
  ['sdio_enable_func', 'sdio_disable_func', 'SDIO function', 'include/linux/mmc/sdio_func.h'],
  ['sdio_claim_irq', 'sdio_release_irq', 'SDIO interrupt', 'include/linux/mmc/sdio_func.h'],
  ['video_register_device', 'video_unregister_device', 'video device', 'include/media/v4l2-dev.h'],
  ['v4l2_ctrl_handler_init', 'v4l2_ctrl_handler_free', 'control handler', 'include/media/v4l2-ctrls.h'],
  ['kref_get', 'kref_put', 'reference', 'include/linux/kref.h'],
  ['sock_hold', 'sock_put', 'socket reference', 'include/net/sock.h'],
];

/** Functions that may sleep whatever their arguments. Sources: kernel-doc "Context:" of each, might_sleep() in them. */
const SLEEPS =
  'msleep msleep_interruptible ssleep usleep_range fsleep schedule schedule_timeout_interruptible schedule_timeout_uninterruptible wait_for_completion wait_for_completion_interruptible wait_for_completion_timeout wait_for_completion_interruptible_timeout flush_work flush_workqueue flush_delayed_work cancel_work_sync cancel_delayed_work_sync destroy_workqueue synchronize_rcu synchronize_irq synchronize_net disable_irq free_irq request_irq request_threaded_irq usb_control_msg usb_bulk_msg usb_interrupt_msg usb_kill_urb kthread_stop vmalloc vzalloc vmalloc_user i2c_transfer i2c_smbus_read_byte_data i2c_smbus_write_byte_data i2c_smbus_read_word_data i2c_smbus_write_word_data i2c_master_send i2c_master_recv spi_sync spi_write spi_read spi_write_then_read copy_from_user copy_to_user get_user put_user memdup_user clk_prepare clk_unprepare clk_prepare_enable clk_disable_unprepare regulator_enable regulator_disable request_firmware device_register device_unregister mutex_lock mutex_lock_interruptible mutex_lock_killable down_read down_write wait_event wait_event_interruptible wait_event_timeout wait_event_interruptible_timeout register_netdev unregister_netdev';

/** Allocators by the position of their GFP flags. */
const GFP: readonly (readonly [number, string])[] = [
  [
    1,
    'kmalloc kzalloc kvmalloc kvzalloc kstrdup kmem_cache_alloc kmem_cache_zalloc alloc_skb nlmsg_new genlmsg_new skb_clone skb_copy usb_alloc_urb usb_submit_urb kasprintf mempool_alloc kzalloc_obj kmalloc_obj',
  ],
  [2, 'kcalloc kmalloc_array kmemdup krealloc devm_kmalloc devm_kzalloc kstrndup kmalloc_node dma_pool_alloc'],
  [3, 'dma_alloc_coherent devm_kcalloc usb_alloc_coherent'],
  [0, 'alloc_page get_zeroed_page __get_free_page'],
];

/** Functions that read or write through these arguments right away. Source: include/linux/string.h. */
const READERS: readonly (readonly [readonly number[], string])[] = [
  [[0, 1], 'memcpy memmove strcpy strscpy strcmp strncmp memcmp strncpy strlcpy strcat memcpy_fromio memcpy_toio'],
  [[0], 'memset memzero_explicit strlen strnlen sprintf snprintf scnprintf memset_io'],
  [
    [0],
    'netdev_priv platform_set_drvdata i2c_set_clientdata spi_set_drvdata usb_set_intfdata dev_set_drvdata netif_carrier_off netif_carrier_on resource_size skb_put skb_push skb_pull skb_reserve skb_trim skb_put_data skb_reset_mac_header init_completion mutex_init spin_lock_init',
  ],
  [[0], 'iio_priv spi_controller_get_devdata sg_init_table init_waitqueue_head INIT_LIST_HEAD'],
];

/** Functions that look at their arguments, or change what they point to, and keep none of them. */
const BORROWERS =
  'memcpy memmove memset memcmp strcpy strncpy strscpy strlcpy strcmp strncmp strlen strnlen strcasecmp strstr strchr strrchr sprintf snprintf scnprintf sscanf copy_from_user copy_to_user __copy_from_user __copy_to_user memcpy_fromio memcpy_toio dev_err dev_warn dev_info dev_dbg dev_err_probe dev_notice dev_printk pr_err pr_warn pr_info pr_debug printk netdev_err netdev_warn netdev_info netdev_dbg print_hex_dump print_hex_dump_debug kstrtoint kstrtouint kstrtoul kstrtol kstrtou8 kstrtou16 kstrtobool simple_strtoul simple_strtol usb_control_msg usb_control_msg_recv usb_control_msg_send usb_bulk_msg usb_interrupt_msg i2c_transfer i2c_master_send i2c_master_recv spi_sync spi_write spi_read spi_write_then_read mutex_lock mutex_unlock mutex_init spin_lock spin_unlock spin_lock_init init_completion init_waitqueue_head memdup_user kmemdup kstrdup sizeof IS_ERR PTR_ERR IS_ERR_OR_NULL WARN_ON BUG_ON ksize virt_to_phys dma_map_single dma_mapping_error regmap_read regmap_write regmap_bulk_read regmap_bulk_write regmap_raw_read regmap_raw_write simple_read_from_buffer simple_write_to_buffer strim strstrip kernel_read kernel_write be16_to_cpup le16_to_cpup le32_to_cpup be32_to_cpup skb_put skb_put_data skb_put_u8 skb_reserve skb_push skb_pull skb_trim skb_copy_bits skb_copy_from_linear_data memchr crc32 acpi_get_name rcu_read_lock rcu_read_unlock list_empty hex_dump_to_buffer sg_init_one sg_init_table';

/** Functions that return one of their arguments: name | argument. Source: include/linux/dev_printk.h. */
const RETURNS: readonly (readonly [string, number])[] = [
  ['dev_err_probe', 1],
  ['dev_warn_probe', 1],
];

/** What does not come back, and is declared by no attribute: BUG() by architecture, and programs of the build. Others are derived. */
const NORETURN = 'BUG unreachable exit abort';

/** What locks, switches, sleeps, reads. */
export function callApis(): Api[] {
  const apis: Api[] = [];
  for (const [kind, does, argument, atomic, source, names] of LOCKS)
    for (const name of names.split(' '))
      apis.push({ name, source, borrows: true, lock: { kind, does, argument, group: kind, atomic } });
  for (const [on, off, group, source] of PAIRS) {
    for (const name of on.split(' '))
      apis.push({
        name,
        source,
        borrows: true,
        lock: { kind: 'pair', does: 'try', argument: 0, group, atomic: false },
        ...(group === 'firmware' ? { fills: [0], storesPointer: true } : {}),
      });
    for (const name of off.split(' '))
      apis.push({ name, source, borrows: true, lock: { kind: 'pair', does: 'give', argument: 0, group, atomic: false } });
  }
  for (const [on, off, group, source] of REGISTRATIONS)
    for (const [names, does] of [
      [on, 'try'],
      [off, 'give'],
    ] as const)
      for (const name of names.split(' '))
        apis.push({ name, source, lock: { kind: 'pair', does, argument: 0, group, atomic: false } });
  for (const name of SLEEPS.split(' ')) apis.push({ name, source: 'include/linux/kernel.h: might_sleep()', sleeps: 'always' });
  for (const [flags, names] of GFP)
    for (const name of names.split(' ')) apis.push({ name, source: 'include/linux/gfp_types.h', sleeps: { flags } });
  for (const [reads, names] of READERS)
    for (const name of names.split(' ')) apis.push({ name, source: 'include/linux/string.h', reads });
  for (const name of BORROWERS.split(' ')) apis.push({ name, source: 'kernel-doc of each', borrows: true });
  for (const [name, returns] of RETURNS) apis.push({ name, source: 'include/linux/dev_printk.h', borrows: true, returns });
  for (const name of NORETURN.split(' ')) apis.push({ name, source: 'include/asm-generic/bug.h', noreturn: true });
  return apis;
}
