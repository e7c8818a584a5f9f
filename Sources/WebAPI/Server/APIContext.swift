import Hummingbird
import NIOCore

/// What travels with a request through the middlewares.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection; an event stream that must end is ended by closing it.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The peer's IP address, without the port: what sign-in throttling counts by.
    var remoteAddress: String { channel.remoteAddress?.ipAddress ?? "unknown" }
}
