// SPDX-License-Identifier: MIT
/*
 * platform-test DOMID BASE PORT   in dom0: a virtio-rng device on real Xen in one small program, with no line of the host in it.
 *
 * It shows that the platform does what the host needs of it - an ioreq server by a restricted privcmd, its page mapped, each
 * vCPU's port bound, guest pages mapped by frame number, an interrupt by the event channel PORT of the guest - and that the
 * guest's module works. It is also the measure for the host: a trapped access costs what it costs here, in the same boot.
 *
 * Prints READY when the device can be used; SIGTERM ends it. The bytes it serves are TEXT, again and again.
 */
#define _GNU_SOURCE
#include <signal.h>
#include "xen.h"

#define QUEUE_MAX 64
#define VCPUS_MAX 128
static const char TEXT[] = "virtio over Xen ";

static domid_t domid;
static uint64_t base;
static int privcmd, evtchn;
static evtchn_port_t guest_port;
static volatile sig_atomic_t stopping;

static struct {
	uint32_t feature_page, driver_feature_page, queue_size, ready, interrupt, status;
	uint64_t descriptors, available, used;
	uint16_t next;
} device;

struct descriptor { uint64_t address; uint32_t length; uint16_t flags, next; };

/* The page that holds ADDRESS; NULL where the guest has none. */
static char *map_at(uint64_t address)
{
	int error = 0;
	char *page = map_frames(privcmd, domid, address / PAGE, 1, &error);

	if (!error)
		return page + address % PAGE;
	munmap(page, PAGE);
	return NULL;
}

static void unmap_at(void *address)
{
	if (address)
		munmap((void *)((uintptr_t)address & ~(PAGE - 1)), PAGE);
}

static void fill(const struct descriptor *buffer, uint32_t *written)
{
	uint32_t room = PAGE - buffer->address % PAGE;
	char *bytes = map_at(buffer->address);

	*written = 0;
	if (!bytes)
		return;
	while (*written < buffer->length && *written < room) {
		bytes[*written] = TEXT[*written % (sizeof TEXT - 1)];
		++*written;
	}
	unmap_at(bytes);
}

/* Each part of a ring of 64 fits into the page it starts in, as Linux places it. */
static void serve_queue(void)
{
	struct descriptor *descriptors = (void *)map_at(device.descriptors);
	volatile uint16_t *available = (void *)map_at(device.available), *used = (void *)map_at(device.used);

	while (descriptors && available && used && device.next != available[1]) {
		uint16_t head = available[2 + device.next++ % device.queue_size] % device.queue_size;
		volatile uint32_t *element = (volatile uint32_t *)(used + 2) + 2 * (used[1] % device.queue_size);
		struct descriptor buffer = descriptors[head];
		uint32_t written;

		fill(&buffer, &written);
		element[0] = head;
		element[1] = written;
		__sync_synchronize();
		used[1]++;
	}
	unmap_at(descriptors);
	unmap_at((void *)available);
	unmap_at((void *)used);
	device.interrupt |= 1;
	notify_port(evtchn, guest_port);
}

static uint32_t read_register(uint64_t offset)
{
	switch (offset) {
	case 0x000: return 0x74726976;
	case 0x004: return 2;
	case 0x008: return 4;
	case 0x010: return device.feature_page == 1;	/* VIRTIO_F_VERSION_1 */
	case 0x034: return QUEUE_MAX;
	case 0x044: return device.ready;
	case 0x060: return device.interrupt;
	case 0x070: return device.status;
	default: return 0;
	}
}

static void set_half(uint64_t *address, uint64_t offset, uint32_t value)
{
	int shift = offset & 4 ? 32 : 0;

	*address = (*address & ~(0xffffffffULL << shift)) | (uint64_t)value << shift;
}

static void write_register(uint64_t offset, uint32_t value)
{
	switch (offset) {
	case 0x014: device.feature_page = value; break;
	case 0x024: device.driver_feature_page = value; break;
	case 0x038: device.queue_size = value && value <= QUEUE_MAX ? value : QUEUE_MAX; break;
	case 0x044: device.ready = value; break;
	case 0x050: if (device.ready) serve_queue(); break;
	case 0x064: device.interrupt &= ~value; break;
	case 0x070:
		device.status = value;
		if (!value)
			memset(&device, 0, sizeof device);
		break;
	case 0x080: case 0x084: set_half(&device.descriptors, offset, value); break;
	case 0x090: case 0x094: set_half(&device.available, offset, value); break;
	case 0x0a0: case 0x0a4: set_half(&device.used, offset, value); break;
	}
}

static ioservid_t create_server(void)
{
	struct xen_dm_op op = { .op = XEN_DMOP_create_ioreq_server };

	dm_op(privcmd, domid, &op, "create_ioreq_server");
	return op.u.create_ioreq_server.id;
}

static void claim_window(ioservid_t server)
{
	struct xen_dm_op op = { .op = XEN_DMOP_map_io_range_to_ioreq_server };

	op.u.map_io_range_to_ioreq_server.id = server;
	op.u.map_io_range_to_ioreq_server.type = XEN_DMOP_IO_RANGE_MEMORY;
	op.u.map_io_range_to_ioreq_server.start = base;
	op.u.map_io_range_to_ioreq_server.end = base + 0x1ff;
	dm_op(privcmd, domid, &op, "map_io_range_to_ioreq_server");
}

static void enable_server(ioservid_t server)
{
	struct xen_dm_op op = { .op = XEN_DMOP_set_ioreq_server_state };

	op.u.set_ioreq_server_state.id = server;
	op.u.set_ioreq_server_state.enabled = 1;
	dm_op(privcmd, domid, &op, "set_ioreq_server_state");
}

static void destroy_server(ioservid_t server)
{
	struct xen_dm_op op = { .op = XEN_DMOP_destroy_ioreq_server };

	op.u.destroy_ioreq_server.id = server;
	if (try_dm_op(privcmd, domid, &op) && errno != ENOENT)	/* the guest may be gone already, and the server with it */
		fail("destroy_ioreq_server");
}

static volatile shared_iopage_t *map_server_page(ioservid_t server)
{
	void *page = reserve(privcmd, 1);
	struct privcmd_mmap_resource call = {
		.dom = domid, .type = XENMEM_resource_ioreq_server, .id = server,
		.idx = XENMEM_resource_ioreq_server_frame_ioreq(0), .num = 1, .addr = (uintptr_t)page,
	};

	if (ioctl(privcmd, IOCTL_PRIVCMD_MMAP_RESOURCE, &call))
		fail("MMAP_RESOURCE");
	return page;
}

static void answer(volatile struct ioreq *request, evtchn_port_t port)
{
	if (request->state != STATE_IOREQ_READY)
		return;
	__sync_synchronize();
	request->state = STATE_IOREQ_INPROCESS;
	/* An INVALIDATE, which is the first request of every guest, carries no data. */
	if (request->type == IOREQ_TYPE_COPY && !request->data_is_ptr && request->count == 1) {
		if (request->dir == IOREQ_READ)
			request->data = read_register(request->addr - base);
		else
			write_register(request->addr - base, request->data);
	}
	__sync_synchronize();
	request->state = STATE_IORESP_READY;
	notify_port(evtchn, port);
}

static void stop(int signal)
{
	(void)signal;
	stopping = 1;
}

int main(int argc, char **argv)
{
	static evtchn_port_t ports[VCPUS_MAX];
	struct sigaction on_stop = { .sa_handler = stop };	/* no SA_RESTART: the read is to end */
	unsigned vcpus = 0;
	uint64_t served = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 4) {
		fprintf(stderr, "usage: platform-test DOMID BASE PORT\n");
		return 2;
	}
	domid = atoi(argv[1]);
	base = strtoull(argv[2], NULL, 0);
	sigaction(SIGTERM, &on_stop, NULL);

	privcmd = open_restricted(domid);
	evtchn = open_device("/dev/xen/evtchn");
	ioservid_t server = create_server();
	volatile shared_iopage_t *page = map_server_page(server);
	claim_window(server);
	enable_server(server);
	for (; vcpus < VCPUS_MAX && page->vcpu_ioreq[vcpus].vp_eport; vcpus++)
		ports[vcpus] = bind_port(evtchn, domid, page->vcpu_ioreq[vcpus].vp_eport);
	guest_port = bind_port(evtchn, domid, atoi(argv[3]));
	printf("READY server %u, %u vCPUs\n", server, vcpus);

	while (!stopping) {
		evtchn_port_t port;

		if (read(evtchn, &port, sizeof port) != sizeof port) {
			if (errno == EINTR)
				continue;
			fail("read of evtchn");
		}
		for (unsigned i = 0; i < vcpus; i++)
			if (ports[i] == port) {
				answer(&page->vcpu_ioreq[i], port);
				served++;
			}
		unmask_port(evtchn, port);
	}
	destroy_server(server);
	printf("served %llu\n", (unsigned long long)served);
	return 0;
}
