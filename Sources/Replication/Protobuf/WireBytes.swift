// The generated code keeps bytes in Foundation's `Data`; here, beside it, is the only place that says so.
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Wire {
    static func data(_ bytes: [UInt8]) -> Data { Data(bytes) }

    static func array(_ data: Data) -> [UInt8] { [UInt8](data) }
}
