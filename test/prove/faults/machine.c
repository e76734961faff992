/*
 * Stands between a process and its machine (LD_PRELOAD), so that faults of the machine can be had without root. The file
 * that FAULTY_MACHINE names says what is wrong just now, in one line of words: `full`: files do not grow, as on a disk
 * without space (what is there can be overwritten); `slow <ms>`: each flush takes so much longer; `clock <seconds>`: the
 * wall clock is off by so much. The monotonic clock is never touched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define KEPT_NS 5000000

/* What the file says; each thread reads it again after five milliseconds. */
static const char *words(void) {
  static __thread char text[128];
  static __thread long long read_at;
  struct timespec now = {0, 0};
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  long long moment = now.tv_sec * 1000000000LL + now.tv_nsec;
  if (read_at != 0 && moment - read_at < KEPT_NS) return text;
  read_at = moment;
  const char *path = getenv("FAULTY_MACHINE");
  int file = path == NULL ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  long size = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  text[size > 0 ? size : 0] = 0;
  return text;
}

static long long number_after(const char *word) {
  const char *found = strstr(words(), word);
  if (found == NULL) return 0;
  found += strlen(word);
  return *found == ' ' ? atoll(found + 1) : 1;
}

/* May a write of so many bytes not be done? At `offset`, or where the file stands when that is -1. */
static int lacks_space(int file, off_t offset, size_t count) {
  struct stat known;
  int before = errno;
  int lacks = 0;
  if (number_after("full") != 0 && fstat(file, &known) == 0 && S_ISREG(known.st_mode)) {
    if (offset < 0) offset = (fcntl(file, F_GETFL) & O_APPEND) != 0 ? known.st_size : lseek(file, 0, SEEK_CUR);
    lacks = offset + (off_t)count > known.st_size;
  }
  errno = lacks ? ENOSPC : before;
  return lacks;
}

static size_t bytes_of(const struct iovec *parts, int count) {
  size_t sum = 0;
  for (int at = 0; at < count; at++) sum += parts[at].iov_len;
  return sum;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define GUARD(type, name, parameters, offset, count, arguments) \
  type name parameters {                                        \
    static __typeof__(&name) real;                              \
    if (real == NULL) real = REAL(name);                        \
    if (lacks_space(file, offset, count)) return -1;            \
    return real arguments;                                      \
  }

GUARD(ssize_t, write, (int file, const void *data, size_t count), -1, count, (file, data, count))
GUARD(ssize_t, pwrite, (int file, const void *data, size_t count, off_t at), at, count, (file, data, count, at))
GUARD(ssize_t, pwrite64, (int file, const void *data, size_t count, off64_t at), at, count, (file, data, count, at))
GUARD(ssize_t, writev, (int file, const struct iovec *data, int count), -1, bytes_of(data, count), (file, data, count))
GUARD(ssize_t, pwritev, (int file, const struct iovec *data, int count, off_t at), at, bytes_of(data, count), (file, data, count, at))
GUARD(ssize_t, pwritev64, (int file, const struct iovec *data, int count, off64_t at), at, bytes_of(data, count), (file, data, count, at))
GUARD(int, fallocate, (int file, int mode, off_t at, off_t size), at, (size_t)size, (file, mode, at, size))
GUARD(int, fallocate64, (int file, int mode, off64_t at, off64_t size), at, (size_t)size, (file, mode, at, size))

int posix_fallocate(int file, off_t at, off_t size) {
  return lacks_space(file, at, (size_t)size) ? ENOSPC : REAL(posix_fallocate)(file, at, size);
}

int posix_fallocate64(int file, off64_t at, off64_t size) {
  return lacks_space(file, at, (size_t)size) ? ENOSPC : REAL(posix_fallocate64)(file, at, size);
}

static void be_slow(void) {
  long long milliseconds = number_after("slow");
  struct timespec wait = {milliseconds / 1000, (milliseconds % 1000) * 1000000};
  if (milliseconds > 0) nanosleep(&wait, NULL);
}

int fsync(int file) {
  be_slow();
  return REAL(fsync)(file);
}

int fdatasync(int file) {
  be_slow();
  return REAL(fdatasync)(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static __typeof__(&clock_gettime) real;
  if (real == NULL) real = REAL(clock_gettime);
  int result = real(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += number_after("clock");
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  static __typeof__(&gettimeofday) real;
  if (real == NULL) real = REAL(gettimeofday);
  int result = real(now, zone);
  if (result == 0) now->tv_sec += number_after("clock");
  return result;
}

time_t time(time_t *kept) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (kept != NULL) *kept = now.tv_sec;
  return now.tv_sec;
}
