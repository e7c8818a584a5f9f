// What Swift sees of libuv. Calls with variable arguments do not cross into Swift, so those get a function here.
#include <arpa/nameser.h>
#include <netdb.h>
#include <pthread.h>
#include <resolv.h>
#include <string.h>
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

// Asks a name server for records, and waits: the system's servers, or the given one at an IPv4 address. The result is
// the length of the answer, or the negative number of netdb.h that says why there is none. What the resolver keeps
// between calls stays out of Swift, as it differs from one C library to the next.
static inline int tandem_dns_ask(
    const char *name, int type, const struct sockaddr_in *server, int seconds, int tries, unsigned char *answer, int room
) {
    struct __res_state state;
    memset(&state, 0, sizeof(state));
    if (res_ninit(&state) != 0) return -NO_RECOVERY;
    if (server != NULL) {
        state.nscount = 1;
        state.nsaddr_list[0] = *server;
    }
    state.retrans = seconds;
    state.retry = tries;
    int length = res_nquery(&state, name, ns_c_in, type, answer, room);
    int reason = state.res_h_errno;
    res_nclose(&state);
    if (length >= 0) return length < room ? length : room;
    return reason > 0 ? -reason : -TRY_AGAIN;
}
