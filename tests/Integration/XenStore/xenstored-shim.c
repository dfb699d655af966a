/*
 * Lets Debian's xenstored run on a machine without Xen: answers, before the real libraries would, the few calls that it
 * makes to the hypervisor. The store itself, its wire protocol and its socket stay the real ones.
 *
 *   gcc -shared -fPIC -o shim.so xenstored-shim.c
 *   LD_PRELOAD=shim.so XENSTORED_RUNDIR=DIR xenstored --no-fork --internal-db
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* Event channels: a handle is an eventfd that nobody ever signals. */
static int event_fd = -1;

static void *open_events(void)
{
    if (event_fd < 0) event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return &event_fd;
}

void *xenevtchn_open(void *logger, unsigned int flags) { (void)logger; (void)flags; return open_events(); }
void *xenevtchn_fdopen(void *logger, int fd, unsigned int flags) { (void)logger; (void)fd; (void)flags; return open_events(); }
int xenevtchn_close(void *handle) { (void)handle; return 0; }
int xenevtchn_fd(void *handle) { (void)handle; return event_fd; }
int xenevtchn_bind_virq(void *handle, unsigned int virq) { (void)handle; (void)virq; return 2; }
int xenevtchn_bind_interdomain(void *handle, uint32_t domid, uint32_t port) { (void)handle; (void)domid; return (int)port + 16; }
int xenevtchn_notify(void *handle, uint32_t port) { (void)handle; (void)port; return 0; }
int xenevtchn_unbind(void *handle, uint32_t port) { (void)handle; (void)port; return 0; }
int xenevtchn_unmask(void *handle, uint32_t port) { (void)handle; (void)port; return 0; }
int xenevtchn_pending(void *handle) { (void)handle; return -1; }

/* Grants: a domain's ring is a page of zeros. */
static int grants;
void *xengnttab_open(void *logger, unsigned int flags) { (void)logger; (void)flags; return &grants; }
int xengnttab_close(void *handle) { (void)handle; return 0; }
int xengnttab_set_max_grants(void *handle, uint32_t count) { (void)handle; (void)count; return 0; }
int xengnttab_unmap(void *handle, void *address, uint32_t count) { (void)handle; return munmap(address, (size_t)count * PAGE); }

void *xengnttab_map_grant_ref(void *handle, uint32_t domid, uint32_t ref, int prot)
{
    (void)handle; (void)domid; (void)ref;
    void *page = mmap(NULL, PAGE, prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? NULL : page;
}

/* Domains: each that is asked for exists and is well. The fields behind domid and ssidref are flags. */
static int control;
void *xc_interface_open(void *logger, void *dombuild_logger, unsigned int flags) { (void)logger; (void)dombuild_logger; (void)flags; return &control; }
int xc_interface_close(void *handle) { (void)handle; return 0; }

int xc_domain_getinfo(void *handle, uint32_t domid, unsigned int count, void *info)
{
    (void)handle; (void)count;
    uint32_t head[3] = { domid, 0, 0 };
    memcpy(info, head, sizeof head);
    return 1;
}

/* dom0's ring and port, which the kernel would give. */
static int open_memory(const char *contents)
{
    int fd = memfd_create("xenstored-shim", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, contents ? 0 : PAGE)) return -1;
    if (contents && write(fd, contents, strlen(contents)) < 0) return -1;
    return lseek(fd, 0, SEEK_SET) < 0 ? -1 : fd;
}

static int open_any(const char *path, int flags, mode_t mode)
{
    if (!strcmp(path, "/proc/xen/xsd_kva")) return open_memory(NULL);
    if (!strcmp(path, "/proc/xen/xsd_port")) return open_memory("1");
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static mode_t mode_of(int flags, va_list more)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    return open_any(path, flags | O_LARGEFILE, mode);
}
