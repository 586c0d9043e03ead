/*
 * Stands between a program and the C library (LD_PRELOAD) for what changes files below one folder. Two uses:
 *
 * LOAM_RECORD_LOG=FILE   writes every change down, in the order in which they came to be, with what was flushed to the disk:
 *                        lost-writes.ts builds from it what a power cut would have left.
 * LOAM_FAIL_AT=N         lets the Nth change fail with LOAM_FAIL_ERRNO (a number); with LOAM_FAIL_ON=1 and all after it, as a
 *                        full disk does.
 *
 * LOAM_RECORD_ROOT names the folder. What is changed through mapped memory is not seen: SQLite does so only with the index of
 * its write-ahead log, which it makes anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPENED = 1, WRITTEN, TRUNCATED, FLUSHED, RENAMED, REMOVED, MADE_FOLDER, LINKED };

#define MOST_FILES 65536

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static int log_file = -1;
static long fail_at = -1, fail_errno = EIO, fail_on = 0, changes = 0;
/* Which opening of a file a descriptor stands for; 0 for a file elsewhere. */
static uint32_t openings[MOST_FILES];
static uint32_t last_opening = 0;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("LOAM_RECORD_ROOT"), *file = getenv("LOAM_RECORD_LOG");
  if (folder != NULL) snprintf(root, sizeof root, "%s", folder);
  if (file != NULL) log_file = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (getenv("LOAM_FAIL_AT") != NULL) fail_at = atol(getenv("LOAM_FAIL_AT"));
  if (getenv("LOAM_FAIL_ERRNO") != NULL) fail_errno = atol(getenv("LOAM_FAIL_ERRNO"));
  if (getenv("LOAM_FAIL_ON") != NULL) fail_on = 1;
}

static int is_below(const char *path) {
  size_t length = strlen(root);
  return length > 0 && path != NULL && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Node and SQLite name files by their whole paths; what is relative to a folder's descriptor does not come up. */
static int is_watched(int descriptor) {
  return descriptor >= 0 && descriptor < MOST_FILES && openings[descriptor] != 0;
}

static void put(const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t written = syscall(SYS_write, log_file, at, length);
    if (written <= 0) abort();
    at += written;
    length -= written;
  }
}

static void note(uint8_t kind, uint32_t opening, int64_t place, const char *one, const char *other, const void *data,
                 uint32_t length) {
  if (log_file < 0) return;
  uint32_t one_length = one == NULL ? 0 : strlen(one), other_length = other == NULL ? 0 : strlen(other);
  char head[25];
  memcpy(head, &kind, 1);
  memcpy(head + 1, &opening, 4);
  memcpy(head + 5, &place, 8);
  memcpy(head + 13, &one_length, 4);
  memcpy(head + 17, &other_length, 4);
  memcpy(head + 21, &length, 4);
  put(head, sizeof head);
  put(one, one_length);
  put(other, other_length);
  put(data, length);
}

/* Whether the change that is about to be made is one that fails. */
static int fails(void) {
  changes += 1;
  if (fail_at < 0 || changes < fail_at || (changes > fail_at && !fail_on)) return 0;
  errno = fail_errno;
  return 1;
}

static int opened(int descriptor, const char *path, int existed) {
  if (descriptor < 0 || descriptor >= MOST_FILES) return descriptor;
  openings[descriptor] = is_below(path) ? ++last_opening : 0;
  if (openings[descriptor] != 0) note(OPENED, openings[descriptor], existed, path, NULL, NULL, 0);
  return descriptor;
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  pthread_mutex_lock(&turn);
  struct stat found;
  int existed = fstatat(folder, path, &found, 0) == 0;
  int descriptor = -1;
  if (!(is_below(path) && (flags & O_CREAT) && !existed && fails()))
    descriptor = syscall(SYS_openat, folder, path, flags, mode);
  int error = errno;
  opened(descriptor, path, existed);
  if (descriptor >= 0 && existed && (flags & O_TRUNC) && is_watched(descriptor))
    note(TRUNCATED, openings[descriptor], 0, NULL, NULL, NULL, 0);
  errno = error;
  pthread_mutex_unlock(&turn);
  return descriptor;
}

#define MODE(flags, mode)                                   \
  mode_t mode = 0;                                          \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {                  \
    va_list rest;                                           \
    va_start(rest, flags);                                  \
    mode = va_arg(rest, mode_t);                            \
    va_end(rest);                                           \
  }

int open(const char *path, int flags, ...) { MODE(flags, mode) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, mode) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags, mode) return open_at(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags, mode) return open_at(folder, path, flags, mode); }

int close(int descriptor) {
  pthread_mutex_lock(&turn);
  if (descriptor >= 0 && descriptor < MOST_FILES) openings[descriptor] = 0;
  int result = syscall(SYS_close, descriptor);
  pthread_mutex_unlock(&turn);
  return result;
}

static ssize_t write_at(int descriptor, const void *data, size_t length, off_t place) {
  if (!is_watched(descriptor))
    return place < 0 ? syscall(SYS_write, descriptor, data, length) : syscall(SYS_pwrite64, descriptor, data, length, place);
  pthread_mutex_lock(&turn);
  ssize_t written = -1;
  if (!fails()) {
    off_t at = place;
    if (place < 0) {
      struct stat found;
      int flags = fcntl(descriptor, F_GETFL);
      at = (flags & O_APPEND) && fstat(descriptor, &found) == 0 ? found.st_size : lseek(descriptor, 0, SEEK_CUR);
      written = syscall(SYS_write, descriptor, data, length);
    } else
      written = syscall(SYS_pwrite64, descriptor, data, length, place);
    if (written > 0) note(WRITTEN, openings[descriptor], at, NULL, NULL, data, written);
  }
  int error = errno;
  pthread_mutex_unlock(&turn);
  errno = error;
  return written;
}

ssize_t write(int descriptor, const void *data, size_t length) { return write_at(descriptor, data, length, -1); }
ssize_t pwrite(int descriptor, const void *data, size_t length, off_t place) { return write_at(descriptor, data, length, place); }
ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t place) { return write_at(descriptor, data, length, place); }

static ssize_t write_parts(int descriptor, const struct iovec *parts, int count, off_t place) {
  ssize_t sum = 0;
  for (int part = 0; part < count; part++) {
    if (parts[part].iov_len == 0) continue;
    ssize_t written = write_at(descriptor, parts[part].iov_base, parts[part].iov_len, place < 0 ? -1 : place + sum);
    if (written < 0) return sum > 0 ? sum : -1;
    sum += written;
    if ((size_t)written < parts[part].iov_len) break;
  }
  return sum;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  if (!is_watched(descriptor)) return syscall(SYS_writev, descriptor, parts, count);
  return write_parts(descriptor, parts, count, -1);
}
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t place) { return write_parts(descriptor, parts, count, place); }
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t place) { return write_parts(descriptor, parts, count, place); }

/* Copies inside the kernel are made by hand, so that their bytes are seen. */
static ssize_t copy(int from, off64_t *from_place, int to, off64_t *to_place, size_t length) {
  static __thread char piece[1 << 16];
  if (length > sizeof piece) length = sizeof piece;
  ssize_t got = from_place == NULL ? read(from, piece, length) : pread64(from, piece, length, *from_place);
  if (got <= 0) return got;
  ssize_t written = write_at(to, piece, got, to_place == NULL ? -1 : *to_place);
  if (written > 0 && from_place != NULL) *from_place += written;
  if (written > 0 && to_place != NULL) *to_place += written;
  return written;
}

ssize_t copy_file_range(int from, off64_t *from_place, int to, off64_t *to_place, size_t length, unsigned flags) {
  if (!is_watched(to)) return syscall(SYS_copy_file_range, from, from_place, to, to_place, length, flags);
  return copy(from, from_place, to, to_place, length);
}
ssize_t sendfile(int to, int from, off_t *place, size_t length) {
  if (!is_watched(to)) return syscall(SYS_sendfile, to, from, place, length);
  return copy(from, place, to, NULL, length);
}
ssize_t sendfile64(int to, int from, off64_t *place, size_t length) {
  if (!is_watched(to)) return syscall(SYS_sendfile, to, from, place, length);
  return copy(from, place, to, NULL, length);
}

static int flush(int descriptor, long call) {
  if (!is_watched(descriptor)) return syscall(call, descriptor);
  pthread_mutex_lock(&turn);
  int result = fails() ? -1 : syscall(call, descriptor);
  int error = errno;
  if (result == 0) note(FLUSHED, openings[descriptor], 0, NULL, NULL, NULL, 0);
  pthread_mutex_unlock(&turn);
  errno = error;
  return result;
}

int fsync(int descriptor) { return flush(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return flush(descriptor, SYS_fdatasync); }

static int truncate_to(int descriptor, off_t length) {
  if (!is_watched(descriptor)) return syscall(SYS_ftruncate, descriptor, length);
  pthread_mutex_lock(&turn);
  int result = fails() ? -1 : syscall(SYS_ftruncate, descriptor, length);
  int error = errno;
  if (result == 0) note(TRUNCATED, openings[descriptor], length, NULL, NULL, NULL, 0);
  pthread_mutex_unlock(&turn);
  errno = error;
  return result;
}

int ftruncate(int descriptor, off_t length) { return truncate_to(descriptor, length); }
int ftruncate64(int descriptor, off64_t length) { return truncate_to(descriptor, length); }

/* A change of names. */
#define NAMES(kind, watched, call, one, other)       \
  pthread_mutex_lock(&turn);                         \
  int counted = watched;                             \
  int result = counted && fails() ? -1 : (call);     \
  int error = errno;                                 \
  if (result == 0 && counted) note(kind, 0, 0, one, other, NULL, 0); \
  pthread_mutex_unlock(&turn);                       \
  errno = error;                                     \
  return result;

int rename(const char *from, const char *to) {
  NAMES(RENAMED, is_below(from) || is_below(to), syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0), from, to)
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  NAMES(RENAMED, is_below(from) || is_below(to), syscall(SYS_renameat2, from_folder, from, to_folder, to, 0), from, to)
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  NAMES(RENAMED, is_below(from) || is_below(to), syscall(SYS_renameat2, from_folder, from, to_folder, to, flags), from, to)
}
/* Freeing room does not fail on a full disk. */
int unlink(const char *path) {
  pthread_mutex_lock(&turn);
  int result = syscall(SYS_unlinkat, AT_FDCWD, path, 0), error = errno;
  if (result == 0 && is_below(path)) note(REMOVED, 0, 0, path, NULL, NULL, 0);
  pthread_mutex_unlock(&turn);
  errno = error;
  return result;
}
int unlinkat(int folder, const char *path, int flags) {
  pthread_mutex_lock(&turn);
  int result = syscall(SYS_unlinkat, folder, path, flags), error = errno;
  if (result == 0 && is_below(path)) note(REMOVED, 0, 0, path, NULL, NULL, 0);
  pthread_mutex_unlock(&turn);
  errno = error;
  return result;
}
int rmdir(const char *path) {
  pthread_mutex_lock(&turn);
  int result = syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR), error = errno;
  if (result == 0 && is_below(path)) note(REMOVED, 0, 0, path, NULL, NULL, 0);
  pthread_mutex_unlock(&turn);
  errno = error;
  return result;
}
int mkdir(const char *path, mode_t mode) {
  NAMES(MADE_FOLDER, is_below(path), syscall(SYS_mkdirat, AT_FDCWD, path, mode), path, NULL)
}
int mkdirat(int folder, const char *path, mode_t mode) {
  NAMES(MADE_FOLDER, is_below(path), syscall(SYS_mkdirat, folder, path, mode), path, NULL)
}
int link(const char *from, const char *to) {
  NAMES(LINKED, is_below(to), syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0), from, to)
}
char *mkdtemp(char *form) {
  pthread_mutex_lock(&turn);
  char *made = is_below(form) && fails() ? NULL : REAL(mkdtemp)(form);
  int error = errno;
  if (made != NULL && is_below(made)) note(MADE_FOLDER, 0, 0, made, NULL, NULL, 0);
  pthread_mutex_unlock(&turn);
  errno = error;
  return made;
}
/* Node copies files by the kernel's own call where there is one; without it, it does so by sendfile, which is seen above. */
long syscall(long number, ...) {
  static long (*real)(long, ...) = NULL;
  if (real == NULL) real = dlsym(RTLD_NEXT, "syscall");
  long words[6];
  va_list rest;
  va_start(rest, number);
  for (int word = 0; word < 6; word++) words[word] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_copy_file_range && is_watched((int)words[2])) {
    errno = ENOSYS;
    return -1;
  }
  return real(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
