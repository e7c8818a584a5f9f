import ContactCenter
import Kernel

/// What a write tells besides the resource.
struct ReceiptResource: Encodable {
    /// How far the change had got when this was written.
    var acknowledged: Acknowledgement
    /// True when it met a value that its author had not seen; both are kept, see the conflicts.
    var conflict: Bool

    /// Nil stands for a request that changed nothing: what it asks for is here already.
    init(_ receipt: CommitReceipt?) {
        acknowledged = receipt?.acknowledged ?? .local
        conflict = (receipt?.conflicts ?? 0) > 0
    }
}

/// A resource as it stands after a write: its own fields, and `receipt`.
struct Written<Resource: Encodable>: Encodable {
    var resource: Resource
    var receipt: ReceiptResource

    private enum CodingKeys: CodingKey {
        case receipt
    }

    func encode(to encoder: any Encoder) throws {
        try resource.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(receipt, forKey: .receipt)
    }
}

/// A list as the API writes it.
struct ListResource<Item: Encodable>: Encodable {
    var items: [Item]
}
