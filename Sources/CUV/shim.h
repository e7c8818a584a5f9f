// What Swift sees of libuv. Calls with variable arguments do not cross into Swift, so those get a function here.
#include <pthread.h>
#include <uv.h>

// Has the loop count the time that it spends waiting.
static inline int tandem_loop_count_idle(uv_loop_t *loop) {
    return uv_loop_configure(loop, UV_METRICS_IDLE_TIME);
}

// The C library declares it only to GNU C sources; libuv has a call for it from version 1.50 on.
extern int pthread_setname_np(pthread_t thread, const char *name);

// Names the calling thread; at most 15 bytes are kept.
static inline void tandem_thread_name(const char *name) {
    pthread_setname_np(pthread_self(), name);
}
