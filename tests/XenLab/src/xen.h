/* SPDX-License-Identifier: MIT */
/* What the lab's programs ask of Xen, by the kernel's ioctls alone. Each function ends the program when the call fails. */
#ifndef XENLAB_XEN_H
#define XENLAB_XEN_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#define __XEN_TOOLS__ 1
#include <xen/xen.h>
#include <xen/memory.h>
#include <xen/event_channel.h>
#include <xen/hvm/ioreq.h>
#include <xen/hvm/dm_op.h>
#include <xen/sys/privcmd.h>
#include <xen/sys/evtchn.h>

#define PAGE 4096UL

static inline _Noreturn void fail(const char *what)
{
	printf("FAIL %s: %s\n", what, strerror(errno));
	exit(1);
}

static inline int open_device(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail(path);
	return fd;
}

/* A privcmd that serves one domain and no other. */
static inline int open_restricted(domid_t domid)
{
	int fd = open_device("/dev/xen/privcmd");

	if (ioctl(fd, IOCTL_PRIVCMD_RESTRICT, &domid))
		fail("PRIVCMD_RESTRICT");
	return fd;
}

static inline int try_dm_op(int privcmd, domid_t domid, struct xen_dm_op *op)
{
	struct privcmd_dm_op_buf buffer = { .uptr = op, .size = sizeof *op };
	struct privcmd_dm_op call = { .dom = domid, .num = 1, .ubufs = &buffer };

	return ioctl(privcmd, IOCTL_PRIVCMD_DM_OP, &call);
}

static inline void dm_op(int privcmd, domid_t domid, struct xen_dm_op *op, const char *what)
{
	if (try_dm_op(privcmd, domid, op))
		fail(what);
}

static inline void *reserve(int privcmd, size_t pages)
{
	void *address = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, privcmd, 0);

	if (address == MAP_FAILED)
		fail("mmap of privcmd");
	return address;
}

/* Maps COUNT frames from FIRST on; errors[] says which of them are there. */
static inline void *map_frames(int privcmd, domid_t domid, uint64_t first, unsigned count, int *errors)
{
	void *address = reserve(privcmd, count);
	xen_pfn_t *frames = calloc(count, sizeof *frames);
	struct privcmd_mmapbatch_v2 call = { .num = count, .dom = domid, .addr = (uintptr_t)address, .arr = frames, .err = errors };

	if (!frames)
		fail("calloc");
	for (unsigned i = 0; i < count; i++)
		frames[i] = first + i;
	if (ioctl(privcmd, IOCTL_PRIVCMD_MMAPBATCH_V2, &call) && errno != ENOENT)
		fail("MMAPBATCH_V2");
	free(frames);
	return address;
}

static inline evtchn_port_t bind_port(int evtchn, domid_t domid, evtchn_port_t remote)
{
	struct ioctl_evtchn_bind_interdomain call = { .remote_domain = domid, .remote_port = remote };
	int port = ioctl(evtchn, IOCTL_EVTCHN_BIND_INTERDOMAIN, &call);

	if (port < 0)
		fail("EVTCHN_BIND_INTERDOMAIN");
	return port;
}

static inline void notify_port(int evtchn, evtchn_port_t port)
{
	struct ioctl_evtchn_notify call = { .port = port };

	if (ioctl(evtchn, IOCTL_EVTCHN_NOTIFY, &call))
		fail("EVTCHN_NOTIFY");
}

static inline void unmask_port(int evtchn, evtchn_port_t port)
{
	if (write(evtchn, &port, sizeof port) != sizeof port)
		fail("write to evtchn");
}

#endif
