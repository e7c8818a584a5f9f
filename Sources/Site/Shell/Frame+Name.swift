import Replication

extension Frame {
    /// What kind it is, for figures.
    var name: String {
        switch self {
        case .hello: "hello"
        case .beacon: "beacon"
        case .ops: "ops"
        case .want: "want"
        case .presence: "presence"
        case .presenceDelta: "presenceDelta"
        case .presenceWant: "presenceWant"
        case .digest: "digest"
        case .heartbeat: "heartbeat"
        case .probe: "probe"
        case .message: "message"
        case .ack: "ack"
        case .transfer: "transfer"
        case .decision: "decision"
        case .blob: "blob"
        case .recording: "recording"
        case .refuse: "refuse"
        case .unknown: "unknown"
        }
    }
}
