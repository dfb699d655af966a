// SPDX-License-Identifier: MIT
/*
 * borrowed PID DOMID...   takes a copy of the privcmd that process PID has open, as whoever broke into it could, and tries what
 * it allows: for each domain a line
 *   DOMID mapped         a page of the domain's memory could be mapped and read
 *   DOMID ERROR          the kernel refused, and how
 * and at the end what it says to a hypercall of one's own choice, which is root over the machine: "hypercall ERROR" or "hypercall done".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <sys/syscall.h>
#include "xen.h"

#define FRAME 0x1000	/* 16 MiB: RAM of every guest */

/* The number of its first descriptor that is a privcmd. */
static int find_privcmd(const char *pid)
{
	char path[300], target[64];
	struct dirent *entry;
	DIR *folder;
	int found = -1;

	snprintf(path, sizeof path, "/proc/%s/fd", pid);
	folder = opendir(path);
	if (!folder)
		fail(path);
	while (found < 0 && (entry = readdir(folder))) {
		ssize_t length;

		snprintf(path, sizeof path, "/proc/%s/fd/%s", pid, entry->d_name);
		length = readlink(path, target, sizeof target - 1);
		if (length < 0)
			continue;
		target[length] = 0;
		if (strstr(target, "privcmd"))
			found = atoi(entry->d_name);
	}
	closedir(folder);
	return found;
}

static void try_domain(int privcmd, domid_t domid)
{
	xen_pfn_t frame = FRAME;
	int error = 0;
	volatile char *page = reserve(privcmd, 1);
	struct privcmd_mmapbatch_v2 call = { .num = 1, .dom = domid, .addr = (uintptr_t)page, .arr = &frame, .err = &error };

	if (ioctl(privcmd, IOCTL_PRIVCMD_MMAPBATCH_V2, &call))
		printf("%u %s\n", domid, strerrorname_np(errno));
	else if (error)
		printf("%u %s\n", domid, strerrorname_np(-error));
	else if (page[0] | 1)
		printf("%u mapped\n", domid);
}

int main(int argc, char **argv)
{
	struct privcmd_hypercall version = { .op = __HYPERVISOR_xen_version, .arg = { 0 /* XENVER_version */ } };
	int process, number, privcmd;

	if (argc < 3) {
		fprintf(stderr, "usage: borrowed PID DOMID...\n");
		return 2;
	}
	number = find_privcmd(argv[1]);
	if (number < 0) {
		printf("none\n");
		return 1;
	}
	process = syscall(SYS_pidfd_open, atoi(argv[1]), 0);
	if (process < 0)
		fail("pidfd_open");
	privcmd = syscall(SYS_pidfd_getfd, process, number, 0);
	if (privcmd < 0)
		fail("pidfd_getfd");
	for (int i = 2; i < argc; i++)
		try_domain(privcmd, atoi(argv[i]));
	if (ioctl(privcmd, IOCTL_PRIVCMD_HYPERCALL, &version) < 0)
		printf("hypercall %s\n", strerrorname_np(errno));
	else
		printf("hypercall done\n");
	return 0;
}
