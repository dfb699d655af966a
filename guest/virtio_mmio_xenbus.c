// SPDX-License-Identifier: GPL-2.0-only
/*
 * virtio_mmio_xenbus - virtio-mmio devices that the guest finds on xenbus.
 *
 * A PVH or HVM guest on x86 has no device tree to name a virtio-mmio device, and no interrupt controller that a device model
 * could reach. So the host announces each device in xenstore, the guest takes an event channel for its interrupt, and Linux's
 * own virtio_mmio driver does the rest. README.md documents the nodes and the states of both ends.
 */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/ioport.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <xen/events.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>
#include <xen/xenbus.h>

#define DRIVER_NAME "virtio_mmio_xenbus"

/* The registers and the start of a configuration space; no device can have less. */
#define WINDOW_MIN 0x200
#define WINDOW_MAX 0x100000

/* Where Xen's toolstack leaves a hole below 4 GiB: above the RAM, below the ACPI tables. */
#define ALLOCATE_FROM 0xf0000000ULL
#define ALLOCATE_TO 0xfbffffffULL

/* How long the host may take to let go of a device whose driver leaves. */
#define LET_GO_TIMEOUT (5 * HZ)

static bool allocate;
module_param(allocate, bool, 0444);
MODULE_PARM_DESC(allocate, "choose the address of each device in the guest and publish it, instead of taking the host's (default: no)");

struct virtio_xenbus {
	struct xenbus_device *dev;

	/*
	 * Registering the platform device probes the virtio driver, which may wait for I/O. In the xenwatch thread that would
	 * stop every other xenbus device of the guest, so the transitions have a work of their own. It is the only one that
	 * touches what follows between the end of probe() and the beginning of remove().
	 */
	struct work_struct work;

	struct resource window;		/* a part of iomem_resource while claimed */
	bool claimed;
	evtchn_port_t port;
	int irq;			/* 0: no event channel */
	struct platform_device *pdev;
};

/* ---- the window ---- */

static int read_window(struct xenbus_device *dev, resource_size_t *base, resource_size_t *size)
{
	char *text, *end;
	int err = 0;

	text = xenbus_read(XBT_NIL, dev->otherend, "size", NULL);
	if (IS_ERR(text))
		return -ENODEV;
	*size = memparse(text, &end);
	if (*end || end == text || *size < WINDOW_MIN || *size > WINDOW_MAX)
		err = -EINVAL;
	kfree(text);
	if (err)
		return err;

	*base = 0;
	text = xenbus_read(XBT_NIL, dev->otherend, "base", NULL);
	if (IS_ERR(text))
		return 0;
	err = kstrtou64(text, 0, base);
	kfree(text);
	return err ? -EINVAL : 0;
}

static int claim_window(struct virtio_xenbus *vx, resource_size_t base, resource_size_t size)
{
	struct resource *window = &vx->window;
	int err;

	*window = (struct resource) { .name = dev_name(&vx->dev->dev), .flags = IORESOURCE_MEM };
	if (allocate || !base) {
		err = allocate_resource(&iomem_resource, window, PAGE_ALIGN(size), ALLOCATE_FROM, ALLOCATE_TO, PAGE_SIZE, NULL, NULL);
		if (err)
			return err;
	} else {
		if (base & 3 || base + size - 1 < base)
			return -EINVAL;
		if (region_intersects(base, size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) != REGION_DISJOINT)
			return -EBUSY;
		window->start = base;
		window->end = base + size - 1;
		err = insert_resource(&iomem_resource, window);
		if (err)
			return err;
	}
	vx->claimed = true;
	return 0;
}

static void release_window(struct virtio_xenbus *vx)
{
	if (!vx->claimed)
		return;
	release_resource(&vx->window);
	vx->claimed = false;
}

/* ---- the interrupt ---- */

/*
 * Keeps the event channel bound while no virtio driver has asked for it. The driver's own handler shares the line; what
 * arrives before or after that one is of no use to anybody, and no reason to switch the line off.
 */
static irqreturn_t ignore_interrupt(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int bind_interrupt(struct virtio_xenbus *vx)
{
	int irq, err;

	err = xenbus_alloc_evtchn(vx->dev, &vx->port);
	if (err)
		return err;

	/*
	 * In two steps, because a failing bind_evtchn_to_irqhandler() does not tell whether it has closed the port already, and
	 * a port that is closed twice may be somebody else's by then.
	 */
	irq = bind_evtchn_to_irq(vx->port);
	if (irq < 0) {
		xenbus_free_evtchn(vx->dev, vx->port);
		return irq;
	}
	err = request_irq(irq, ignore_interrupt, IRQF_SHARED, dev_name(&vx->dev->dev), vx);
	if (err) {
		/* No other function that undoes the first step is open to modules. It warns that there is no handler. */
		unbind_from_irqhandler(irq, vx);
		return err;
	}
	vx->irq = irq;
	return 0;
}

static void unbind_interrupt(struct virtio_xenbus *vx)
{
	if (!vx->irq)
		return;
	unbind_from_irqhandler(vx->irq, vx);	/* closes the port too */
	vx->irq = 0;
}

/* ---- the transitions ---- */

/* Takes down whatever is there, in the opposite order. The host serves the registers until our state is Closed. */
static void take_down(struct virtio_xenbus *vx)
{
	if (vx->pdev)
		platform_device_unregister(vx->pdev);
	vx->pdev = NULL;
	unbind_interrupt(vx);
	release_window(vx);
}

/* Takes the window and an event channel, and tells the host which. What is published holds from state Initialised on. */
static int prepare(struct virtio_xenbus *vx)
{
	struct xenbus_device *dev = vx->dev;
	resource_size_t base, size;
	int err;

	err = read_window(dev, &base, &size);
	if (err) {
		xenbus_dev_error(dev, err, "reading base and size in %s", dev->otherend);
		return err;
	}
	err = claim_window(vx, base, size);
	if (err) {
		xenbus_dev_error(dev, err, "claiming %pa bytes at %pa", &size, &base);
		return err;
	}
	err = bind_interrupt(vx);
	if (err) {
		xenbus_dev_error(dev, err, "taking an event channel");
		goto fail;
	}
	if (allocate || !base) {
		err = xenbus_printf(XBT_NIL, dev->nodename, "base", "0x%llx", (unsigned long long)vx->window.start);
		if (!err)
			err = xenbus_printf(XBT_NIL, dev->nodename, "size", "0x%llx", (unsigned long long)resource_size(&vx->window));
	} else if (xenbus_exists(XBT_NIL, dev->nodename, "base")) {
		/* Left by a module that chose by itself. */
		err = xenbus_rm(XBT_NIL, dev->nodename, "base");
		if (!err && xenbus_exists(XBT_NIL, dev->nodename, "size"))
			err = xenbus_rm(XBT_NIL, dev->nodename, "size");
	}
	if (!err)
		err = xenbus_printf(XBT_NIL, dev->nodename, "event-channel", "%u", vx->port);
	if (!err)
		err = xenbus_switch_state(dev, XenbusStateInitialised);
	if (!err)
		return 0;
	xenbus_dev_error(dev, err, "publishing the event channel");
fail:
	take_down(vx);
	return err;
}

/* The host serves the registers and holds the other end of the event channel. */
static int connect(struct virtio_xenbus *vx)
{
	struct resource resources[] = {
		{ .start = vx->window.start, .end = vx->window.end, .flags = IORESOURCE_MEM, .parent = &vx->window },
		DEFINE_RES_IRQ(vx->irq),
	};
	struct platform_device_info info = {
		.parent = &vx->dev->dev,
		.name = "virtio-mmio",
		.id = PLATFORM_DEVID_AUTO,
		.res = resources,
		.num_res = ARRAY_SIZE(resources),
	};
	struct platform_device *pdev = platform_device_register_full(&info);

	if (IS_ERR(pdev)) {
		xenbus_dev_error(vx->dev, PTR_ERR(pdev), "registering the platform device");
		return PTR_ERR(pdev);
	}
	vx->pdev = pdev;
	return xenbus_switch_state(vx->dev, XenbusStateConnected);
}

static void close_down(struct virtio_xenbus *vx)
{
	take_down(vx);
	xenbus_frontend_closed(vx->dev);
}

/* xenbus_read_driver_state() takes other arguments in newer kernels than in older ones. */
static enum xenbus_state host_state(struct xenbus_device *dev)
{
	return xenbus_read_unsigned(dev->otherend, "state", XenbusStateUnknown);
}

static void follow_host(struct work_struct *work)
{
	struct virtio_xenbus *vx = container_of(work, struct virtio_xenbus, work);
	enum xenbus_state host = host_state(vx->dev);

	switch (host) {
	case XenbusStateInitialising:
	case XenbusStateInitWait:
		if (vx->pdev)
			take_down(vx);	/* the host begins anew and did not wait for us */
		if (!vx->irq && prepare(vx))
			close_down(vx);
		break;
	case XenbusStateConnected:
		/* Without an event channel we are not at that point: the host has yet to see that this driver is new. */
		if (vx->irq && !vx->pdev && connect(vx))
			close_down(vx);
		break;
	case XenbusStateClosing:
		close_down(vx);
		break;
	case XenbusStateClosed:
		/* A new driver finds the end of its predecessor's life here: the host answers our Initialising with InitWait. */
		if (vx->irq)
			close_down(vx);
		break;
	default:
		break;
	}
}

static void host_changed(struct xenbus_device *dev, enum xenbus_state host)
{
	struct virtio_xenbus *vx = dev_get_drvdata(&dev->dev);

	queue_work(system_long_wq, &vx->work);
}

/* ---- the driver ---- */

static int virtio_xenbus_probe(struct xenbus_device *dev, const struct xenbus_device_id *id)
{
	struct virtio_xenbus *vx;
	resource_size_t base, size;
	int err;

	err = read_window(dev, &base, &size);
	if (!err && !base && (!strcmp(id->devicetype, "virtio") || !allocate))
		err = -ENODEV;	/* libxl's own "virtio" nodes look like this on x86: nobody's device */
	if (err) {
		if (err != -ENODEV)
			xenbus_dev_error(dev, err, "reading base and size in %s", dev->otherend);
		return err;
	}

	vx = kzalloc(sizeof(*vx), GFP_KERNEL);
	if (!vx)
		return -ENOMEM;
	vx->dev = dev;
	INIT_WORK(&vx->work, follow_host);
	dev_set_drvdata(&dev->dev, vx);

	/* The watch on the host's state, which xenbus sets after this, fires at once and starts the first work. */
	err = xenbus_switch_state(dev, XenbusStateInitialising);
	if (err) {
		dev_set_drvdata(&dev->dev, NULL);
		kfree(vx);
	}
	return err;
}

struct host_watch {
	struct xenbus_watch watch;
	struct completion changed;
};

static void host_moved(struct xenbus_watch *watch, const char *path, const char *token)
{
	complete(&container_of(watch, struct host_watch, watch)->changed);
}

static bool host_holds(struct xenbus_device *dev)
{
	enum xenbus_state host = host_state(dev);

	return host == XenbusStateConnected || host == XenbusStateClosing;
}

/* A driver that comes back at once must not find the host in its predecessor's life. */
static void wait_until_let_go(struct xenbus_device *dev)
{
	unsigned long end = jiffies + LET_GO_TIMEOUT, now;
	struct host_watch *host;

	if (!host_holds(dev))
		return;
	host = kzalloc(sizeof(*host), GFP_KERNEL);
	if (!host)
		return;
	init_completion(&host->changed);
	if (!xenbus_watch_pathfmt(dev, &host->watch, NULL, host_moved, "%s/%s", dev->otherend, "state")) {
		/* To ask the store sleeps, so it is no condition of a wait_event. */
		while (host_holds(dev)) {
			now = jiffies;
			if (!time_before(now, end) ||
			    !wait_for_completion_timeout(&host->changed, end - now)) {
				dev_warn(&dev->dev, "the host has not let go of the device\n");
				break;
			}
		}
		unregister_xenbus_watch(&host->watch);
		kfree(host->watch.node);
	}
	kfree(host);
}

static void virtio_xenbus_leave(struct xenbus_device *dev)
{
	struct virtio_xenbus *vx = dev_get_drvdata(&dev->dev);

	/* The watch on the host's state has ended; nothing queues the work again. */
	cancel_work_sync(&vx->work);
	take_down(vx);

	/* Where the toolstack has removed our node there is no state to write, and nobody to wait for. */
	if (xenbus_exists(XBT_NIL, dev->nodename, "state")) {
		xenbus_switch_state(dev, XenbusStateClosed);
		wait_until_let_go(dev);
	}
	dev_set_drvdata(&dev->dev, NULL);
	kfree(vx);
}

/* Which of the two a kernel wants its number does not tell: stable ones have changed it too. */
static void __maybe_unused virtio_xenbus_remove(struct xenbus_device *dev)
{
	virtio_xenbus_leave(dev);
}

static int __maybe_unused virtio_xenbus_remove_int(struct xenbus_device *dev)
{
	virtio_xenbus_leave(dev);
	return 0;
}

#define VIRTIO_XENBUS_REMOVE \
	__builtin_choose_expr(__builtin_types_compatible_p(typeof(((struct xenbus_driver *)0)->remove), void (*)(struct xenbus_device *)), \
			      virtio_xenbus_remove, virtio_xenbus_remove_int)

static const struct xenbus_device_id virtio_xenbus_ids[] = {
	{ "virtio-mmio" },
	{ "virtio" },
	{ "" }
};

static struct xenbus_driver virtio_xenbus_driver = {
	.name = DRIVER_NAME,
	.ids = virtio_xenbus_ids,
	.probe = virtio_xenbus_probe,
	.remove = VIRTIO_XENBUS_REMOVE,
	.otherend_changed = host_changed,
	.allow_rebind = true,
	/* A host that does not answer delays the loading of this module by 30 seconds, not by 5 minutes. */
	.not_essential = true,
};

static int __init virtio_xenbus_init(void)
{
	if (!xen_domain() || xen_initial_domain())
		return -ENODEV;
	if (!xen_has_pv_devices())
		return -ENODEV;
	return xenbus_register_frontend(&virtio_xenbus_driver);
}
module_init(virtio_xenbus_init);

static void __exit virtio_xenbus_exit(void)
{
	xenbus_unregister_driver(&virtio_xenbus_driver);
}
module_exit(virtio_xenbus_exit);

MODULE_DESCRIPTION("virtio-mmio devices on xenbus");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen:virtio-mmio");
MODULE_ALIAS("xen:virtio");
MODULE_SOFTDEP("pre: virtio_mmio");
