// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/platform_device.h>
#include "acme.h"

static int acme_probe(struct platform_device *pdev)
{
	if (acme_ring_next(0) != 1)
		return -EINVAL;
	return 0;
}

static struct platform_driver acme_driver = {
	.probe = acme_probe,
	.driver = {
		.name = "acme",
	},
};
module_platform_driver(acme_driver);

MODULE_DESCRIPTION("ACME 100");
MODULE_LICENSE("GPL");
