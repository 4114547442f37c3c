/** Headers of the C library: a text that includes one runs in user space. */
const LIBC_HEADER =
  /^(?:assert|ctype|dirent|dlfcn|err|errno|fcntl|getopt|inttypes|libgen|locale|math|memory|netdb|poll|pthread|sched|semaphore|setjmp|signal|stdio|stdlib|string|strings|syslog|termios|time|unistd|wchar|libelf|bpf\/\w+|sys\/\w+|netinet\/\w+|arpa\/\w+|bits\/\w+)\.h$/;
/** Folders under include/ whose headers only kernel code includes (or a user-space program that also includes the C library's). */
const KERNEL_HEADER =
  /^(?:linux|asm|asm-generic|net|drm|media|sound|scsi|crypto|rdma|acpi|dt-bindings|kunit|soc|trace|video|xen|pcmcia|target|vdso|clocksource|keys|memory|misc|ras|rv|cxl|hyperv|kvm|math-emu|ufs|uapi\/linux)\/[\w./-]+\.h$/;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*<([^>\n]+)>/gm;

/** What a text alone says of where it runs. */
export type Evidence = 'kernel' | 'user-space' | 'unknown';

/**
 * Whether `text` looks like kernel C, by what it includes. A text without includes is `unknown`: then it is the kernel
 * tree around the file that tells.
 */
export function kernelEvidence(text: string): Evidence {
  let kernel = false;
  for (const [, header] of text.matchAll(INCLUDE)) {
    if (LIBC_HEADER.test(header!)) return 'user-space';
    kernel ||= KERNEL_HEADER.test(header!);
  }
  return kernel ? 'kernel' : 'unknown';
}

/** Whether a path names a C source or header. */
export const isCPath = (path: string): boolean => /\.[ch]$/.test(path);
