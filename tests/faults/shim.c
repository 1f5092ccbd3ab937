/* Lets calls to the system fail, or kills the process at one of them.

   Preloaded (LD_PRELOAD), it looks at each read, write, sync, rename, unlink and open. A call counts
   when its kind is in ``ops`` and its file's path contains ``path``, or ends with it where a "$"
   follows. From the n-th that counts on, they fail with the error ``action``; where that is KILL the process dies right before the n-th
   call, where it is TORN after half of it was written.

   It is armed by fault_arm() or by the environment: FAULT_PATH, FAULT_OPS, FAULT_ACTION, FAULT_NTH.
   With FAULT_WHILE, calls fail only while the file of that name exists. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { READ = 1, WRITE = 2, SYNC = 4, RENAME = 8, UNLINK = 16, OPEN = 32 };
enum { KILL = -1, TORN = -2 };

static char path_part[4096];
static char while_file[4096];
static atomic_int ops;
static int action;
static long nth;
static atomic_long seen;

#define REAL(type, name, ...)                                             \
    static type (*real)(__VA_ARGS__);                                     \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

void fault_arm(const char *path, int which, int what, long at)
{
    atomic_store(&ops, 0);
    snprintf(path_part, sizeof path_part, "%s", path);
    action = what;
    nth = at;
    atomic_store(&seen, 0);
    atomic_store(&ops, which);
}

long fault_seen(void) { return atomic_load(&seen); }

__attribute__((constructor)) static void from_environment(void)
{
    const char *path = getenv("FAULT_PATH"), *which = getenv("FAULT_OPS");
    const char *what = getenv("FAULT_ACTION"), *at = getenv("FAULT_NTH");
    const char *file = getenv("FAULT_WHILE");
    if (file) snprintf(while_file, sizeof while_file, "%s", file);
    if (path && which) fault_arm(path, atoi(which), what ? atoi(what) : EIO, at ? atol(at) : 1);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int matches(const char *path)
{
    size_t part = strlen(path_part), length = strlen(path);
    if (!part || path_part[part - 1] != '$') return strstr(path, path_part) != NULL;
    return length >= part - 1 && !strncmp(path + length - (part - 1), path_part, part - 1);
}

/* Tell whether this call is to fail; a call that is to be the last does not come back, unless it
   is TORN: then 2 is returned, and the caller dies when it has done half. */
static int strikes(int kind, const char *path)
{
    if (!(atomic_load(&ops) & kind) || !matches(path)) return 0;
    if (while_file[0] && access(while_file, F_OK) != 0) return 0;
    if (atomic_fetch_add(&seen, 1) + 1 < nth) return 0;
    if (action == TORN && kind == WRITE) return 2;
    if (action < 0) die();
    errno = action;
    return 1;
}

static int strikes_fd(int kind, int fd)
{
    char link[64], path[4096];
    int kept = errno;
    if (!(atomic_load(&ops) & kind)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = kept;
    if (length < 0) return 0;
    path[length] = 0;
    return strikes(kind, path);
}

ssize_t read(int fd, void *to, size_t count)
{
    REAL(ssize_t, read, int, void *, size_t);
    return strikes_fd(READ, fd) ? -1 : real(fd, to, count);
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
    REAL(ssize_t, readv, int, const struct iovec *, int);
    return strikes_fd(READ, fd) ? -1 : real(fd, parts, count);
}

ssize_t pread(int fd, void *to, size_t count, off_t at)
{
    REAL(ssize_t, pread, int, void *, size_t, off_t);
    return strikes_fd(READ, fd) ? -1 : real(fd, to, count, at);
}

ssize_t pread64(int fd, void *to, size_t count, off64_t at)
{
    REAL(ssize_t, pread64, int, void *, size_t, off64_t);
    return strikes_fd(READ, fd) ? -1 : real(fd, to, count, at);
}

ssize_t write(int fd, const void *from, size_t count)
{
    REAL(ssize_t, write, int, const void *, size_t);
    int strike = strikes_fd(WRITE, fd);
    if (strike == 2) {
        real(fd, from, count / 2);
        die();
    }
    return strike ? -1 : real(fd, from, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    REAL(ssize_t, writev, int, const struct iovec *, int);
    int strike = strikes_fd(WRITE, fd);
    if (strike == 2) {
        real(fd, parts, count / 2);
        die();
    }
    return strike ? -1 : real(fd, parts, count);
}

ssize_t pwrite(int fd, const void *from, size_t count, off_t at)
{
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    int strike = strikes_fd(WRITE, fd);
    if (strike == 2) {
        real(fd, from, count / 2, at);
        die();
    }
    return strike ? -1 : real(fd, from, count, at);
}

ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at)
{
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    int strike = strikes_fd(WRITE, fd);
    if (strike == 2) {
        real(fd, from, count / 2, at);
        die();
    }
    return strike ? -1 : real(fd, from, count, at);
}

int ftruncate(int fd, off_t length)
{
    REAL(int, ftruncate, int, off_t);
    int strike = strikes_fd(WRITE, fd);
    if (strike == 2) die();
    return strike ? -1 : real(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
    REAL(int, ftruncate64, int, off64_t);
    int strike = strikes_fd(WRITE, fd);
    if (strike == 2) die();
    return strike ? -1 : real(fd, length);
}

int fsync(int fd)
{
    REAL(int, fsync, int);
    return strikes_fd(SYNC, fd) ? -1 : real(fd);
}

int fdatasync(int fd)
{
    REAL(int, fdatasync, int);
    return strikes_fd(SYNC, fd) ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
    REAL(int, rename, const char *, const char *);
    return strikes(RENAME, to) ? -1 : real(from, to);
}

int unlink(const char *path)
{
    REAL(int, unlink, const char *);
    return strikes(UNLINK, path) ? -1 : real(path);
}

/* A path below an open folder is matched by its folder's. */
int unlinkat(int folder, const char *path, int flags)
{
    REAL(int, unlinkat, int, const char *, int);
    int strike = folder == AT_FDCWD ? strikes(UNLINK, path) : strikes_fd(UNLINK, folder);
    return strike ? -1 : real(folder, path, flags);
}

#define OPENS(name)                                                        \
    int name(const char *path, int flags, ...)                             \
    {                                                                      \
        REAL(int, name, const char *, int, ...);                           \
        mode_t mode = 0;                                                   \
        if (flags & (O_CREAT | O_TMPFILE)) {                               \
            va_list rest;                                                  \
            va_start(rest, flags);                                         \
            mode = va_arg(rest, mode_t);                                   \
            va_end(rest);                                                  \
        }                                                                  \
        return strikes(OPEN, path) ? -1 : real(path, flags, mode);         \
    }

OPENS(open)
OPENS(open64)
