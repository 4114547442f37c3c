import { anyOf } from './any-of';

/**
 * What a kernel says of whole subsystems that Rust does not reach: a sentence for names of which nothing else is known. By the
 * prefixes that the subsystem's own names have; it never hides what was derived from the tree.
 */
export interface MissingSubsystem {
  pattern: RegExp;
  note: string;
  /** Rust modules or types that, if the kernel has them, make the sentence false. */
  unless?: readonly string[];
  nearest?: readonly string[];
}

export const missing: readonly MissingSubsystem[] = [
  {
    pattern:
      /^(?:devm_|__)?regmap(?:_\w+)?$|^(?:syscon|regcache)_\w+$|^REG(?:MAP|CACHE)_\w+$|^(?:devm_|to_)?\w*_to_regmap$|^dev_get_regmap$|^reg_(?:default|sequence|field)$/,
    note: 'Rust for Linux has no regmap yet.',
    unless: ['kernel::regmap'],
  },
  {
    pattern: /^(?:devm_|of_get_named_|fwnode_)?gpiod?(?:_\w+)?$|^(?:devm_)?gpio(?:chip|lib)\w*$|^GPIOD_\w+$/,
    note: 'Rust for Linux has no GPIO yet, neither as a consumer nor as a provider.',
    unless: ['kernel::gpio'],
  },
  { pattern: /^(?:devm_|to_)?spi(?:_\w+)?$|^SPI_\w+$/, note: 'Rust for Linux has no SPI yet.', unless: ['kernel::spi'] },
  {
    pattern: /^(?:devm_)?input_\w+$|^(?:ps2|serio|ff|sparse_keymap|matrix_keypad|touchscreen)_\w+$/,
    note: 'Rust for Linux has no input devices yet.',
    unless: ['kernel::input'],
  },
  {
    pattern:
      /^(?:netif|netdev|napi|dev_kfree_skb|skb|__skb|eth|ether|ethtool|alloc_etherdev|register_netdev|unregister_netdev|net_device|dev_queue|rtnl|phylink|devlink|ndo)\w*$|^(?:devm_)?(?:alloc|register|free)_netdev\w*$|^\w*alloc_skb\w*$|^kfree_skb\w*$|^NETIF_\w+$/,
    note: 'Rust for Linux has no network devices yet; of networking there are PHY drivers and generic netlink.',
    unless: ['kernel::net::Device', 'kernel::net::device'],
  },
  { pattern: /^(?:devm_)?(?:iio|IIO)_\w+$/, note: 'Rust for Linux has no industrial I/O yet.', unless: ['kernel::iio'] },
  {
    pattern: /^(?:v4l2|vb2|media|video|V4L2|VB2|VIDIOC|dvb)_\w+$|^CCI_\w+$|^cci_\w+$/,
    note: 'Rust for Linux has no media devices yet.',
    unless: ['kernel::media', 'kernel::v4l2'],
  },
  {
    pattern: /^(?:scsi|shost|sdev|scmd|sas|ata|ufshcd|class_to_shost|to_scsi)_\w+$/,
    note: 'Rust for Linux has no SCSI or ATA yet.',
    unless: ['kernel::scsi'],
  },
  { pattern: /^(?:devm_|module_)?hid_\w+$|^HID_\w+$/, note: 'Rust for Linux has no HID yet.', unless: ['kernel::hid'] },
  {
    pattern: /^(?:devm_)?rtc_\w+$|^(?:bcd2bin|bin2bcd)$/,
    note: 'Rust for Linux has no real-time clocks yet.',
    unless: ['kernel::rtc'],
  },
  {
    pattern: /^(?:devm_)?hwmon_\w+$|^HWMON_\w+$|^SENSOR_\w+$/,
    note: 'Rust for Linux has no hardware monitoring yet.',
    unless: ['kernel::hwmon'],
  },
  { pattern: /^(?:devm_)?watchdog_\w+$/, note: 'Rust for Linux has no watchdogs yet.', unless: ['kernel::watchdog'] },
  { pattern: /^(?:devm_)?thermal_\w+$/, note: 'Rust for Linux has no thermal zones yet.', unless: ['kernel::thermal'] },
  {
    pattern: /^(?:devm_)?power_supply(?:_\w+)?$|^POWER_SUPPLY_\w+$/,
    note: 'Rust for Linux has no power supplies yet.',
    unless: ['kernel::power_supply'],
  },
  {
    pattern: /^(?:devm_)?led(?:s|_classdev|_trigger|_set|_init)?_\w+$|^led_classdev$|^(?:devm_)?backlight_\w+$/,
    note: 'Rust for Linux has no LEDs or backlights yet.',
    unless: ['kernel::leds', 'kernel::led'],
  },
  {
    pattern: /^(?:devm_)?(?:pinctrl|pinconf|pinmux)_\w+$|^PIN(?:CTRL|MUX|CONF)?_\w+$|^PINGROUP$/,
    note: 'Rust for Linux has no pin control yet.',
    unless: ['kernel::pinctrl'],
  },
  {
    pattern: /^(?:devm_|of_)?reset_control\w*$|^(?:devm_)?reset_controller\w*$/,
    note: 'Rust for Linux has no reset controls yet.',
    unless: ['kernel::reset'],
  },
  {
    pattern:
      /^(?:devm_|of_)?phy_(?:create|power_on|power_off|init|exit|set_mode|get_drvdata|set_drvdata|provider\w*|configure|optional_get|calibrate|reset|destroy|put)$/,
    note: 'Rust for Linux has no generic PHYs yet; kernel::net::phy is for Ethernet PHYs.',
    unless: ['kernel::phy'],
  },
  { pattern: /^(?:devm_)?mbox_\w+$/, note: 'Rust for Linux has no mailboxes yet.', unless: ['kernel::mailbox'] },
  {
    pattern: /^(?:tty|uart|serial)_\w+$|^module_usb_serial_driver$/,
    note: 'Rust for Linux has no TTYs or UARTs yet; of serial devices there is serdev.',
    unless: ['kernel::tty'],
  },
  {
    pattern: /^(?:mtd|nand|spinand|spi_nor|SPINAND|NAND)_\w+$|^mtd_\w+$/,
    note: 'Rust for Linux has no memory technology devices yet.',
    unless: ['kernel::mtd'],
  },
  { pattern: /^(?:mmc|sdio|sdhci)_\w+$/, note: 'Rust for Linux has no MMC or SDIO yet.', unless: ['kernel::mmc'] },
  {
    pattern: /^usb_\w+$|^urb$|^USB_EP_\w+$/,
    note: 'Of USB there are matching, probe() and disconnect(): no transfers, no endpoints, no gadgets.',
    nearest: ['kernel::usb::Driver'],
  },
  {
    pattern: /^i2c_(?:\w+)$|^I2C_\w+$/,
    note: 'Of I2C there are drivers, clients and adapters: no transfers, no bus drivers.',
    nearest: ['kernel::i2c::I2cClient'],
  },
  {
    pattern: /^(?:bio|blk|blkdev|bdev)_\w+$|^BLK_\w+$/,
    note: 'Of the block layer there are multi-queue disks: no bios, no ioctls, no zones.',
    nearest: ['kernel::block::mq::Operations'],
  },
  {
    pattern: /^(?:crypto|skcipher|ahash|aead|akcipher|shash)_\w+$/,
    note: 'Rust for Linux has no crypto API yet.',
    unless: ['kernel::crypto'],
  },
  {
    pattern: /^(?:acpi|ACPI|AE)_\w+$/,
    note: 'Of ACPI there are match tables; properties are read through FwNode.',
    nearest: ['kernel::acpi::DeviceId'],
  },
  { pattern: /^(?:snd|SND|SNDRV|SOC|devm_snd)_\w+$/, note: 'Rust for Linux has no sound yet.', unless: ['kernel::sound'] },
  {
    pattern: /^(?:ieee80211|cfg80211|wiphy|nl80211|mac80211|hci|bt|WLAN|IEEE80211)_\w+$|^wiphy$/,
    note: 'Rust for Linux has no wireless networking and no Bluetooth yet.',
    unless: ['kernel::net::wireless'],
  },
  { pattern: /^(?:ib|rdma)_\w+$/, note: 'Rust for Linux has no InfiniBand yet.', unless: ['kernel::rdma'] },
  { pattern: /^virtio_\w+$|^virtqueue_\w+$/, note: 'Rust for Linux has no virtio yet.', unless: ['kernel::virtio'] },
  {
    pattern:
      /^(?:nvmem|devm_nvmem|extcon|devm_extcon|iommu|component|mfd|devm_mfd|extcon|counter|devm_counter|interconnect|icc|devm_icc|genphy_c45|hwspin_lock|remoteproc|rproc|rpmsg|nvmem_cell)_\w+$/,
    note: 'No abstraction of this subsystem.',
  },
  { pattern: /^DMI_\w+$|^dmi_\w+$/, note: 'Rust for Linux has no DMI matching yet.' },
  {
    pattern: /^(?:drm|DRM)_\w+$/,
    note: 'Of DRM there are devices, files, GEM objects, ioctls and GPUVM: no mode setting, no scheduler, no printing of its own.',
    nearest: ['kernel::drm::Device'],
  },
  { pattern: /^mipi_(?:dsi|dbi)_\w+$/, note: 'Rust for Linux has no MIPI DSI or DBI yet.', unless: ['kernel::drm::mipi_dsi'] },
];

let matchesAny: ((name: string) => boolean) | undefined;

/** The sentence about a name of which nothing else is known. */
export function missingSubsystem(name: string, exists: (path: string) => boolean): MissingSubsystem | undefined {
  matchesAny ??= anyOf(missing.map(({ pattern }) => pattern));
  if (!matchesAny(name)) return undefined;
  return missing.find((one) => one.pattern.test(name) && !one.unless?.some(exists));
}
