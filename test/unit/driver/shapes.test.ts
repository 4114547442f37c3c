import { assert } from 'chai';
import { calleeShape, kindOfField } from '../../../src/core/driver/shapes';

describe('shapes of kernel names', () => {
  const callees: Record<string, string> = {
    irq: 'request_irq devm_request_threaded_irq request_any_context_irq request_percpu_irq pci_request_irq request_nmi irq_set_chained_handler_and_data irq_set_handler bind_evtchn_to_irqhandler sdio_claim_irq acpi_install_gpe_handler',
    work: 'INIT_WORK INIT_DELAYED_WORK INIT_DEFERRABLE_WORK INIT_WORK_ONSTACK INIT_RCU_WORK DECLARE_WORK DECLARE_DELAYED_WORK kthread_init_work init_irq_work tasklet_setup tasklet_init DECLARE_TASKLET open_softirq schedule_on_each_cpu devm_delayed_work_autocancel',
    timer: 'timer_setup DEFINE_TIMER hrtimer_setup hrtimer_init timer_setup_on_stack __TIMER_INITIALIZER',
    thread: 'kthread_run kthread_create kthread_create_on_node kernel_thread smpboot_register_percpu_thread',
    callback:
      'call_rcu devm_add_action_or_reset register_reboot_notifier usb_fill_bulk_urb kref_put bus_for_each_dev sort atomic_notifier_chain_register',
    module: 'module_init module_pci_driver builtin_platform_driver module_i2c_driver',
    initcall: 'late_initcall arch_initcall_sync console_initcall __initcall early_initcall',
    param: 'module_param module_param_array module_param_cb core_param',
    setup: 'early_param __setup',
    export: 'EXPORT_SYMBOL EXPORT_SYMBOL_NS_GPL EXPORT_PER_CPU_SYMBOL ACPI_EXPORT_SYMBOL EXPORT_TRACEPOINT_SYMBOL_GPL',
    pm: 'SIMPLE_DEV_PM_OPS DEFINE_RUNTIME_DEV_PM_OPS SET_RUNTIME_PM_OPS _DEFINE_DEV_PM_OPS EXPORT_GPL_SIMPLE_DEV_PM_OPS',
    attribute:
      'DEVICE_ATTR DEVICE_ATTR_RO IIO_DEVICE_ATTR CONFIGFS_ATTR DEFINE_SHOW_ATTRIBUTE DEFINE_DEBUGFS_ATTRIBUTE BIN_ATTR_RW __ATTR_RO cpufreq_freq_attr_rw',
    release: 'free_irq devm_remove_action acpi_remove_notify_handler unregister_trace_x devm_free_irq',
    inert: 'BUILD_BUG_ON NOKPROBE_SYMBOL INDIRECT_CALL_2 ALLOW_ERROR_INJECTION static_assert WARN_ON MODULE_LICENSE',
    transparent: 'pm_ptr pm_sleep_ptr READ_ONCE __exit_p of_match_ptr PTR_IF',
    'device-table': 'MODULE_DEVICE_TABLE',
  };
  for (const [shape, names] of Object.entries(callees))
    it(shape, () => {
      for (const name of names.split(' ')) assert.equal(calleeShape(name), shape, name);
    });

  it('fields', () => {
    const kinds = (container: string, ...fields: string[]) => fields.map((field) => kindOfField(container, field, ''));
    assert.deepEqual(kinds('usb_driver', 'probe', 'disconnect', 'suspend', 'reset_resume', 'pre_reset', 'shutdown'), [
      'probe',
      'remove',
      'pm',
      'pm',
      'ops',
      'ops',
    ]);
    assert.deepEqual(kinds('file_operations', 'open', 'probe'), ['ops', 'ops']);
    assert.deepEqual(kinds('dev_pm_ops', 'prepare', 'runtime_idle', 'freeze_noirq'), ['pm', 'pm', 'pm']);
    assert.deepEqual(kinds('hrtimer', 'function'), ['timer']);
    assert.deepEqual(kinds('work_struct', 'func'), ['work']);
  });
});
