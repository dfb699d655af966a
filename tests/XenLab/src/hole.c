// SPDX-License-Identifier: MIT
/*
 * hole BASE hole|page   in the guest: drives the virtio-rng at BASE by hand, without Linux's driver, and names as its one buffer
 * a page that the balloon has given back to Xen, or one of its own. Prints what came of it:
 *   used LENGTH      the device returned the buffer
 *   needs reset      the device says DEVICE_NEEDS_RESET
 *   nothing          neither within 20 seconds
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096u
#define KPF_OFFLINE 23		/* include/uapi/linux/kernel-page-flags.h: what the balloon marks its pages with */
#define NEEDS_RESET 0x40
#define QUEUE_SIZE 8

/* One page holds all of the ring: VIRTIO 1.2, 2.7. */
struct ring {
	struct { uint64_t address; uint32_t length; uint16_t flags, next; } table[QUEUE_SIZE];
	struct { uint16_t flags, index, ring[QUEUE_SIZE]; } available;
	uint8_t gap[256];
	struct { uint16_t flags, index; struct { uint32_t id, length; } ring[QUEUE_SIZE]; } used;
};

static void die(const char *what)
{
	printf("FAIL %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		die(path);
	return fd;
}

static uint64_t word_at(int fd, uint64_t index, const char *path)
{
	uint64_t word;

	if (pread(fd, &word, sizeof(word), (off_t)(index * sizeof(word))) != sizeof(word))
		die(path);
	return word;
}

static uint64_t address_of(void *page)
{
	int fd = open_or_die("/proc/self/pagemap", O_RDONLY);
	uint64_t word = word_at(fd, (uintptr_t)page / PAGE, "/proc/self/pagemap");

	close(fd);
	return (word & ((1ull << 55) - 1)) * PAGE;
}

static uint64_t address_of_a_hole(void)
{
	int fd = open_or_die("/proc/kpageflags", O_RDONLY);
	static uint64_t flags[512];
	ssize_t got;

	for (uint64_t frame = 0; (got = read(fd, flags, sizeof(flags))) > 0; frame += got / sizeof(flags[0]))
		for (uint64_t i = 0; i < got / sizeof(flags[0]); i++)
			if (flags[i] >> KPF_OFFLINE & 1) {
				close(fd);
				return (frame + i) * PAGE;
			}
	printf("FAIL no page is in the balloon\n");
	exit(1);
}

static void *own_page(void)
{
	uint8_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);

	if (page == MAP_FAILED)
		die("mmap");
	memset(page, 0, PAGE);
	return page;
}

int main(int count, char **arguments)
{
	if (count != 3)
		return 2;
	uint64_t base = strtoull(arguments[1], NULL, 0);
	uint8_t *page = own_page();
	volatile struct ring *ring = own_page();
	uint64_t buffer = strcmp(arguments[2], "hole") ? address_of(page) : address_of_a_hole(), ring_address = address_of((void *)ring);
	volatile uint32_t *registers = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, open_or_die("/dev/mem", O_RDWR | O_SYNC), (off_t)(base & ~(PAGE - 1ull)));

	if (registers == MAP_FAILED)
		die("/dev/mem");
	registers += (base & (PAGE - 1)) / 4;
#define REGISTER(offset) registers[(offset) / 4]
	REGISTER(0x70) = 0;
	while (REGISTER(0x70))
		;
	REGISTER(0x70) = 1;
	REGISTER(0x70) = 3;
	REGISTER(0x24) = 0;
	REGISTER(0x20) = 0;
	REGISTER(0x24) = 1;
	REGISTER(0x20) = 1;	/* VIRTIO_F_VERSION_1 */
	REGISTER(0x70) = 11;
	if (REGISTER(0x08) != 4 || !(REGISTER(0x70) & 8)) {
		printf("FAIL no virtio-rng at 0x%llx\n", (unsigned long long)base);
		return 1;
	}
	uint64_t parts[] = { ring_address, ring_address + offsetof(struct ring, available), ring_address + offsetof(struct ring, used) };
	REGISTER(0x30) = 0;
	REGISTER(0x38) = QUEUE_SIZE;
	for (unsigned part = 0; part < 3; part++) {
		REGISTER(0x80 + 0x10 * part) = (uint32_t)parts[part];
		REGISTER(0x84 + 0x10 * part) = (uint32_t)(parts[part] >> 32);
	}
	REGISTER(0x44) = 1;
	REGISTER(0x70) = 15;

	ring->table[0].address = buffer;
	ring->table[0].length = 64;
	ring->table[0].flags = 2;	/* VIRTQ_DESC_F_WRITE */
	__sync_synchronize();
	ring->available.index = 1;
	__sync_synchronize();
	REGISTER(0x50) = 0;

	struct timespec begin, now;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		if (ring->used.index) {
			printf("used %u\n", ring->used.ring[0].length);
			break;
		}
		if (REGISTER(0x70) & NEEDS_RESET) {
			printf("needs reset\n");
			break;
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - begin.tv_sec > 20) {
			printf("nothing\n");
			break;
		}
	} while (1);
	REGISTER(0x70) = 0;
	return 0;
}
