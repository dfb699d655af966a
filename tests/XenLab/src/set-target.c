// SPDX-License-Identifier: MIT
/*
 * set-target DOMID GUEST [xen]   makes domain GUEST the target of domain DOMID, as libxl does for a device model in a domain of its own:
 * DOMID may act for that guest as dom0 may, and for no other. Xen's word for it (XEN_DOMCTL_set_target) and xenstore's (XS_SET_TARGET)
 * are both said, with "xen" the first alone. The node "target", which tells Linux in DOMID, is left to the caller. Xen takes one target
 * for a domain's life.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include "xen.h"
#include <xen/domctl.h>
#include <xen/io/xs_wire.h>

static void tell_xen(domid_t domid, domid_t guest)
{
	struct xen_domctl op = {
		.cmd = XEN_DOMCTL_set_target, .interface_version = XEN_DOMCTL_INTERFACE_VERSION, .domain = domid, .u.set_target.target = guest,
	};
	struct privcmd_hypercall call = { .op = __HYPERVISOR_domctl, .arg = { (uintptr_t)&op } };

	if (ioctl(open_device("/dev/xen/privcmd"), IOCTL_PRIVCMD_HYPERCALL, &call))
		fail("XEN_DOMCTL_set_target");
}

static void tell_xenstore(const char *domid, const char *guest)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/xenstored/socket" };
	struct {
		struct xsd_sockmsg header;
		char body[XENSTORE_PAYLOAD_MAX + 1];
	} message = { .header.type = XS_SET_TARGET };
	int store = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int length = snprintf(message.body, sizeof message.body, "%s%c%s", domid, 0, guest) + 1;

	if (store < 0 || connect(store, (struct sockaddr *)&address, sizeof address))
		fail(address.sun_path);
	message.header.len = length;
	if (write(store, &message, sizeof message.header + length) != (ssize_t)(sizeof message.header + length))
		fail("write to xenstored");
	if (recv(store, &message.header, sizeof message.header, MSG_WAITALL) != sizeof message.header || message.header.len > XENSTORE_PAYLOAD_MAX ||
	    recv(store, message.body, message.header.len, MSG_WAITALL) != (ssize_t)message.header.len)
		fail("answer of xenstored");
	message.body[message.header.len] = 0;
	if (message.header.type != XS_SET_TARGET) {
		printf("FAIL XS_SET_TARGET: %s\n", message.body);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc < 3 || argc > 4 || (argc == 4 && strcmp(argv[3], "xen"))) {
		fprintf(stderr, "usage: set-target DOMID GUEST [xen]\n");
		return 2;
	}
	tell_xen(atoi(argv[1]), atoi(argv[2]));
	if (argc == 3)
		tell_xenstore(argv[1], argv[2]);
	return 0;
}
