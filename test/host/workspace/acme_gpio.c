// SPDX-License-Identifier: GPL-2.0
/* Input lines of the (invented) ACME 100 system controller, polled. */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "acme_gpio.h"

static void acme_gpio_poll(struct work_struct *work)
{
	struct acme_gpio *gpio = container_of(work, struct acme_gpio, poll);

	acme_gpio_touch(gpio);
}

static int acme_gpio_probe(struct platform_device *pdev)
{
	struct acme_gpio *gpio;

	gpio = kzalloc(sizeof(*gpio), GFP_KERNEL);
	if (!gpio)
		return -ENOMEM;

	mutex_init(&gpio->lock);
	INIT_WORK(&gpio->poll, acme_gpio_poll);
	platform_set_drvdata(pdev, gpio);
	return 0;
}

static void acme_gpio_remove(struct platform_device *pdev)
{
	struct acme_gpio *gpio = platform_get_drvdata(pdev);

	cancel_work_sync(&gpio->poll);
	kfree(gpio);
}

static struct platform_driver acme_gpio_driver = {
	.probe = acme_gpio_probe,
	.remove = acme_gpio_remove,
	.driver = {
		.name = "acme-gpio",
	},
};
module_platform_driver(acme_gpio_driver);

MODULE_DESCRIPTION("ACME 100 input lines");
MODULE_LICENSE("GPL");
